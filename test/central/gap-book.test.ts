/** The gap ledger as people read it: until when an edge's history is complete, where its holes are, when they will be filled. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { gapsOf } from '#central/gap-book.ts'
import { GapWatch } from '#central/gap-watch.ts'
import { Ledger, readLedger, type StreamRecord, type TimedRange } from '#central/ledger.ts'
import { HandClock } from './city-of-two.ts'

const range = (first: number, last: number): TimedRange => ({
  ...{ first, last },
  fromEpochMs: first * 1_000,
  untilEpochMs: last * 1_000,
})

/** Of the edge `north`: sequence n was at n seconds. */
const north = (settled: TimedRange[], lost: [number, number][] = [], epoch = 'aa'): StreamRecord => ({
  ...{ edge: 'north', epoch, settled, lost },
})

describe('the history of an edge', () => {
  test.each([
    { what: 'of which nothing is known', records: [], until: null, missing: [], lost: [] },
    { what: 'without a hole', records: [north([range(1, 50)])], until: 50_000, missing: [], lost: [] },
    {
      what: 'with a hole',
      records: [north([range(1, 20), range(31, 50)])],
      until: 20_000,
      missing: [{ epoch: 'aa', first: 21, last: 30, fromEpochMs: 20_000, untilEpochMs: 31_000 }],
      lost: [],
    },
    {
      what: 'whose beginning is missing',
      records: [north([range(31, 50)])],
      until: null,
      missing: [{ epoch: 'aa', first: 1, last: 30, fromEpochMs: null, untilEpochMs: 31_000 }],
      lost: [],
    },
    {
      what: 'with a hole that nothing will fill',
      records: [north([range(1, 20), range(31, 50)], [[21, 30]])],
      until: 50_000,
      missing: [],
      lost: [{ epoch: 'aa', first: 21, last: 30, fromEpochMs: 20_000, untilEpochMs: 31_000 }],
    },
    {
      what: 'of which a part that was given up came all the same',
      records: [north([range(1, 25), range(31, 50)], [[21, 30]])],
      until: 50_000,
      missing: [],
      lost: [{ epoch: 'aa', first: 26, last: 30, fromEpochMs: 25_000, untilEpochMs: 31_000 }],
    },
    {
      what: 'in two epochs, the older with a hole',
      records: [
        north([range(1, 5), range(8, 9)]),
        north(
          [range(20, 30)].map((r) => ({ ...r, first: 1, last: 11 })),
          [],
          'bb',
        ),
      ],
      until: 5_000,
      missing: [{ epoch: 'aa', first: 6, last: 7, fromEpochMs: 5_000, untilEpochMs: 8_000 }],
      lost: [],
    },
    {
      what: 'that two workers know in parts',
      records: [north([range(1, 20)]), north([range(15, 40)])],
      until: 40_000,
      missing: [],
      lost: [],
    },
  ])('$what', ({ records, until, missing, lost }) => {
    const gaps = gapsOf('north', [...records, { edge: 'south', epoch: 'cc', settled: [range(5, 6)], lost: [] }])
    expect(gaps).toMatchObject({ completeUntilEpochMs: until, missing, lost })
  })
})

describe('a hole that is being filled', () => {
  const watchOf = (): { watch: GapWatch; clock: HandClock; reach: (last: number) => void } => {
    const clock = new HandClock()
    let records: StreamRecord[] = []
    const watch = new GapWatch({ edges: ['north'], isOnline: () => true, records: () => records, clock })
    watch.close()
    return { watch, clock, reach: (last) => (records = [north([range(1, last), range(1_001, 1_100)])]) }
  }

  test('has an end in sight, by the rate of the last half minute', () => {
    const { watch, clock, reach } = watchOf()
    reach(100)
    expect(watch.view()).toMatchObject([{ edge: 'north', online: true, missingEvents: 900, replay: null }])
    clock.pass(10_000)
    reach(400)
    const [gaps] = watch.view()
    expect(gaps).toMatchObject({ missingEvents: 600, completeUntil: new Date(400_000).toISOString() })
    expect(gaps?.replay).toMatchObject({ events: 600, eventsPerS: 30 })
    expect(Date.parse(gaps?.replay?.until ?? '') - clock.epochMs()).toBe(20_000)
  })

  test('has none when nothing comes', () => {
    const { watch, clock, reach } = watchOf()
    reach(100)
    watch.view()
    clock.pass(10_000)
    expect(watch.view()).toMatchObject([{ missingEvents: 900, replay: null }])
  })
})

describe('the ledger', () => {
  let directory: string
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'sabz-ledger-'))))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('keeps when the ends of each range were, also when ranges grow together, and over a restart', () => {
    const path = join(directory, 'ledger.db')
    const ledger = new Ledger(path)
    for (const settled of [range(1, 10), range(21, 30), range(11, 15), range(16, 20), range(41, 50)])
      ledger.enter([{ edge: 'north', epoch: 'aa', settled: [settled], lost: [] }], [])
    expect(readLedger(path)).toEqual([north([range(1, 30), range(41, 50)])])
    ledger.close()
    const reopened = new Ledger(path)
    expect(reopened.records()).toEqual([north([range(1, 30), range(41, 50)])])
    reopened.close()
  })

  test('of a worker takes over what another had of its edges, and nothing else', () => {
    const other = new Ledger(join(directory, 'ledger-1of2.db'))
    other.enter(
      ['north', 'south'].map((edge) => ({ edge, epoch: 'aa', settled: [range(1, 9)], lost: [[10, 12]] as const })),
      [],
    )
    other.close()
    const ledger = new Ledger(join(directory, 'ledger-1of3.db'))
    ledger.adopt(join(directory, 'ledger-1of2.db'), ['north'])
    ledger.adopt(join(directory, 'ledger-1of2.db'), ['north'])
    expect(ledger.records()).toEqual([north([range(1, 9)], [[10, 12]])])
    ledger.close()
  })
})
