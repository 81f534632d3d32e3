/** Who may speak on a real Mosquitto, judged by what is delivered: a SUBACK grants what the access list then withholds. */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from 'node:tls'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { edgeTopics } from '#contract/topics.ts'
import { mosquittoAccessList, mosquittoConfiguration } from '#trust/broker/mosquitto.ts'
import { partiesOf } from '#trust/broker/parties.ts'
import { makeTlsCertificate } from '#trust/certificate-maker.ts'
import { readIdentity } from '#trust/identity.ts'
import { caFiles, caIn, holderFolder, keyPlace, revokedIn, type Holder } from '#trust/layout.ts'
import { connectWithCertificate } from '#trust/mqtt-connect.ts'
import { issueEdge } from '#trust/provision.ts'
import { mosquittoPath, startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { trustFolder, valueOf, type TrustFolder } from '#test/support/trust-folder.ts'

const SITE = 'small'
const EDGES = [
  { edge: 'north', heard: ['south'] },
  { edge: 'south', heard: [] },
  { edge: 'stolen', heard: [] },
]
/** Longer than a message takes on loopback; a positive message is always awaited after it too. */
const SETTLED_MS = 150

const north = edgeTopics(SITE, 'north')
const south = edgeTopics(SITE, 'south')

const place = (kind: Holder['kind'], name: string, role: string) => ({
  folder: holderFolder(trust.root, { kind, name }),
  role,
})
const edge = (name: string) => place('edge', name, 'mqtt')
const central = (role: string) => place('service', 'central', role)

let trust: TrustFolder
let broker: Mosquitto
const clients: MqttClient[] = []

beforeAll(async () => {
  trust = await trustFolder({ site: SITE, edges: EDGES.map((row) => row.edge), devices: [] })
  if (mosquittoPath !== null) broker = await startMosquitto(configure)
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.endAsync(true)))
})
afterAll(async () => {
  await broker?.dispose()
  trust.dispose()
})

function configure(port: number, directory: string): string {
  const parties = partiesOf(SITE, EDGES, trust.authority.issued)
  const accessList = join(directory, 'acl')
  writeFileSync(accessList, mosquittoAccessList({ site: SITE, parties }))
  const own = holderFolder(trust.root, { kind: 'service', name: 'broker' })
  const { key, certificate } = keyPlace(own, 'mqtt')
  return mosquittoConfiguration({
    ...{ site: SITE, parties, edges: EDGES.length, host: '127.0.0.1', port },
    files: { ca: caIn(own), certificate, key, revoked: revokedIn(own), accessList, data: directory },
    ...(process.getuid?.() === 0 && { user: 'root' }),
  })
}

type Place = Parameters<typeof connectWithCertificate>[0]

/** As edge and central connect. */
function client(of: Place, options: IClientOptions = {}): Promise<MqttClient> {
  const open = connectWithCertificate(of, connect, () => {})
  return up(open(broker.url.replace('mqtt:', 'mqtts:'), { protocolVersion: 4, reconnectPeriod: 0, ...options }))
}

/** With keys of its own making. */
function stranger(options: IClientOptions): Promise<MqttClient> {
  const ca = readFileSync(caFiles(trust.root).certificate)
  return up(connect(broker.url.replace('mqtt:', 'mqtts:'), { ca, reconnectPeriod: 0, ...options }))
}

function up(made: MqttClient): Promise<MqttClient> {
  clients.push(made)
  return new Promise((resolve, reject) => {
    made.once('connect', () => resolve(made))
    made.once('error', reject)
    made.once('close', () => reject(new Error('closed')))
  })
}

/** Everything that the client is handed, topic by topic. */
async function earOf(of: Place, ...filters: string[]): Promise<string[]> {
  const listener = await client(of)
  const heard: string[] = []
  listener.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`))
  await new Promise<void>((resolve) => listener.subscribe(filters, { qos: 1 }, () => resolve()))
  return heard
}

async function say(by: MqttClient, topic: string, payload: string, retain = false): Promise<void> {
  await by.publishAsync(topic, payload, { qos: 1, retain })
}

describe.skipIf(mosquittoPath === null)('on the broker of the site', () => {
  test('what an edge says under its own name reaches those whom it concerns', async () => {
    const ingest = await earOf(central('ingest'), `sabz/v1/${SITE}/+/batch`)
    const live = await earOf(central('live'), `sabz/v1/${SITE}/+/presence`, `sabz/v1/${SITE}/+/state/+`)
    const speaker = await client(edge('north'))
    await say(speaker, north.batch, 'events')
    await say(speaker, north.presence, 'online')
    await say(speaker, north.state('IX-01'), 'green')
    await expect
      .poll(() => [...ingest, ...live].toSorted())
      .toEqual([`${north.batch} events`, `${north.presence} online`, `${north.state('IX-01')} green`])
  })

  test('what central says to an edge reaches this edge alone, even where another listens for it', async () => {
    const [mine, foreign] = [await earOf(edge('north'), north.ack), await earOf(edge('south'), north.ack, '#')]
    const ingest = await client(central('ingest'))
    await say(ingest, north.ack, 'stored')
    await expect.poll(() => mine).toEqual([`${north.ack} stored`])
    await sleep(SETTLED_MS)
    expect(foreign).toEqual([])
  })

  test('what an edge says under the name of another reaches nobody and is not retained, though it is acknowledged', async () => {
    const ingest = await earOf(central('ingest'), `sabz/v1/${SITE}/+/batch`)
    const foe = await client(edge('south'))
    await say(foe, north.batch, 'forged')
    await say(foe, north.presence, 'offline', true)
    await say(foe, north.planDesired, 'forged', true)
    await say(foe, `sabz/v1/other/south/batch`, 'forged')
    await say(foe, south.batch, 'true')
    await expect.poll(() => ingest).toEqual([`${south.batch} true`])
    const live = await earOf(central('live'), north.presence)
    const victim = await earOf(edge('north'), north.planDesired)
    await sleep(SETTLED_MS)
    expect([live.filter((line) => line.includes('offline')), victim]).toEqual([[], []])
  })

  test('an edge cannot acknowledge its own events, nor bring itself a plan', async () => {
    const ear = await earOf(edge('north'), north.ack, north.planDesired)
    const self = await client(edge('south'))
    await say(self, south.ack, 'stored')
    const mine = await client(central('ingest'))
    await say(mine, north.planDesired, 'forged by ingest')
    await say(mine, north.ack, 'true')
    await expect.poll(() => ear).toEqual([`${north.ack} true`])
  })

  test('an edge that listens to everything hears what is meant for it, and outlooks of its neighbours', async () => {
    const ear = await earOf(edge('north'), '#', '$SYS/#', `sabz/v1/${SITE}/+/outlook/+`)
    const neighbour = await client(edge('south'))
    await say(neighbour, south.state('IX-02'), 'green')
    await say(neighbour, south.batch, 'events')
    await say(neighbour, south.outlook('IX-02'), 'three cars')
    await expect.poll(() => new Set(ear)).toEqual(new Set([`${south.outlook('IX-02')} three cars`]))
    await sleep(SETTLED_MS)
    expect(ear.every((line) => line.includes('outlook'))).toBe(true)
  })

  test('whoever calls itself by another name than its certificate has, has that of its certificate', async () => {
    const victim = await client(edge('north'))
    await client(edge('south'), { clientId: 'north', username: 'north', password: 'x' })
    const foe = await client(edge('south'), { username: 'north', password: 'x' })
    const ingest = await earOf(central('ingest'), `sabz/v1/${SITE}/+/batch`)
    await say(foe, north.batch, 'forged')
    await say(victim, north.batch, 'true')
    await expect.poll(() => ingest).toEqual([`${north.batch} true`])
    expect(victim.connected).toBe(true)
  })

  test('a message of last will under the name of another is not delivered', async () => {
    const live = await earOf(central('live'), north.presence)
    const will = { topic: north.presence, payload: Buffer.from('forged'), qos: 1, retain: true } as const
    const foe = await client(edge('south'), { will })
    foe.stream.destroy()
    const speaker = await client(edge('north'))
    await sleep(SETTLED_MS)
    await say(speaker, north.presence, 'true')
    await expect.poll(() => live).toContain(`${north.presence} true`)
    expect(live.join()).not.toContain('forged')
  })

  test('without a certificate, with one of another CA, an expired or a self-made one nobody gets in', async () => {
    const own = valueOf(readIdentity({ ...edge('north'), isSigned: true }))
    const foreign = await trustFolder({ site: SITE, edges: ['north'], devices: [] })
    const theirs = valueOf(
      readIdentity({
        ...edge('north'),
        folder: holderFolder(foreign.root, { kind: 'edge', name: 'north' }),
        isSigned: true,
      }),
    )
    const { key, certificate } = caFiles(trust.root)
    const issuer = { keyPem: readFileSync(key, 'utf8'), certificatePem: readFileSync(certificate, 'utf8') }
    const yesterday = Date.now() - 2 * 86_400_000
    const old = await makeTlsCertificate(issuer, {
      ...{ name: 'north', side: 'client', hosts: [], days: 1, nowEpochMs: yesterday },
    })
    const server = valueOf(readIdentity({ ...place('service', 'broker', 'mqtt'), isSigned: true }))
    foreign.dispose()
    await expect(stranger({})).rejects.toThrow()
    await expect(stranger({ key: theirs.keyPem, cert: theirs.certificatePem })).rejects.toThrow()
    await expect(stranger({ key: old.keyPem, cert: old.certificatePem })).rejects.toThrow()
    await expect(stranger({ key: server.keyPem, cert: server.certificatePem })).rejects.toThrow()
    await expect(stranger({ key: own.keyPem, cert: own.certificatePem })).resolves.toBeDefined()
  })

  test('whose certificate was revoked gets in no more, once the broker has been told', async () => {
    const options = valueOf(readIdentity({ ...edge('stolen'), isSigned: true }))
    const shown = { key: options.keyPem, cert: options.certificatePem }
    await expect(stranger(shown)).resolves.toBeDefined()
    await trust.authority.revoke({ kind: 'edge', name: 'stolen' }, Date.now())
    await broker.stop()
    await broker.start()
    await expect(stranger(shown)).rejects.toThrow()
    await expect(client(edge('north'))).resolves.toBeDefined()
  })

  test('a client takes no broker of another CA', async () => {
    const foreign = await trustFolder({ site: SITE, edges: [], devices: [] })
    const ca = readFileSync(caFiles(foreign.root).certificate)
    foreign.dispose()
    const own = valueOf(readIdentity({ ...edge('north'), isSigned: true }))
    const shown = { key: own.keyPem, cert: own.certificatePem }
    await expect(stranger({ ca, ...shown })).rejects.toThrow(/self-signed|issuer|verify/i)
  })
})

test('whoever has stolen the key of an edge cannot play the broker with it', async () => {
  const own = valueOf(readIdentity({ ...edge('south'), isSigned: true }))
  const impostor = createServer({ key: own.keyPem, cert: own.certificatePem }).listen(0, '127.0.0.1')
  await once(impostor, 'listening')
  const { port } = impostor.address() as AddressInfo
  const open = connectWithCertificate(edge('north'), connect, () => {})
  await expect(up(open(`mqtts://127.0.0.1:${port}`, { reconnectPeriod: 0 }))).rejects.toThrow(/purpose/)
  impostor.close()
})

test('a certificate that was renewed is shown at the next connection, without a restart', async () => {
  const shown: string[] = []
  const server = valueOf(readIdentity({ ...place('service', 'broker', 'mqtt'), isSigned: true }))
  const listener = createServer(
    { key: server.keyPem, cert: server.certificatePem, ca: server.caPem ?? '', requestCert: true },
    (socket) => {
      shown.push(socket.getPeerX509Certificate()?.serialNumber ?? '')
      socket.destroy()
    },
  ).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const open = connectWithCertificate(edge('north'), connect, () => {})
  clients.push(open(`mqtts://127.0.0.1:${port}`, { reconnectPeriod: 50 }))
  await expect.poll(() => shown.length).toBeGreaterThan(1)
  valueOf(await issueEdge(trust.authority, { site: SITE, edge: 'north' }, Date.now()))
  await expect.poll(() => new Set(shown).size).toBe(2)
  listener.close()
})
