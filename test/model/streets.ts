/** The small streets of the model: facts for the machine, and the same facts as tables for Spin. */
import { bitsOf } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { LEASE_MS_MAX } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Phase } from '#signal/phase.ts'
import type { Preempt } from '#signal/preempt.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import { database, junction, type JunctionFacts } from '#test/support/junctions.ts'

/** One step of the model: short times keep the number of states small, and the machine does not ask what a unit of time is. */
export const TICK_MS = 1_000

export interface Street {
  readonly name: string
  readonly database: ControllerDatabase
}

/** In ticks; yellow and clearances of one tick could not be told from none where a mutant cuts them. */
const TIMING = {
  minGreenMs: 2,
  passageMs: 1,
  max1Ms: 3,
  yellowMs: 2,
  redClearMs: 1,
  redRevertMs: 2,
} as const

const WALK = { walkMs: 2, pedClearMs: 2 } as const

const ticks = (timing: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(timing).map(([name, count]) => [name, count * TICK_MS]))

function street(name: string, facts: JunctionFacts, preempts: readonly Preempt[] = []): Street {
  const phases = facts.rings.flat(2).map((number) => {
    const { timing, ...others } = facts.phases?.[number] ?? {}
    return [number, { ...others, timing: ticks({ ...TIMING, ...timing }) }] as const
  })
  const unit = { ...PLAIN_UNIT, startAllRedMs: 2 * TICK_MS }
  return {
    name,
    database: database(junction({ ...facts, phases: Object.fromEntries(phases) }), [], { unit, preempts }),
  }
}

/** Main street 2 and 6, side street 4 and 8; people cross both; the loop of phase 8 only calls while somebody stands on it. */
export const CROSSING = street('crossing', {
  rings: [
    [[2], [4]],
    [[6], [8]],
  ],
  phases: {
    2: { timing: WALK, lockingCall: true, dualEntry: true },
    4: { timing: WALK, lockingCall: true },
    6: { lockingCall: true, dualEntry: true },
    8: {},
  },
})

/**
 * A side street ends at the main one. The lefts 1 and 5 need the same room: they must not run together although rings and
 * barriers would let them. Ring 2 has nothing beside phase 4.
 */
export const T_JUNCTION = street('t-junction', {
  rings: [[[1, 2], [4]], [[5, 6]]],
  phases: {
    1: { lockingCall: true },
    2: { lockingCall: true, recall: 'soft' },
    4: { lockingCall: true },
    5: {},
    6: { lockingCall: true, dualEntry: true, recall: 'minimum' },
  },
  extraConflicts: [[1, 5]],
})

/** Fire engines come out of the side street; then the main street is shown green with its pedestrians until they call off. */
export const STATION = street(
  'station',
  {
    rings: [
      [[2], [4]],
      [[6], [8]],
    ],
    phases: {
      2: { timing: { minGreenMs: 3, walkMs: 3, pedClearMs: 3 }, lockingCall: true, pedClearInYellow: true },
      4: { lockingCall: true },
      6: { lockingCall: true, dualEntry: true },
      8: { lockingCall: true },
    },
  },
  [
    {
      number: 1,
      name: { fa: 'آتش‌نشانی', en: 'fire station' },
      priority: 1,
      locking: true,
      delayMs: TICK_MS,
      minimumDurationMs: 8 * TICK_MS,
      lockoutMs: 0,
      maximumPresenceMs: 0,
      entry: { minGreenMs: 2 * TICK_MS, minWalkMs: 2 * TICK_MS },
      track: { phases: [phaseId(4)], greenMs: 2 * TICK_MS },
      dwell: { phases: [phaseId(2), phaseId(6)], minGreenMs: 2 * TICK_MS, walks: true },
      exitPhases: [phaseId(8)],
      exitPattern: null,
      link: null,
    },
  ],
)

/** `facts.pml`: what the model is to know of the street. */
export function factsOf({ name, database: { intersection, unit, preempts } }: Street): string {
  const { phases, extraConflicts } = intersection
  const those = (wanted: (phase: Phase) => boolean) => bitsOf(phases.filter(wanted).map(({ id }) => id))
  const byPhase = (valueOf: (phase: Phase) => number) =>
    list(Array.from({ length: 9 }, (_, number) => phases.filter(({ id }) => id === number).map(valueOf)[0] ?? 0))
  const time = (timeMs: number) => timeMs / TICK_MS
  const group = (index: number) => those(({ ring, barrier }) => index === 3 * (ring - 1) + barrier)
  const isAfter = (phase: Phase, other: Phase) =>
    other.ring === phase.ring && other.barrier === phase.barrier && other.id > phase.id
  return lines([
    `/* The street "${name}", in ticks of ${TICK_MS} ms; generated from streets.ts. */`,
    define(
      'ALL_PHASES',
      those(() => true),
    ),
    define(
      'WITH_PEDESTRIANS',
      those(({ timing }) => timing.walkMs > 0),
    ),
    define(
      'LOCKING',
      those(({ lockingCall }) => lockingCall),
    ),
    define(
      'DUAL_ENTRY',
      those(({ dualEntry }) => dualEntry),
    ),
    define(
      'RECALLED',
      those(({ recall }) => recall === 'minimum'),
    ),
    define(
      'SOFT_RECALLED',
      those(({ recall }) => recall === 'soft'),
    ),
    define('START_ALL_RED', time(unit.startAllRedMs)),
    define('RED_REVERT', time(phases[0]?.timing.redRevertMs ?? 0)),
    define('LEASE_TICKS_MOST', time(LEASE_MS_MAX)),
    table(
      'RING',
      9,
      byPhase(({ ring }) => ring - 1),
    ),
    table(
      'BARRIER_GROUP',
      9,
      byPhase(({ barrier }) => barrier),
    ),
    table(
      'EXTRA_CONFLICTS',
      9,
      byPhase(({ id }) =>
        bitsOf(
          extraConflicts
            .filter((pair) => pair.includes(id))
            .flat()
            .filter((other) => other !== id),
        ),
      ),
    ),
    table(
      'MIN_GREEN',
      9,
      byPhase(({ timing }) => time(timing.minGreenMs)),
    ),
    table(
      'PASSAGE',
      9,
      byPhase(({ timing }) => time(timing.passageMs)),
    ),
    table(
      'MAX_GREEN',
      9,
      byPhase(({ timing }) => time(timing.max1Ms)),
    ),
    table(
      'YELLOW_TICKS',
      9,
      byPhase(({ timing }) => time(timing.yellowMs)),
    ),
    table(
      'RED_CLEAR_TICKS',
      9,
      byPhase(({ timing }) => time(timing.redClearMs)),
    ),
    table(
      'WALK_TICKS',
      9,
      byPhase(({ timing }) => time(timing.walkMs)),
    ),
    table(
      'PED_CLEAR_TICKS',
      9,
      byPhase(({ timing }) => time(timing.pedClearMs)),
    ),
    table(
      'CLEAR_IN_GREEN',
      9,
      byPhase(({ timing, pedClearInYellow }) => time(timing.pedClearMs - (pedClearInYellow ? timing.yellowMs : 0))),
    ),
    '/* By ring and barrier group; by phase: those behind it in its group. */',
    table('GROUP', 6, list(Array.from({ length: 6 }, (_, index) => group(index)))),
    table(
      'AFTER',
      9,
      byPhase((phase) => those((other) => isAfter(phase, other))),
    ),
    ...preempts.flatMap((preempt) => factsOfPreempt(preempt, phases)),
    define('SOMEBODY_WAITS_IN_VAIN', waitsInVain(phases)),
  ])
}

/** Steps of a service by ring, 0 = none; without a track the entry leads to the dwell. */
function factsOfPreempt(
  { delayMs, minimumDurationMs, entry, track, dwell, exitPhases }: Preempt,
  phases: readonly Phase[],
): string[] {
  const byRing = (chosen: readonly number[]) =>
    list([1, 2].map((ring) => phases.find((phase) => phase.ring === ring && chosen.includes(phase.id))?.id ?? 0))
  return [
    '#define PREEMPT',
    define('PREEMPT_DELAY', delayMs / TICK_MS),
    define('PREEMPT_DURATION_TICKS', minimumDurationMs / TICK_MS),
    define('ENTRY_GREEN', entry.minGreenMs / TICK_MS),
    define('ENTRY_WALK', entry.minWalkMs / TICK_MS),
    define('TRACK_GREEN', (track?.greenMs ?? 0) / TICK_MS),
    define('DWELL_GREEN', dwell.minGreenMs / TICK_MS),
    define('DWELL_WALKS', Number(dwell.walks)),
    table('TRACK_PHASE', 2, byRing((track ?? dwell).phases)),
    table('DWELL_PHASE', 2, byRing(dwell.phases)),
    table('EXIT_PHASE', 2, byRing(exitPhases)),
  ]
}

const waitsInVain = (phases: readonly Phase[]): string =>
  [
    ...phases.map(({ id }) => `waits_in_vain(${id})`),
    ...phases.filter(({ timing }) => timing.walkMs > 0).map(({ id }) => `waits_in_vain_to_walk(${id})`),
  ].join(' || ')

const define = (name: string, value: string | number): string => `#define ${name} ${value}`
const table = (name: string, length: number, values: string): string => `hidden byte ${name}[${length}] = ${values};`
const list = (values: readonly number[]): string => `{${values.join(', ')}}`
const lines = (texts: readonly string[]): string => `${texts.join('\n')}\n`
