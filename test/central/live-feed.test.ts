/** Live states over a real MQTT broker: what is taken over, what is ignored, and what a broken link does. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import mqtt from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { AlarmLists } from '#central/alarm-lists.ts'
import { LiveCity } from '#central/live-city.ts'
import { openLiveFeed } from '#central/live-feed.ts'
import { PlanReports } from '#central/plan-reports.ts'
import { edgeTopics } from '#contract/topics.ts'
import { SITE, stateOf } from './city-of-two.ts'

const MARYAM = '00000000000000aa'
const ALI = '00000000000000bb'

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close()
})

interface TestBroker {
  readonly port: number
  stop(): Promise<void>
}

async function startBroker(port = 0): Promise<TestBroker> {
  const aedes = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    aedes.handle(socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    sockets.forEach((socket) => socket.destroy())
    await new Promise((resolve) => server.close(resolve))
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
  }
  toClose.push(stop)
  return { port: (server.address() as AddressInfo).port, stop }
}

function watch(port: number) {
  const clock = { epochMs: () => Date.now(), monoMs: () => performance.now() }
  const city = new LiveCity(
    SITE.edges.map(({ id, intersections }) => ({ edge: id, intersections })),
    clock,
  )
  const lines: string[] = []
  const holderOf = (key: string) => (key === MARYAM ? 'Maryam' : null)
  const plans = new PlanReports(
    SITE.edges.map(({ id }) => id),
    holderOf,
  )
  const feed = openLiveFeed({
    site: SITE.id,
    mqttUrl: `mqtt://127.0.0.1:${port}`,
    city,
    alarms: new AlarmLists(SITE.edges.map(({ id }) => id)),
    plans,
    clock,
    log: (_level, code, message) => lines.push(`${code} ${message}`),
  })
  toClose.push(() => feed.close())
  return { city, feed, lines, plans }
}

async function edgeAt(port: number, name: string) {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`)
  toClose.push(() => client.endAsync(true))
  const topics = edgeTopics(SITE.id, name)
  const publish = (topic: string, message: unknown, retain = false) =>
    client.publishAsync(topic, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1, retain })
  return { topics, publish }
}

const refusal = {
  code: 'SIGNATURE_WRONG',
  detail: 'the key has not signed it',
  digest: '0',
  atEpochMs: 60_000,
  count: 3,
}
const planReport = {
  ...{ v: 1, edge: 'north', atEpochMs: 90_000, newest: { version: 7, digest: '1' }, refused: refusal },
  accepted: { version: 7, digest: '1', signedBy: [MARYAM, ALI], validUntilEpochMs: 120_000, note: 'Nowruz' },
  intersections: [{ id: 'IX-01', state: 'waiting', running: 6, desired: 7, why: 'the street is not clear' }],
}

test('what an edge has reported of plans is there with the names of the signers; nobody else reports it, and no nonsense counts', async () => {
  const { port } = await startBroker()
  const { topics, publish } = await edgeAt(port, 'north')
  await publish(topics.planReported, planReport, true)
  const { plans, feed } = watch(port)
  await expect.poll(() => plans.all()[0]?.at).toBe('1970-01-01T00:01:30.000Z')
  const { intersections } = planReport
  const signedBy = [
    { key: MARYAM, holder: 'Maryam' },
    { key: ALI, holder: null },
  ]
  const [north, south] = plans.all()
  expect(north).toEqual({
    ...{ edge: 'north', at: '1970-01-01T00:01:30.000Z', intersections },
    accepted: { version: 7, note: 'Nowruz', signedBy, validUntil: '1970-01-01T00:02:00.000Z' },
    refused: { code: 'SIGNATURE_WRONG', detail: refusal.detail, at: '1970-01-01T00:01:00.000Z', count: 3 },
  })
  expect(south).toEqual({ edge: 'south', at: null, accepted: null, refused: null, intersections: [] })
  await publish(topics.planReported, { ...planReport, atEpochMs: 'late' })
  await publish(edgeTopics(SITE.id, 'nobody').planReported, planReport)
  await expect.poll(() => feed.ignoredMessages).toBe(2)
  expect(plans.all()[0]).toEqual(north)
})

const online = (atEpochMs: number) => ({ v: 1, state: 'online', atEpochMs })

test('the retained state and presence of an edge that spoke earlier are there as soon as central listens', async () => {
  const { port } = await startBroker()
  const { topics, publish } = await edgeAt(port, 'north')
  await publish(topics.state('IX-01'), stateOf('IX-01', Date.now() - 60_000), true)
  await publish(topics.presence, online(Date.now() - 90_000), true)
  const { city } = watch(port)
  await expect.poll(() => city.intersection('IX-01').edgeOnline).toBe(true)
  await expect.poll(() => city.intersection('IX-01').state?.mode).toBe('coordinated')
  const { ageMs, freshness } = city.intersection('IX-01')
  expect(freshness).toBe('lost')
  expect(ageMs).toBeGreaterThanOrEqual(60_000)
})

test('what is foreign, malformed, too large or told by the wrong edge is ignored, counted, and said once', async () => {
  const { port } = await startBroker()
  const { city, feed, lines } = watch(port)
  await expect.poll(() => feed.broker.up).toBe(true)
  const north = await edgeAt(port, 'north')
  const stranger = await edgeAt(port, 'east')
  const state = stateOf('IX-01', Date.now(), { mode: 'actuated' })
  const bad: [string, unknown][] = [
    [stranger.topics.state('IX-01'), state],
    [north.topics.state('IX-02'), stateOf('IX-02', Date.now())],
    [north.topics.state('IX-99'), stateOf('IX-99', Date.now())],
    [north.topics.state('IX-01'), stateOf('IX-02', Date.now())],
    [north.topics.state('IX-01'), '{"v":1'],
    [north.topics.state('IX-01'), { ...state, mode: 'dancing' }],
    [north.topics.state('IX-01'), { ...state, v: 3 }],
    [north.topics.state('IX-01'), { ...state, queues: [{ lane: 'N1', vehicles: -1 }] }],
    [north.topics.state('IX-01'), 'x'.repeat(65_537)],
    [north.topics.presence, { v: 1, state: 'perhaps', atEpochMs: 0 }],
  ]
  for (const [topic, message] of bad) await north.publish(topic, message)
  await expect.poll(() => feed.ignoredMessages).toBe(bad.length)
  expect(city.intersection('IX-01').state).toBeNull()
  expect(lines.filter((line) => line.startsWith('LIVE_MESSAGE_IGNORED'))).toHaveLength(1)
  await north.publish(north.topics.state('IX-01'), { ...state, v: 2, newField: 'of the next version' })
  await expect.poll(() => city.intersection('IX-01').state?.mode).toBe('actuated')
})

test('a broker that is not there yet is said once, and joined when it comes', async () => {
  const early = await startBroker()
  await early.stop()
  const { city, feed, lines } = watch(early.port)
  await expect.poll(() => lines.join()).toMatch(/BROKER_UNREACHABLE/)
  expect(feed.broker.up).toBe(false)
  await startBroker(early.port)
  await expect.poll(() => feed.broker.up, { timeout: 10_000 }).toBe(true)
  const { topics, publish } = await edgeAt(early.port, 'south')
  await publish(topics.state('IX-02'), stateOf('IX-02', Date.now()))
  await expect.poll(() => city.intersection('IX-02').freshness).toBe('live')
  expect(lines.filter((line) => line.startsWith('BROKER_UNREACHABLE'))).toHaveLength(1)
})

test('a broker that goes away is noticed, and its return is too', async () => {
  const first = await startBroker()
  const { feed, lines } = watch(first.port)
  await expect.poll(() => feed.broker.up).toBe(true)
  await first.stop()
  await expect.poll(() => feed.broker.up).toBe(false)
  expect(feed.broker.detail).toContain(`127.0.0.1:${first.port}`)
  await startBroker(first.port)
  await expect.poll(() => feed.broker.up, { timeout: 10_000 }).toBe(true)
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'BROKER_CONNECTED',
    'BROKER_UNREACHABLE',
    'BROKER_CONNECTED',
  ])
})
