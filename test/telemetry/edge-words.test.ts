/** What central asks of an edge's telemetry, and what the edge tells of its alarms, over a real broker. */
import mqtt, { type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { EventStore } from '#central/store/port.ts'
import type { AlarmList, Fetched } from '#contract/edge-words.ts'
import type { LiveState } from '#contract/messages.ts'
import { edgeTopics } from '#contract/topics.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'
import { eventually, until } from '#test/support/eventually.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { stateOf } from '../central/city-of-two.ts'
import { Path } from './path-kit.ts'

const topics = edgeTopics('hamadan', 'hamadan-1')
const NOON = 1_790_000_000_000

let path: Path
let operator: MqttClient
let heard: { topic: string; retained: boolean; message: unknown }[]

beforeEach(async () => {
  if (!mosquittoPath) return
  path = await Path.open()
  heard = []
  operator = await mqtt.connectAsync(path.broker.url)
  operator.on('message', (topic, payload, { retain: retained }) =>
    heard.push({ topic, retained, message: JSON.parse(payload.toString()) }),
  )
  await operator.subscribeAsync([topics.fetched, topics.alarms, topics.alarm('+')], { qos: 1 })
})

afterEach(async () => {
  if (!mosquittoPath) return
  await operator.endAsync(true)
  await path.close()
})

const observed = (number: number): ObservedEvent => ({
  intersection: intersectionId('IX-01'),
  epochMs: Date.now() - 600_000 + number * 1_000,
  code: 82,
  parameter: number,
  source: 'image',
  deviceSequence: 0,
})

const countIn = async (store: EventStore): Promise<number> => {
  const count = await store.count({ fromEpochMs: 0, toEpochMs: Date.now() + 600_000 })
  return count.ok ? count.value : -1
}

async function record(telemetry: Telemetry, first: number, last: number): Promise<void> {
  telemetry.record(Array.from({ length: last - first + 1 }, (_, index) => observed(first + index)))
  await until('all on disk', () => telemetry.pending() === 0)
}

const say = (topic: string, word: object): Promise<unknown> =>
  operator.publishAsync(topic, JSON.stringify(word), { qos: 1 })

const fetched = (id: string): Promise<Fetched> =>
  eventually(`the answer to ${id}`, () =>
    heard.map(({ message }) => message as Fetched).find((answer) => answer.id === id && 'state' in answer),
  )

describe.runIf(mosquittoPath)('a fetch', () => {
  test('brings a stretch of time back into a store that has lost it, and says how much it was', async () => {
    const lost = path.embedded('events-that-will-be-lost.sqlite')
    const before = await path.central(lost)
    const telemetry = await path.edge()
    await record(telemetry, 1, 400)
    await until('all stored', async () => (await countIn(lost)) === 400)
    await before.close()
    const restored = path.embedded('restored.sqlite')
    await path.central(restored)
    const fromEpochMs = observed(101).epochMs - 500
    await say(topics.fetch, { v: 1, id: 'after-restore', fromEpochMs, toEpochMs: fromEpochMs + 200_000 })
    expect(await fetched('after-restore')).toMatchObject({ state: 'done', events: 200 })
    expect(await countIn(restored)).toBe(200)
  })

  test('of a time of which nothing is left says since when there is something', async () => {
    const telemetry = await path.edge()
    await record(telemetry, 1, 3)
    await eventually('an answer', async () => {
      await say(topics.fetch, { v: 1, id: 'long-ago', fromEpochMs: 1, toEpochMs: NOON })
      return heard.find(({ topic }) => topic === topics.fetched)
    })
    const { oldestEpochMs, ...answer } = await fetched('long-ago')
    expect(answer).toEqual({ v: 1, id: 'long-ago', state: 'done', events: 0 })
    expect(oldestEpochMs).toBeGreaterThan(NOON)
  })

  test.each([
    { what: 'of no time', word: { id: 'empty', fromEpochMs: 5, toEpochMs: 5 }, reason: 'rangeEmpty' },
    { what: 'that ends before it begins', word: { id: 'back', fromEpochMs: 6, toEpochMs: 5 }, reason: 'rangeEmpty' },
  ])('$what is refused by name', async ({ word, reason }) => {
    await path.edge()
    await until('the edge listens', () => path.codes.includes('BROKER_CONNECTED'))
    await eventually('an answer', async () => {
      await say(topics.fetch, { v: 1, ...word })
      return heard.find(({ topic }) => topic === topics.fetched)
    })
    expect(await fetched(word.id)).toMatchObject({ state: 'refused', reason })
  })

  test.each([
    { what: 'text', word: 'fetch everything' },
    { what: 'of another age', word: { v: 9, id: 'x', fromEpochMs: 1, toEpochMs: 2 } },
    { what: 'with an id that could break a batch', word: { v: 1, id: 'a"b', fromEpochMs: 1, toEpochMs: 2 } },
  ])('$what is passed over and named', async ({ word }) => {
    await path.edge()
    await until('a word about it', async () => {
      await say(topics.fetch, word as object)
      return path.codes.includes('WORD_MALFORMED')
    })
    expect(heard.filter(({ topic }) => topic === topics.fetched)).toEqual([])
  })
})

describe.runIf(mosquittoPath)('alarms', () => {
  const state = (changes: Partial<LiveState>): LiveState => stateOf('IX-01', Date.now(), changes)
  const lists = (): AlarmList[] =>
    heard.filter(({ topic }) => topic === topics.alarms).map(({ message }) => message as AlarmList)
  const idsOf = (list: AlarmList | undefined): string[] | undefined => list?.alarms.map(({ id }) => id)

  test('that come and go are told one by one, and the list of all that stand is retained', async () => {
    const telemetry = await path.edge()
    await until('the empty list', () => lists().length > 0)
    telemetry.publishState?.(state({ alarms: [5] }))
    await until('the first', () => idsOf(lists().at(-1))?.length === 1)
    const since = lists().at(-1)?.alarms[0]?.sinceEpochMs
    const silent = { alarm: 'deviceSilent' as const, device: 'controller', detectors: [] }
    telemetry.publishState?.(state({ alarms: [5], fieldAlarms: [silent] }))
    await until('both', () => idsOf(lists().at(-1))?.length === 2)
    expect(lists().at(-1)?.alarms).toMatchObject([
      { id: 'IX-01.cabinet.5', intersection: 'IX-01', name: 'cabinet', number: 5, sinceEpochMs: since },
      { id: 'IX-01.deviceSilent.controller', name: 'deviceSilent', device: 'controller' },
    ])
    telemetry.publishState?.(state({ alarms: [], fieldAlarms: [silent] }))
    await until('one left', () => idsOf(lists().at(-1))?.join() === 'IX-01.deviceSilent.controller')
    const changes = heard.filter(({ topic }) => topic === topics.alarm('IX-01.cabinet.5'))
    expect(changes).toMatchObject([{ message: { on: true } }, { message: { on: false } }])
    const late = await mqtt.connectAsync(path.broker.url)
    const retained = new Promise<AlarmList>((resolve) =>
      late.on('message', (_topic, payload) => resolve(JSON.parse(payload.toString()) as AlarmList)),
    )
    await late.subscribeAsync(topics.alarms)
    expect(idsOf(await retained)).toEqual(['IX-01.deviceSilent.controller'])
    await late.endAsync()
  })

  test('that ended while the broker was away are off the list as soon as it is back', async () => {
    const telemetry = await path.edge()
    telemetry.publishState?.(state({ alarms: [5, 6] }))
    await until('both', () => idsOf(lists().at(-1))?.length === 2)
    await path.broker.kill()
    telemetry.publishState?.(state({ alarms: [6] }))
    heard.length = 0
    await path.broker.start()
    await until('the list', () => idsOf(lists().at(-1))?.join() === 'IX-01.cabinet.6')
  })
})
