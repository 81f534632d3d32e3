/** What every event store does, whichever it is: both run through the same sentences. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Outcome } from '#base/outcome.ts'
import type { EventQuery, EventStore, StoredEvent } from '#central/store/port.ts'

export interface OpenStore {
  /** An empty store of its own, whose clock stands at `NOW_EPOCH_MS`. */
  readonly store: EventStore
  /** The same content opened again, as after a restart. */
  reopen(): Promise<EventStore>
  dispose(): Promise<void>
}

/** The machine's own: InfluxDB judges retention by it and takes no other. */
export const NOW_EPOCH_MS = Date.now()
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

export function eventAt(sequence: number, change: Partial<StoredEvent> = {}): StoredEvent {
  return {
    site: 'hamadan',
    edge: 'hamadan-1',
    epoch: '0123456789abcdef',
    sequence,
    intersection: 'IX-01',
    epochMs: NOW_EPOCH_MS - 100_000 + sequence,
    code: 82,
    parameter: sequence % 16,
    source: 'controller',
    deviceSequence: sequence,
    ...change,
  }
}

const WHOLE: EventQuery = { fromEpochMs: NOW_EPOCH_MS - DAY_MS, toEpochMs: NOW_EPOCH_MS + DAY_MS, limit: 100_000 }

export function valueOf<T>(outcome: Outcome<T, unknown>): T {
  if (!outcome.ok) throw new Error(`not ok: ${JSON.stringify(outcome.fault)}`)
  return outcome.value
}

export function storeContract(open: () => Promise<OpenStore>): void {
  let opened: OpenStore
  let store: EventStore
  beforeEach(async () => {
    opened = await open()
    ;({ store } = opened)
    return () => opened.dispose()
  })

  const all = async (query: Partial<EventQuery> = {}): Promise<readonly StoredEvent[]> =>
    valueOf(await store.query({ ...WHOLE, ...query }))

  test('an event comes back with everything that it was written with', async () => {
    const event = eventAt(7, {
      intersection: 'میدان امام, x=1',
      parameter: 4_294_967_295,
      code: 65_535,
      source: 'image',
      deviceSequence: Number.MAX_SAFE_INTEGER,
    })
    expect(await store.write([event])).toEqual({ ok: true, value: undefined })
    expect(await all()).toEqual([event])
  })

  test('an event written three times is there once', async () => {
    const events = [eventAt(1), eventAt(2), eventAt(3)]
    for (let time = 0; time < 3; time++) valueOf(await store.write(events.toReversed()))
    expect(await all()).toEqual(events.toReversed())
    expect(valueOf(await store.count(WHOLE))).toBe(3)
  })

  test('events of the same intersection and millisecond stay as many as they are', async () => {
    const events = [
      ...[1, 2, 3].map((sequence) => eventAt(sequence, { epochMs: NOW_EPOCH_MS })),
      eventAt(1, { epochMs: NOW_EPOCH_MS, epoch: 'fedcba9876543210' }),
      eventAt(1, { epochMs: NOW_EPOCH_MS, edge: 'hamadan-2' }),
      eventAt(1_000_001, { epochMs: NOW_EPOCH_MS + 1 }),
    ]
    valueOf(await store.write(events))
    expect(valueOf(await store.count(WHOLE))).toBe(events.length)
    expect(new Set((await all()).map((event) => JSON.stringify(event))).size).toBe(events.length)
  })

  test('a query begins with its first millisecond and ends before its last', async () => {
    valueOf(await store.write([10, 11, 12, 13].map((sequence) => eventAt(sequence))))
    const fromEpochMs = eventAt(11).epochMs
    const toEpochMs = eventAt(13).epochMs
    expect((await all({ fromEpochMs, toEpochMs })).map(({ sequence }) => sequence)).toEqual([12, 11])
    expect(valueOf(await store.count({ fromEpochMs, toEpochMs }))).toBe(2)
  })

  test('a query gives the newest first and no more than its limit', async () => {
    valueOf(await store.write([3, 1, 2].map((sequence) => eventAt(sequence))))
    expect((await all({ limit: 2 })).map(({ sequence }) => sequence)).toEqual([3, 2])
  })

  test('a query keeps to its intersection and its codes', async () => {
    const here = eventAt(1, { code: 1 })
    const there = eventAt(2, { code: 1, intersection: 'IX-02' })
    const other = eventAt(3, { code: 8 })
    valueOf(await store.write([here, there, other]))
    expect(await all({ intersection: 'IX-01' })).toEqual([other, here])
    expect(await all({ codes: [1] })).toEqual([there, here])
    expect(await all({ codes: [1, 8], intersection: 'IX-01' })).toEqual([other, here])
    expect(await all({ codes: [] })).toEqual([])
    expect(valueOf(await store.count({ ...WHOLE, codes: [8] }))).toBe(1)
  })

  test('a quote in a query is text and no statement', async () => {
    valueOf(await store.write([eventAt(1)]))
    for (const intersection of [`IX-01' OR '1'='1`, `x'; DROP MEASUREMENT event; --`, `IX-01"`])
      expect(await all({ intersection })).toEqual([])
    expect(await all()).toEqual([eventAt(1)])
  })

  test('an empty store answers with nothing, and writing nothing is done', async () => {
    expect(await all()).toEqual([])
    expect(valueOf(await store.count(WHOLE))).toBe(0)
    expect(await store.write([])).toEqual({ ok: true, value: undefined })
  })

  test.each([
    { what: 'an event of 90 days ago', change: { epochMs: NOW_EPOCH_MS - 90 * DAY_MS } },
    { what: 'an event of eleven minutes from now', change: { epochMs: NOW_EPOCH_MS + 10 * MINUTE_MS + 1 } },
    { what: 'a line break in the name of an intersection', change: { intersection: 'IX-01\nevent,site=x code=1i 1' } },
    { what: 'a backslash in the name of an intersection', change: { intersection: 'IX-01\\' } },
    { what: 'an intersection without a name', change: { intersection: '' } },
  ])('$what is refused by name, and so is what it came with', async ({ change }) => {
    const outcome = await store.write([eventAt(1), eventAt(2, change)])
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'STORE_REFUSED' } })
    expect(valueOf(await store.count({ fromEpochMs: 0, toEpochMs: NOW_EPOCH_MS + DAY_MS }))).toBe(0)
  })

  test('the oldest and the farthest event that are still taken are taken', async () => {
    const oldest = eventAt(1, { epochMs: NOW_EPOCH_MS - 89 * DAY_MS })
    const farthest = eventAt(2, { epochMs: NOW_EPOCH_MS + 10 * MINUTE_MS })
    valueOf(await store.write([oldest, farthest]))
    expect(await all({ fromEpochMs: 0 })).toEqual([farthest, oldest])
  })

  test('what was written is there after the store was closed and opened again', async () => {
    const events = Array.from({ length: 500 }, (_, index) => eventAt(index + 1))
    valueOf(await store.write(events))
    await store.close()
    store = await opened.reopen()
    expect(await all()).toEqual(events.toReversed())
  })

  test('ten thousand events in shuffled, overlapping groups are there once each', async () => {
    const events = Array.from({ length: 10_000 }, (_, index) => eventAt(index + 1, { epochMs: NOW_EPOCH_MS - 10 }))
    for (const [first, last] of [
      [5_000, 10_000],
      [0, 5_001],
      [2_500, 7_500],
    ] as const)
      valueOf(await store.write(events.slice(first, last)))
    expect(valueOf(await store.count(WHOLE))).toBe(10_000)
    const sum = (await all()).reduce((total, { sequence }) => total + sequence, 0)
    expect(sum).toBe((10_000 * 10_001) / 2)
  })
}

/** Something that is started once for all sentences of a file. */
export function onceForAll<T extends { dispose(): Promise<void> }>(start: () => Promise<T>): () => T {
  let started: T | null = null
  beforeAll(async () => {
    started = await start()
  })
  afterAll(() => started?.dispose())
  return () => {
    if (!started) throw new Error('not started yet')
    return started
  }
}
