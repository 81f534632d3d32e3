/** What is on record, as pure facts: when detectors were flagged and cleared, and which records an operator must see. */
import { describe, expect, test } from 'vitest'
import type { LiveDetector } from '#contract/messages.ts'
import type { PlansView } from '#contract/plans-view.ts'
import { ORDER_FAULT_CODES } from '#contract/order-fault.ts'
import { detectorFlags } from '#web/live/detector-flags.ts'
import { en } from '#web/text/en.ts'
import { fa } from '#web/text/fa.ts'
import { refusalWords } from '#web/text/refusals.ts'
import { recordAttention, type Records } from '#web/wall/record-attention.ts'

/** `2@5 open`: detector 2 in second 5. */
const CODES = { open: 86, short: 87, other: 84, clear: 83 } as const

const eventsOf = (row: string) =>
  row
    .split(' · ')
    .filter((each) => each !== '')
    .map((each) => {
      const [, detector, second, what] = /^(\d+)@(\d+) (\w+)$/.exec(each) ?? []
      const [code, at] = [CODES[what as keyof typeof CODES], new Date(Number(second) * 1_000).toISOString()]
      return {
        ...{ intersection: 'IX-01', source: 'edge', edge: 'e', epoch: '0', sequence: 1 },
        at,
        code,
        parameter: Number(detector),
      }
    })

const loop = (id: number, faults?: number): LiveDetector => ({
  ...{ id, quality: faults === undefined ? 'good' : 'bad' },
  ...(faults !== undefined && { faults }),
})

const shown = (row: string, now: readonly LiveDetector[] | null) =>
  detectorFlags(eventsOf(row), now).map(({ detector, faults, sinceEpochMs, clearedEpochMs }) => {
    const second = (epochMs: number | null) => (epochMs === null ? '?' : String(epochMs / 1_000))
    return `${detector} ${faults.join('+')} ${second(sinceEpochMs)}–${second(clearedEpochMs)}`
  })

describe('flags of detectors', () => {
  test.each([
    ['one that stands has its date', '2@5 open', [loop(2, 4)], ['2 openLoop 5–?']],
    ['one that was cleared has both', '2@5 open · 2@9 clear', [loop(2)], ['2 openLoop 5–9']],
    [
      'two faults of one loop are one flag from the first on',
      '2@5 open · 2@7 other · 2@9 clear',
      [loop(2)],
      ['2 openLoop+other 5–9'],
    ],
    ['one that stands from before has no date', '', [loop(3, 64)], ['3  ?–?']],
    ['one that was flagged before is cleared with a date', '4@9 clear', [loop(4)], ['4  ?–9']],
    [
      'flagged again, it stands, and the former stays',
      '2@1 open · 2@2 clear · 2@3 short',
      [loop(2, 8)],
      ['2 shortedLoop 3–?', '2 openLoop 1–2'],
    ],
    ['what is not flagged now, and nobody has cleared, is nobody knows when', '2@5 open', [loop(2)], []],
    ['while nothing is known of now, what was not cleared stands', '2@5 open', null, ['2 openLoop 5–?']],
    [
      'the newest clearing is the first',
      '1@1 open · 2@2 open · 1@3 clear · 2@4 clear',
      [],
      ['2 openLoop 2–4', '1 openLoop 1–3'],
    ],
  ])('%s', (_what, row, now, expected) => expect(shown(row, now)).toEqual(expected))
})

const NOW = Date.UTC(2026, 10, 24)
const ago = (ms: number) => new Date(NOW - ms).toISOString()
const HOUR_MS = 3_600_000

const plansOf = (changed: Partial<PlansView>): PlansView => ({
  ...{ edge: 'north', at: ago(0), accepted: null, refused: null, intersections: [] },
  ...changed,
})
const refusedAgo = (ms: number) => [plansOf({ refused: { code: 'KEY_UNKNOWN', detail: '', at: ago(ms), count: 1 } })]
const lostAgo = (ms: number) => [
  {
    ...{
      edge: 'north',
      online: true,
      completeUntil: null,
      missingEvents: 0,
      missing: [],
      lostEvents: 12,
      replay: null,
    },
    lost: [{ epoch: '0', first: 1, last: 12, events: 12, from: ago(ms + 1), until: ago(ms) }],
  },
]
const progress = (state: 'refused' | 'expired' | 'waiting' | 'running') => [
  plansOf({ intersections: [{ id: 'IX-01', state, running: 6, desired: 7, why: '' }] }),
]
const notRecorded = {
  id: 'spoolNotRecorded',
  intersection: null,
  name: 'spoolNotRecorded',
  sinceEpochMs: NOW - 5,
} as const
const spoolFull = { id: 'spoolFull', intersection: null, name: 'spoolFull', sinceEpochMs: NOW } as const

describe('on the wall', () => {
  const rows: readonly (readonly [string, Partial<Records>, readonly string[]])[] = [
    ['nothing, where all is well', {}, []],
    [
      'a log that the disk does not take',
      { alarms: [{ edge: 'north', at: null, alarms: [notRecorded, spoolFull] }] },
      ['2 eventsNotKept north'],
    ],
    ['what was lost within the day', { gaps: lostAgo(24 * HOUR_MS - 1) }, ['3 eventsLost north 12']],
    ['not what was lost before', { gaps: lostAgo(24 * HOUR_MS) }, []],
    ['a plan refused within the hour', { plans: refusedAgo(HOUR_MS - 1) }, ['3 planRefused north']],
    ['not one refused before', { plans: refusedAgo(HOUR_MS) }, []],
    ['a plan that the controller refuses', { plans: progress('refused') }, ['3 planNotTaken IX-01 7']],
    ['a plan whose time is over', { plans: progress('expired') }, ['3 planNotTaken IX-01 7']],
    ['not a plan that waits', { plans: progress('waiting') }, []],
    ['not a plan that runs', { plans: progress('running') }, []],
  ]
  test.each(rows)('%s', (_what, records, expected) => {
    const found = recordAttention({ gaps: [], plans: [], alarms: [], ...records }, NOW)
    const words = found.map(({ priority, kind, intersection, edge, counted }) =>
      [priority, kind, intersection ?? edge, ...counted].join(' '),
    )
    expect(words).toEqual(expected)
  })
})

test.each(ORDER_FAULT_CODES)('%s has a few words in both languages', (code) => {
  for (const { records } of [en, fa]) expect(refusalWords(code, records.refusals)).not.toBe('')
  expect(refusalWords(code, en.records.refusals) === en.records.refusals.content).toBe(
    /^(PLAN_(BEYOND|TIMING|BELOW|LIMITS|HASH)|COMMAND)/.test(code),
  )
})
