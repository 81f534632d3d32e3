/** `facts.pml`: a street as the model reads it, in ticks and bit fields. */
import { bitsOf } from '#base/bits.ts'
import { LEASE_MS_MAX } from '#signal/command.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { Preempt } from '#signal/preempt.ts'
import { TICK_MS, type Street } from './streets.ts'

/** Rings, barrier groups and phase numbers of the model; index 0 stands for none. */
const RINGS = [1, 2] as const
const GROUPS = [0, 1, 2] as const
const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const

const ticks = (timeMs: number): number => timeMs / TICK_MS

/** Bit fields: the phases of which it is true. */
const FIELDS: Readonly<Record<string, (phase: Phase) => boolean>> = {
  ALL_PHASES: () => true,
  WITH_PEDESTRIANS: ({ timing }) => timing.walkMs > 0,
  LOCKING: ({ lockingCall }) => lockingCall,
  DUAL_ENTRY: ({ dualEntry }) => dualEntry,
  RECALLED: ({ recall }) => recall === 'minimum',
  SOFT_RECALLED: ({ recall }) => recall === 'soft',
}

/** Tables by phase number. */
const TABLES: Readonly<Record<string, (phase: Phase, intersection: Intersection) => number>> = {
  RING: ({ ring }) => ring - 1,
  BARRIER_GROUP: ({ barrier }) => barrier,
  EXTRA_CONFLICTS: ({ id }, { extraConflicts }) =>
    bitsOf(extraConflicts.flatMap(([a, b]) => (a === id ? [b] : b === id ? [a] : []))),
  /** Those behind it in its group. */
  AFTER: ({ id, ring, barrier }, { phases }) =>
    fieldOf(phases, (other) => other.ring === ring && other.barrier === barrier && other.id > id),
  MIN_GREEN: ({ timing }) => ticks(timing.minGreenMs),
  PASSAGE: ({ timing }) => ticks(timing.passageMs),
  MAX_GREEN: ({ timing }) => ticks(timing.max1Ms),
  YELLOW_TICKS: ({ timing }) => ticks(timing.yellowMs),
  RED_CLEAR_TICKS: ({ timing }) => ticks(timing.redClearMs),
  WALK_TICKS: ({ timing }) => ticks(timing.walkMs),
  PED_CLEAR_TICKS: ({ timing }) => ticks(timing.pedClearMs),
  CLEAR_IN_GREEN: ({ timing, pedClearInYellow }) => ticks(timing.pedClearMs - (pedClearInYellow ? timing.yellowMs : 0)),
}

export function factsOf({ name, database: { intersection, unit, preempts } }: Street): string {
  const { phases } = intersection
  const byPhase = (valueOf: (phase: Phase) => number) =>
    NUMBERS.map((number) => phases.filter(({ id }) => id === number).map(valueOf)[0] ?? 0)
  const groups = RINGS.flatMap((ring) =>
    GROUPS.map((barrier) => fieldOf(phases, (phase) => phase.ring === ring && phase.barrier === barrier)),
  )
  return [
    `/* The street "${name}", in ticks of ${TICK_MS} ms; generated. */`,
    define('START_ALL_RED', ticks(unit.startAllRedMs)),
    define('RED_REVERT', ticks(phases[0]?.timing.redRevertMs ?? 0)),
    define('LEASE_TICKS_MOST', ticks(LEASE_MS_MAX)),
    ...Object.entries(FIELDS).map(([field, isIn]) => define(field, fieldOf(phases, isIn))),
    ...Object.entries(TABLES).map(([field, valueOf]) =>
      table(
        field,
        byPhase((phase) => valueOf(phase, intersection)),
      ),
    ),
    table('GROUP', groups),
    ...preempts.flatMap((preempt) => factsOfPreempt(preempt, phases)),
    define('SOMEBODY_WAITS_IN_VAIN', waitsInVain(phases)),
    '',
  ].join('\n')
}

/** Steps of a service by ring, 0 = none; without a track the entry leads to the dwell. */
function factsOfPreempt({ entry, track, dwell, ...preempt }: Preempt, phases: readonly Phase[]): string[] {
  const byRing = (chosen: readonly number[]) =>
    RINGS.map((ring) => phases.find((phase) => phase.ring === ring && chosen.includes(phase.id))?.id ?? 0)
  return [
    '#define PREEMPT',
    define('PREEMPT_DELAY', ticks(preempt.delayMs)),
    define('PREEMPT_DURATION_TICKS', ticks(preempt.minimumDurationMs)),
    define('ENTRY_GREEN', ticks(entry.minGreenMs)),
    define('ENTRY_WALK', ticks(entry.minWalkMs)),
    define('TRACK_GREEN', ticks(track?.greenMs ?? 0)),
    define('DWELL_GREEN', ticks(dwell.minGreenMs)),
    define('DWELL_WALKS', Number(dwell.walks)),
    table('TRACK_PHASE', byRing((track ?? dwell).phases)),
    table('DWELL_PHASE', byRing(dwell.phases)),
    table('EXIT_PHASE', byRing(preempt.exitPhases)),
  ]
}

const waitsInVain = (phases: readonly Phase[]): string =>
  [
    ...phases.map(({ id }) => `waits_in_vain(${id})`),
    ...phases.filter(({ timing }) => timing.walkMs > 0).map(({ id }) => `waits_in_vain_to_walk(${id})`),
  ].join(' || ')

const fieldOf = (phases: readonly Phase[], isIn: (phase: Phase) => boolean): number =>
  bitsOf(phases.filter(isIn).map(({ id }) => id))

const define = (name: string, value: string | number): string => `#define ${name} ${value}`

const table = (name: string, values: readonly number[]): string =>
  `hidden byte ${name}[${values.length}] = {${values.join(', ')}};`
