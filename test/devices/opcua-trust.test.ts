/** OPC UA between two parties that know each other's certificate: whoever is not known, shows another or offers less is not spoken to. */
import {
  MessageSecurityMode,
  OPCUAServer,
  SecurityPolicy,
  InMemoryCertificateKeyPairProvider,
  InMemoryCertificateStore,
} from 'node-opcua'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DeviceResult } from '#devices/device.ts'
import { openOpcua } from '#devices/opcua/driver.ts'
import type { OpcuaCredentials } from '#devices/opcua/trust.ts'
import { STRONG_POLICIES, type OpcuaProfile, type OpcuaSecurity } from '#devices/profile/schema.ts'
import type { RunningServer } from '#sim/servers/modbus-server.ts'
import { serveOpcua, type OpcuaServerIdentity } from '#sim/servers/opcua-server.ts'
import { lettingIn, opcuaParty, towards, type OpcuaParty } from '#test/support/opcua-parties.ts'
import { opcuaProfile } from '#test/support/profiles.ts'
import { proxyTo, type TcpProxy } from '#test/support/tcp-proxy.ts'
import { virtualDevice, wholeControlGroup } from '#test/support/virtual-device.ts'

const TIMEOUT_MS = 10_000
/** Longer than a session takes, where none is to come. */
const IMPATIENT_MS = 3_000
const YEAR_MS = 365 * 86_400_000

const security = (policy: OpcuaSecurity['policy'], user: OpcuaSecurity['user'] = 'certificate'): OpcuaSecurity => ({
  policy,
  user,
  because: null,
})
const GOOD = security('Basic256Sha256')

const source = virtualDevice()
let profile: OpcuaProfile
let edge: OpcuaParty
let device: OpcuaParty
let stranger: OpcuaParty
/** Of the device that knows the edge: a server takes a second to start. */
let port: number
let sound: RunningServer
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  profile = await opcuaProfile('sabz-opcua-controller')
  ;[edge, device, stranger] = await Promise.all([opcuaParty('edge'), opcuaParty('device'), opcuaParty('stranger')])
})
beforeAll(async () => {
  sound = await start(lettingIn(device, edge))
  port = sound.port
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})
afterAll(() => sound.close())
afterAll(() => expect(source.received.every((group) => group.size === 12)).toBe(true))

const start = (identity: OpcuaServerIdentity, way = GOOD): Promise<RunningServer> =>
  serveOpcua({ profile: { ...profile, security: way }, source, host: '127.0.0.1', port: 0, identity })

async function serve(identity: OpcuaServerIdentity, way = GOOD): Promise<RunningServer> {
  const server = await start(identity, way)
  closing.push(() => server.close())
  return server
}

function open(at: number, credentials: OpcuaCredentials | null, way = GOOD) {
  const trust = credentials && (() => ({ ok: true, value: credentials }) as const)
  const opened = openOpcua({ ...profile, security: way }, { host: '127.0.0.1', port: at, unit: 0 }, trust)
  closing.push(() => opened.device.close())
  return opened
}

async function connect(at: number, credentials: OpcuaCredentials | null, way = GOOD): Promise<string> {
  const connected = await open(at, credentials, way).device.connect(TIMEOUT_MS)
  return outcomeOf(connected)
}

const outcomeOf = (result: DeviceResult<unknown>): string => {
  if (result.ok) return 'connected'
  return 'detail' in result.fault ? `${result.fault.code}: ${result.fault.detail}` : result.fault.code
}

test.each(STRONG_POLICIES)('with %s a device is read and commanded by the edge that it knows', async (policy) => {
  const at = policy === GOOD.policy ? port : (await serve(lettingIn(device, edge), security(policy))).port
  const known = open(at, towards(edge, device), security(policy))
  expect(outcomeOf(await known.device.connect(TIMEOUT_MS))).toBe('connected')
  expect((await known.device.scan(TIMEOUT_MS)).ok).toBe(true)
  expect((await known.commands?.write(wholeControlGroup(profile), TIMEOUT_MS))?.ok).toBe(true)
})

test('a device with another certificate than the pinned one is not spoken to, and both fingerprints are named', async () => {
  expect(await connect(port, towards(edge, stranger))).toMatch(
    /^NOT_TRUSTED: it shows the certificate ([0-9A-F]{2}:){31}[0-9A-F]{2}, and ([0-9A-F]{2}:){31}[0-9A-F]{2} is pinned$/,
  )
})

test('whoever shows the pinned certificate without having its key is not spoken to', async () => {
  const impostor = await serve(lettingIn(stranger, edge))
  // It tells everybody that asks that it is the device, and opens the channel with what it has.
  const proxy = await proxyThatSwaps(impostor.port, stranger.certificate, device.certificate)
  const told = outcomeOf(await open(proxy.port, towards(edge, device)).device.connect(IMPATIENT_MS))
  expect(told).toMatch(/^(NOT_TRUSTED|TIMED_OUT|CONNECT_FAILED)/)
})

test('an edge that the device does not know is turned away, and told what to do', async () => {
  expect(await connect(port, towards(stranger, device))).toMatch(/^NOT_TRUSTED: it does not take our certificate/)
})

test('a device that offers less than the profile wants is not spoken to', async () => {
  const weaker = await servePlain([MessageSecurityMode.None], [SecurityPolicy.None])
  expect(await connect(weaker, towards(edge, device))).toBe(
    'NOT_TRUSTED: it offers no Basic256Sha256 with Sign&Encrypt',
  )
  const signed = await servePlain([MessageSecurityMode.Sign], [SecurityPolicy.Basic256Sha256])
  expect(await connect(signed, towards(edge, device))).toBe(
    'NOT_TRUSTED: it offers no Basic256Sha256 with Sign&Encrypt',
  )
})

test('nobody is spoken to without a name, unless the profile says so', async () => {
  const nameless = security('Basic256Sha256', 'anonymous')
  expect(await connect(port, towards(edge, device), nameless)).toBe('NOT_TRUSTED: it takes no user without a name')
  const lax = await serve(lettingIn(device, edge), nameless)
  expect(await connect(lax.port, towards(edge, device), nameless)).toBe('connected')
})

test.each([
  ['our own certificate', 'expired', 0, -YEAR_MS],
  ['the certificate of the device', 'expired', -YEAR_MS, 0],
  ['our own certificate', 'is not valid before', 0, YEAR_MS],
])('%s that %s is refused before anything is sent', async (whose, what, deviceAtMs, edgeAtMs) => {
  const now = Date.now()
  const [oddEdge, oddDevice] = await Promise.all([
    opcuaParty('edge', now + edgeAtMs),
    opcuaParty('device', now + deviceAtMs),
  ])
  const told = await connect(port, towards(oddEdge, oddDevice))
  expect(told).toContain(`NOT_TRUSTED: ${whose} ${what}`)
})

test('without certificates a device that wants them is not spoken to, and what the folder lacks is passed on', async () => {
  expect(await connect(port, null)).toMatch(/^NOT_TRUSTED: no certificates are given/)
  const lacking = openOpcua({ ...profile, security: GOOD }, { host: '127.0.0.1', port, unit: 0 }, () => ({
    ok: false,
    fault: { code: 'NOT_TRUSTED', detail: 'no pin' },
  }))
  expect(outcomeOf(await lacking.device.connect(TIMEOUT_MS))).toBe('NOT_TRUSTED: no pin')
})

test('a certificate that was pinned anew counts at the next connection', async () => {
  let pinned = stranger
  const opened = openOpcua({ ...profile, security: GOOD }, { host: '127.0.0.1', port, unit: 0 }, () => ({
    ok: true,
    value: towards(edge, pinned),
  }))
  closing.push(() => opened.device.close())
  expect(outcomeOf(await opened.device.connect(TIMEOUT_MS))).toMatch(/^NOT_TRUSTED/)
  pinned = device
  expect(outcomeOf(await opened.device.connect(TIMEOUT_MS))).toBe('connected')
})

/** A wire on which one certificate is replaced by another that is as long. */
async function proxyThatSwaps(behind: number, from: Buffer, to: Buffer): Promise<TcpProxy> {
  const proxy = await proxyTo(behind)
  proxy.fromDevice = { delayMs: 0, change: (piece) => [swapped(piece, from, to)] }
  closing.push(() => proxy.close())
  return proxy
}

function swapped(piece: Buffer, from: Buffer, to: Buffer): Buffer {
  const at = piece.indexOf(from)
  return at < 0
    ? piece
    : swapped(Buffer.concat([piece.subarray(0, at), to, piece.subarray(at + from.length)]), from, to)
}

/** A server of another make, with the certificate of the device and what it is told to offer. */
async function servePlain(securityModes: MessageSecurityMode[], securityPolicies: SecurityPolicy[]): Promise<number> {
  const everybody = new InMemoryCertificateStore() as never
  const server = new OPCUAServer({
    ...{ host: '127.0.0.1', hostname: '127.0.0.1', port: 0, resourcePath: profile.endpointPath },
    ...{ securityModes, securityPolicies, serverCertificateManager: everybody, userCertificateManager: everybody },
    serverInfo: { applicationUri: device.applicationUri },
    certificateKeyPairProvider: new InMemoryCertificateKeyPairProvider([device.certificate], {
      hidden: device.privateKeyPem,
    }),
  })
  await server.initialize()
  for (const endpoint of server.endpoints) endpoint.setCertificateProvider(server.getCertificateChainProvider())
  await server.start()
  closing.push(() => server.shutdown(0))
  return server.endpoints[0]?.port ?? 0
}
