/** Phases that cannot be told apart, timed, served or seen. */
import { isNumber, twice } from './check-numbers.ts'
import type { PhaseFault } from './database-fault.ts'
import { checkGreen, checkOnFoot } from './check-timing.ts'
import type { Overlap } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase, PhaseTiming } from '../phase.ts'

/** Bit fields have 32 bits; NTCIP 1202 2.2.1 leaves the number of phases to the maker. */
const PHASE_MOST = 32
/** NTCIP 1202 2.8.1: four rings are what makers offer. */
const RING_MOST = 4
const BARRIER_MOST = 16

interface Range {
  readonly leastMs: number
  readonly mostMs: number
}

const RANGES: Readonly<Record<keyof PhaseTiming, Range>> = {
  // A driver needs about 2 s to see a green and 1 s to move: less is a green that nobody can use.
  minGreenMs: { leastMs: 3_000, mostMs: 255_000 },
  // NTCIP 1202 phasePassage: one byte of tenths.
  passageMs: { leastMs: 0, mostMs: 25_500 },
  addedInitialMs: { leastMs: 0, mostMs: 25_500 },
  maxInitialMs: { leastMs: 0, mostMs: 255_000 },
  timeBeforeReductionMs: { leastMs: 0, mostMs: 255_000 },
  timeToReduceMs: { leastMs: 0, mostMs: 255_000 },
  minGapMs: { leastMs: 0, mostMs: 25_500 },
  max1Ms: { leastMs: 3_000, mostMs: 999_000 },
  max2Ms: { leastMs: 3_000, mostMs: 999_000 },
  dynamicMaxLimitMs: { leastMs: 0, mostMs: 999_000 },
  dynamicMaxStepMs: { leastMs: 0, mostMs: 25_500 },
  // NEMA TS 2 allows no yellow below 3 s; MUTCD 4F.17 wants none above 6 s, and the steepest grade adds less than 1 s.
  yellowMs: { leastMs: 3_000, mostMs: 7_000 },
  // NTCIP 1202 phaseRedClear: one byte of tenths.
  redClearMs: { leastMs: 0, mostMs: 25_500 },
  // 1 s in Germany, 2 s in Britain; longer ones are taken for a green.
  redAmberMs: { leastMs: 0, mostMs: 3_000 },
  // NEMA TS 2 3.5.3.1: at least 2 s; less reads as a broken lamp.
  redRevertMs: { leastMs: 2_000, mostMs: 25_500 },
  walkMs: { leastMs: 0, mostMs: 255_000 },
  pedClearMs: { leastMs: 0, mostMs: 255_000 },
  // Longer, and drivers take the red for a broken lamp (MUTCD 4E.06 wants 3 s at least).
  leadingPedMs: { leastMs: 0, mostMs: 15_000 },
}

const TIMINGS = Object.keys(RANGES) as (keyof PhaseTiming)[]

export function checkPhases(intersection: Intersection): PhaseFault[] {
  const { phases } = intersection
  return [
    ...(phases.length === 0 ? [{ code: 'NO_PHASES' as const }] : []),
    ...twice(phases.map(({ id }) => id)).map((phase) => ({ code: 'PHASE_TWICE' as const, phase })),
    ...phases.flatMap((phase) => [
      ...checkNumbers(phase),
      ...TIMINGS.flatMap((timing) => [...checkTiming(phase, timing)]),
      ...checkGreen(phase),
      ...checkOnFoot(phase),
      ...checkHeads(phase, intersection),
    ]),
    ...checkConflicts(intersection),
  ]
}

function* checkNumbers({ id: phase, ring, barrier }: Phase): Generator<PhaseFault> {
  if (!isNumber(phase, PHASE_MOST)) yield { code: 'PHASE_NUMBER_INVALID', phase, most: PHASE_MOST }
  if (!isNumber(ring, RING_MOST)) yield { code: 'RING_NUMBER_INVALID', phase, ring, most: RING_MOST }
  if (!isNumber(barrier, BARRIER_MOST)) yield { code: 'BARRIER_NUMBER_INVALID', phase, barrier, most: BARRIER_MOST }
}

function* checkTiming({ id: phase, timing: timings }: Phase, timing: keyof PhaseTiming): Generator<PhaseFault> {
  const ms = timings[timing]
  const { leastMs, mostMs } = RANGES[timing]
  if (!(ms >= leastMs && ms <= mostMs)) yield { code: 'TIMING_OUT_OF_RANGE', phase, timing, ms, leastMs, mostMs }
  else if (!Number.isInteger(ms)) yield { code: 'TIMING_NOT_WHOLE_MS', phase, timing, ms }
}

/** A phase is seen by a head of its own, vehicle or pedestrian, or by one of an overlap that it lights. */
function* checkHeads({ id: phase }: Phase, { channels, overlaps }: Intersection): Generator<PhaseFault> {
  const lights = ({ kind, included, modifiers }: Overlap) =>
    included.includes(phase) || (kind === 'flashingYellowArrow' && modifiers.includes(phase))
  const seen = channels.some(({ source }) =>
    'overlap' in source
      ? overlaps.some((overlap) => overlap.id === source.overlap && lights(overlap))
      : source.phase === phase,
  )
  if (!seen) yield { code: 'PHASE_LIGHTS_NOTHING', phase }
}

function* checkConflicts({ phases, extraConflicts }: Intersection): Generator<PhaseFault> {
  const known = (phase: number) => phases.some(({ id }) => id === phase)
  for (const [phase, other] of extraConflicts) {
    if (!known(phase)) yield { code: 'CONFLICT_PHASE_UNKNOWN', phase, other }
    if (!known(other)) yield { code: 'CONFLICT_PHASE_UNKNOWN', phase: other, other: phase }
    if (phase === other) yield { code: 'CONFLICT_WITH_ITSELF', phase }
  }
}
