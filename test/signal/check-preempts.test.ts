/** Impossible preempts and transit priority, each fault by its name and numbers, at its boundaries. */
import { describe } from 'vitest'
import type { ControllerDatabase } from '#signal/database.ts'
import { judge, SOUND, type Case } from '#test/support/faulty-database.ts'
import { database, EIGHT_PHASES, junction, preempt, priority } from '#test/support/junctions.ts'

type PreemptFacts = Parameters<typeof preempt>[1]
type PriorityFacts = Parameters<typeof priority>[1]

const withPreempts = (...preempts: ReturnType<typeof preempt>[]): ControllerDatabase => ({ ...SOUND, preempts })
const one = (facts: PreemptFacts, number = 1) => withPreempts(preempt(number, { priority: 1, ...facts }))
const bus = (facts: Partial<PriorityFacts>, number = 1): ControllerDatabase => ({
  ...SOUND,
  priorities: [priority(number, { phases: [2, 6], ...facts })],
})

/** The longest minimum green of the crossing is 5 s, its only walk 5 s. */
const entry = (minGreenMs: number, minWalkMs: number) => one({ entry: { minGreenMs, minWalkMs } })

describe('preempts', () => {
  const outOfRange = (time: string, ms: number) =>
    ({ code: 'PREEMPT_TIME_OUT_OF_RANGE', preempt: 1, time, ms }) as Case[2]
  judge([
    ['all of a preempt that can be served', one({ track: { phases: [3, 8], greenMs: 1_000 }, exitPhases: [2, 5] })],
    ['number 16', one({}, 16)],
    ['number 17', one({}, 17), { code: 'PREEMPT_NUMBER_INVALID', preempt: 17, most: 16 }],
    ['number 0', one({}, 0), { code: 'PREEMPT_NUMBER_INVALID', preempt: 0, most: 16 }],
    ['a number twice', withPreempts(preempt(2), preempt(2)), { code: 'PREEMPT_TWICE', preempt: 2 }],
    ['priority 16', one({ priority: 16 })],
    ['priority 17', one({ priority: 17 }), { code: 'PREEMPT_PRIORITY_INVALID', preempt: 1, priority: 17, most: 16 }],
    ['priority 0', one({ priority: 0 }), { code: 'PREEMPT_PRIORITY_INVALID', preempt: 1, priority: 0, most: 16 }],
    ['the longest delay', one({ delayMs: 600_000 })],
    ['a longer delay', one({ delayMs: 600_001 }), outOfRange('delay', 600_001)],
    ['half a millisecond', one({ delayMs: 0.5 }), outOfRange('delay', 0.5)],
    ['an hour', one({ minimumDurationMs: 3_600_000 })],
    ['more than an hour', one({ minimumDurationMs: 3_600_001 }), outOfRange('minimumDuration', 3_600_001)],
    ['the longest presence', one({ maximumPresenceMs: 65_535_000 })],
    ['a longer presence', one({ maximumPresenceMs: 65_536_000 }), outOfRange('maximumPresence', 65_536_000)],
    ['an hour between two services', one({ lockoutMs: 3_600_000 })],
    ['a longer lockout', one({ lockoutMs: 3_600_001 }), outOfRange('lockout', 3_600_001)],
    ['an entry green of a second', entry(1_000, 0)],
    ['a shorter entry green', entry(999, 0), outOfRange('entryGreen', 999)],
    ['an entry walk below nothing', entry(1_000, -1), outOfRange('entryWalk', -1)],
    [
      'a track green below a second',
      one({ track: { phases: [2], greenMs: 999 } }),
      { code: 'PREEMPT_TIME_OUT_OF_RANGE', time: 'trackGreen', ms: 999, leastMs: 1_000, mostMs: 255_000 },
    ],
    ['a dwell below a second', one({ dwell: { phases: [2], minGreenMs: 999 } }), outOfRange('dwellGreen', 999)],
    ['an entry like the longest minimums', entry(5_000, 5_000)],
    [
      'an entry above every minimum',
      entry(5_001, 5_001),
      { code: 'PREEMPT_ENTRY_ABOVE_MINIMUM', time: 'entryGreen', entryMs: 5_001, longestMs: 5_000 },
      { code: 'PREEMPT_ENTRY_ABOVE_MINIMUM', time: 'entryWalk', entryMs: 5_001, longestMs: 5_000 },
    ],
    [
      'an entry walk where nobody walks',
      {
        ...database(junction(EIGHT_PHASES)),
        preempts: [preempt(1, { entry: { minGreenMs: 3_000, minWalkMs: 9_000 } })],
      },
    ],
    ['a delay just below the presence', one({ delayMs: 9_999, maximumPresenceMs: 10_000 })],
    [
      'a delay like the presence',
      one({ delayMs: 10_000, maximumPresenceMs: 10_000 }),
      { code: 'PREEMPT_NEVER_SERVED', preempt: 1, delayMs: 10_000, maximumPresenceMs: 10_000 },
    ],
    [
      'a track without phases',
      one({ track: { phases: [], greenMs: 5_000 } }),
      { code: 'PREEMPT_TRACK_WITHOUT_PHASES', preempt: 1 },
    ],
    [
      'phases that are not there, in every step',
      one({ track: { phases: [9], greenMs: 5_000 }, dwell: { phases: [40] }, exitPhases: [11] }),
      { code: 'PREEMPT_PHASE_UNKNOWN', step: 'track', phase: 9 },
      { code: 'PREEMPT_PHASE_UNKNOWN', step: 'dwell', phase: 40 },
      { code: 'PREEMPT_PHASE_UNKNOWN', step: 'exit', phase: 11 },
    ],
    [
      'two phases of one ring, and two across the barrier',
      one({ dwell: { phases: [1, 2] }, exitPhases: [2, 8] }),
      { code: 'PREEMPT_PHASES_CONFLICT', step: 'dwell', phases: [1, 2] },
      { code: 'PREEMPT_PHASES_CONFLICT', step: 'exit', phases: [2, 8] },
    ],
    ['walks with the phase that has people', one({ dwell: { phases: [4], walks: true } })],
    [
      'walks where nobody can walk',
      one({ dwell: { phases: [2], walks: true } }),
      { code: 'PREEMPT_WALKS_WITHOUT_PEDESTRIANS', preempt: 1 },
    ],
    ['an exit into a plan, or free', withPreempts(preempt(1, { exitPattern: 1 }), preempt(2, { exitPattern: 254 }))],
    [
      'an exit into a plan that is not there',
      one({ exitPattern: 2 }),
      { code: 'PREEMPT_EXIT_PATTERN_UNKNOWN', preempt: 1, pattern: 2 },
    ],
    ['a link to a higher priority', withPreempts(preempt(1), preempt(2, { link: 1 }))],
    [
      'a link to an equal one',
      withPreempts(preempt(1), preempt(2, { priority: 1, link: 1 })),
      { code: 'PREEMPT_LINK_NOT_HIGHER', preempt: 2, link: 1, priority: 1, linkPriority: 1 },
    ],
    [
      'links in a circle',
      withPreempts(preempt(1, { link: 2 }), preempt(2, { link: 1 })),
      { code: 'PREEMPT_LINK_NOT_HIGHER', preempt: 1, link: 2, priority: 1, linkPriority: 2 },
    ],
    ['a link to itself', one({ link: 1 }), { code: 'PREEMPT_LINK_NOT_HIGHER', preempt: 1, link: 1 }],
    ['a link to nobody', one({ link: 3 }), { code: 'PREEMPT_LINK_UNKNOWN', preempt: 1, link: 3 }],
  ])
})

describe('transit priority', () => {
  const outOfRange = (limit: string, value: number) =>
    ({ code: 'PRIORITY_VALUE_OUT_OF_RANGE', strategy: 1, limit, value }) as Case[2]
  judge([
    ['a strategy that can be served', bus({})],
    ['strategy 16', bus({}, 16)],
    ['strategy 17', bus({}, 17), { code: 'PRIORITY_NUMBER_INVALID', strategy: 17, most: 16 }],
    [
      'a strategy twice',
      { ...SOUND, priorities: [priority(1, { phases: [2] }), priority(1, { phases: [6] })] },
      { code: 'PRIORITY_TWICE', strategy: 1 },
    ],
    ['an extension of two minutes', bus({ maxExtensionMs: 120_000 })],
    ['a longer extension', bus({ maxExtensionMs: 120_001 }), outOfRange('extension', 120_001)],
    ['a longer reduction', bus({ maxReductionMs: 120_001 }), outOfRange('reduction', 120_001)],
    ['a presence below a second', bus({ maximumPresenceMs: 999 }), outOfRange('maximumPresence', 999)],
    ['256 cycles', bus({ reserviceCycles: 256 }), outOfRange('reserviceCycles', 256)],
    ['an hour late', bus({ leastLatenessS: 3_600 })],
    ['more than an hour late', bus({ leastLatenessS: 3_601 }), outOfRange('leastLateness', 3_601)],
    ['no phase', bus({ phases: [] }), { code: 'PRIORITY_WITHOUT_PHASES', strategy: 1 }],
    ['a phase that is not there', bus({ phases: [9] }), { code: 'PRIORITY_PHASE_UNKNOWN', strategy: 1, phase: 9 }],
    [
      'phases that never run together',
      bus({ phases: [2, 4] }),
      { code: 'PRIORITY_PHASES_CONFLICT', strategy: 1, phases: [2, 4] },
    ],
    [
      'neither longer nor earlier',
      bus({ maxExtensionMs: 0, maxReductionMs: 0 }),
      { code: 'PRIORITY_WITHOUT_EFFECT', strategy: 1 },
    ],
    ['an extension alone', bus({ maxReductionMs: 0 })],
  ])
})
