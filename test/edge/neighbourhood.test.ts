/** Words between intersections: in the memory of one edge, and what of other edges' messages is taken in. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import { OUTLOOK_BYTES_MAX, OUTLOOK_VERSION } from '#contract/outlook-message.ts'
import { edgeTopics } from '#contract/topics.ts'
import { Neighbourhood } from '#edge/neighbourhood.ts'
import type { Message } from '#edge/telemetry/broker-link.ts'
import { NOTHING_HEARD, OutlookInbox, type OutlookFaultCode } from '#edge/telemetry/outlook-inbox.ts'
import { OutlookLink } from '#edge/telemetry/outlook-link.ts'
import { OUTLOOK_FRESH_MS_MAX, OUTLOOK_PER_S_MAX, type Outlook } from '#signal/outlook.ts'

const IX = intersectionId('IX-01')
const OTHER = intersectionId('IX-02')
const NOON = 1_800_000_000_000

const outlookAt = (atEpochMs: number): Outlook => ({ atEpochMs, movements: [], approaches: [] })

describe('in the memory of one edge', () => {
  test('what is said now is known in the next second, to all alike', () => {
    const neighbourhood = new Neighbourhood()
    neighbourhood.turn(0)
    neighbourhood.say(IX, outlookAt(1))
    neighbourhood.turn(900)
    expect(neighbourhood.known.size).toBe(0)
    neighbourhood.turn(1_000)
    expect(neighbourhood.known.get(IX)).toEqual({ quality: 'good', value: outlookAt(1), ageMs: 0 })
  })

  test.each([
    [OUTLOOK_FRESH_MS_MAX, 'good'],
    [OUTLOOK_FRESH_MS_MAX + 1_000, 'stale'],
    [600_000, 'stale'],
    [601_000, undefined],
  ])('after %s ms of silence a neighbour is %s', (silentMs, quality) => {
    const neighbourhood = new Neighbourhood()
    neighbourhood.say(IX, outlookAt(1))
    neighbourhood.turn(0)
    neighbourhood.turn(silentMs)
    expect(neighbourhood.known.get(IX)?.quality).toBe(quality)
  })

  test('only what is said here is told to other edges, not what they have said', () => {
    const told: string[] = []
    const neighbourhood = new Neighbourhood((intersection) => told.push(intersection))
    neighbourhood.say(IX, outlookAt(1))
    neighbourhood.hear(OTHER, outlookAt(2))
    neighbourhood.turn(0)
    expect([told, [...neighbourhood.known.keys()]]).toEqual([[IX], [IX, OTHER]])
  })
})

describe('messages of other edges', () => {
  const TOPIC = edgeTopics('hamadan', 'east').outlook(IX)
  const inbox = () => new OutlookInbox(new Map([[TOPIC, IX]]))
  const message = (changes: object = {}) => ({
    v: OUTLOOK_VERSION,
    intersection: IX,
    epoch: '0123456789abcdef',
    seq: 1,
    atEpochMs: NOON,
    movements: [{ approach: 'N', turn: 'through', left: [1, 0.5], planned: [] }],
    approaches: [{ approach: 'W', feeders: [], storage: 20, free: 20 }],
    ...changes,
  })
  const asBytes = (value: unknown) => Buffer.from(JSON.stringify(value))
  const [movement] = message().movements

  test('are handed on with what they say', () => {
    const heard = inbox().receive(TOPIC, asBytes(message()), NOON + 300)
    const { movements, approaches } = message()
    expect(heard).toEqual({ intersection: IX, outlook: { atEpochMs: NOON, movements, approaches } })
  })

  const passedOver: readonly (readonly [string, object, number, OutlookFaultCode | null])[] = [
    ['five seconds old', {}, NOON + 5_000, null],
    ['older', {}, NOON + 5_001, 'OUTLOOK_LATE'],
    ['half a second ahead of our clock', {}, NOON - 500, null],
    ['farther ahead', {}, NOON - 501, 'OUTLOOK_AHEAD'],
    ['of the last version', { v: OUTLOOK_VERSION - 1 }, NOON, null],
    ['of a version that nobody knows', { v: OUTLOOK_VERSION + 2 }, NOON, 'OUTLOOK_MALFORMED'],
    ['with a field more', { weather: 'fine' }, NOON, null],
    ['about another intersection', { intersection: OTHER }, NOON, 'OUTLOOK_FOREIGN'],
    [
      'with as many vehicles as a street can carry',
      { movements: [{ ...movement, left: [OUTLOOK_PER_S_MAX] }] },
      NOON,
      null,
    ],
    ['with more', { movements: [{ ...movement, left: [OUTLOOK_PER_S_MAX + 0.01] }] }, NOON, 'OUTLOOK_MALFORMED'],
    ['with fewer than none', { movements: [{ ...movement, planned: [-0.01] }] }, NOON, 'OUTLOOK_MALFORMED'],
    ['with a minute of the past', { movements: [{ ...movement, left: Array(60).fill(0) }] }, NOON, null],
    ['with a second more', { movements: [{ ...movement, left: Array(61).fill(0) }] }, NOON, 'OUTLOOK_MALFORMED'],
    [
      'of a street that has more room than it is long',
      { approaches: [{ approach: 'W', feeders: [], storage: 1, free: 2 }] },
      NOON,
      'OUTLOOK_MALFORMED',
    ],
    ['without its number', { seq: undefined }, NOON, 'OUTLOOK_MALFORMED'],
  ]

  test.each(passedOver)('that are %s', (_, changes, nowEpochMs, code) => {
    const box = inbox()
    const heard = box.receive(TOPIC, asBytes(message(changes)), nowEpochMs)
    expect(heard === null).toBe(code !== null)
    expect(box.counts).toEqual({ ...NOTHING_HEARD, [code ?? 'heard']: 1 })
  })

  test.each([
    ['in another topic', edgeTopics('hamadan', 'west').outlook(IX), asBytes(message()), 'OUTLOOK_FOREIGN'],
    ['that are no JSON', TOPIC, Buffer.from([0xff, 0x00, 0x7b]), 'OUTLOOK_MALFORMED'],
    ['that are nothing', TOPIC, Buffer.alloc(0), 'OUTLOOK_MALFORMED'],
    [
      'that are too long to be read',
      TOPIC,
      asBytes({ ...message(), pad: 'x'.repeat(OUTLOOK_BYTES_MAX) }),
      'OUTLOOK_MALFORMED',
    ],
  ])('%s are passed over', (_, topic, payload, code) => {
    const box = inbox()
    expect(box.receive(topic, payload, NOON)).toBeNull()
    expect(box.counts).toEqual({ ...NOTHING_HEARD, [code]: 1 })
  })

  /** Sequence numbers in the order in which they come, a second apart, and those that are taken. */
  const orders: readonly (readonly [string, readonly number[], readonly number[], number])[] = [
    ['in order', [1, 2, 3], [1, 2, 3], 0],
    ['twice', [1, 2, 2, 3], [1, 2, 3], 0],
    ['out of order', [1, 3, 2, 4], [1, 3, 4], 1],
    ['with some lost', [1, 5], [1, 5], 3],
  ]
  test.each(orders)(
    'that come %s are taken once and in order, and the lost ones are counted',
    (_, seqs, taken, lost) => {
      const box = inbox()
      const heard = seqs.flatMap((seq, index) => {
        const at = NOON + 1_000 * index
        return box.receive(TOPIC, asBytes(message({ seq, atEpochMs: at })), at) === null ? [] : [seq]
      })
      expect([heard, box.counts.OUTLOOK_LOST]).toEqual([taken, lost])
    },
  )

  test('of a sender that has begun anew are taken, those from before it are not', () => {
    const box = inbox()
    const take = (epoch: string, seq: number, atEpochMs: number) =>
      box.receive(TOPIC, asBytes(message({ epoch, seq, atEpochMs })), NOON + 2_000) !== null
    const [old, young] = ['a'.repeat(16), 'b'.repeat(16)]
    expect([take(old, 900, NOON), take(young, 1, NOON + 1_500), take(old, 901, NOON + 100)]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('after one absurd number are taken again when the sender has been passed over for five seconds', () => {
    const box = inbox()
    const take = (seq: number, at: number) => box.receive(TOPIC, asBytes(message({ seq, atEpochMs: at })), at) !== null
    expect([take(Number.MAX_SAFE_INTEGER, NOON), take(7, NOON + 5_000), take(8, NOON + 5_001)]).toEqual([
      true,
      false,
      true,
    ])
  })

  test('never make anybody throw, and change nothing but their own counter, whatever they are', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({ v: fc.anything(), seq: fc.anything(), atEpochMs: fc.anything(), movements: fc.anything() })
        .map((changes) => {
          try {
            return asBytes(message(changes))
          } catch {
            return Buffer.from('[]')
          }
        }),
    )
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 20 }), fc.constantFrom(TOPIC, 'sabz', ''), (payloads, topic) => {
        const box = inbox()
        for (const payload of payloads) box.receive(topic, payload, NOON)
        const { OUTLOOK_LOST: lost, ...rest } = box.counts
        expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBe(payloads.length)
        expect(lost).toBeLessThanOrEqual(3_600 * payloads.length)
      }),
    )
  })
})

describe('the link to other edges', () => {
  const start = (neighbours = [{ edge: 'east', intersection: OTHER }]) => {
    const published: Message[] = []
    const taken: (() => void)[] = []
    const logged: string[] = []
    const heard: string[] = []
    const link = new OutlookLink({
      site: 'hamadan',
      edge: 'west',
      neighbours,
      epoch: 'f'.repeat(16),
      publish: (message, done) => {
        published.push(message)
        taken.push(done)
      },
      onHeard: ({ intersection }) => heard.push(intersection),
      log: (_level, code, text) => logged.push(`${code} ${text}`),
    })
    return { link, published, taken, logged, heard }
  }

  test('sends at once what is said, not retained and with QoS 0, and leaves out what the socket has no room for', () => {
    const { link, published, taken } = start()
    link.tell(IX, outlookAt(NOON))
    link.tell(IX, outlookAt(NOON + 1_000))
    taken[0]?.()
    link.tell(IX, outlookAt(NOON + 2_000))
    link.tell(IX, outlookAt(NOON + 3_000))
    link.restart()
    link.tell(IX, outlookAt(NOON + 4_000))
    expect(published.map(({ payload }) => (JSON.parse(payload) as { atEpochMs: number }).atEpochMs - NOON)).toEqual([
      0, 2_000, 4_000,
    ])
    expect(published[0]).toMatchObject({ topic: 'sabz/v1/hamadan/west/outlook/IX-01', qos: 0, retain: false })
  })

  test('hears what another link sends', () => {
    const [west, east] = [start(), start()]
    east.link.tell(OTHER, outlookAt(NOON))
    const payload = Buffer.from(east.published[0]?.payload ?? '')
    west.link.hear('sabz/v1/hamadan/east/outlook/IX-02', payload, NOON)
    expect([west.heard, west.link.topics]).toEqual([[OTHER], ['sabz/v1/hamadan/east/outlook/IX-02']])
  })

  test('names what it passes over at once, and then once a minute with how many there were', () => {
    const { link, logged } = start()
    for (let ms = 0; ms <= 60_000; ms += 1_000) link.hear('elsewhere', Buffer.from('no'), NOON + ms)
    expect(logged.map((line) => line.split(';')[0])).toEqual([
      'OUTLOOK_MALFORMED neighbours: 1 messages could not be read',
      'OUTLOOK_MALFORMED neighbours: 60 messages could not be read',
    ])
    expect(link.counts.OUTLOOK_MALFORMED).toBe(61)
  })
})
