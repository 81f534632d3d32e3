/** Checks the `adaptive` blocks of the plans: bounds that contradict the phase, the plan or each other leave no legal move. */
import { leastLapMs, mostLapMs, type AdaptiveLimits, type SplitBounds } from '#signal/adaptive-limits.ts'
import { leastSplitMs } from '#signal/coordination/least-split.ts'
import type { Phase } from '#signal/phase.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import { buildAdaptiveLimits } from './build-adaptive.ts'
import type { Junction } from './build-site.ts'
import type { ConfigFault, ConfigFaultCode } from './config-fault.ts'
import { inSeconds } from './explain.ts'
import type { SiteFiles } from './site-files.ts'

/** The bounds of one plan, and how to report what is wrong with them. */
interface Bounded {
  readonly plan: TimingPlan
  readonly junction: Junction
  readonly limits: AdaptiveLimits
  readonly at: (code: ConfigFaultCode, path: readonly (string | number)[], says: string) => ConfigFault
}

export function checkAdaptive(junction: Junction, files: SiteFiles): ConfigFault[] {
  const limitsByPlan = buildAdaptiveLimits(junction.id, files)
  return junction.database.plans.flatMap((plan) => {
    const limits = limitsByPlan.get(plan.pattern)
    if (limits === undefined) return []
    const at: Bounded['at'] = (code, path, says) =>
      files.at.plans(code, [plan.key, junction.id, 'adaptive', ...path], says)
    const bounded = { plan, junction, limits, at }
    return [...checkRows(bounded), ...checkSplits(bounded), ...checkCycle(bounded)]
  })
}

/** Phases that are given bounds or weights must be there, and be served. */
function* checkRows({ plan, junction, limits, at }: Bounded): Generator<ConfigFault> {
  const rows = { splits: limits.splitsMs, weights: limits.weights }
  for (const [name, table] of Object.entries(rows))
    for (const phase of table.keys()) {
      const path = [name, phase]
      if (!junction.database.intersection.phases.some(({ id }) => id === phase))
        yield at('ADAPTIVE_PHASE_UNKNOWN', path, `${junction.id} has no phase ${phase}. Remove the row.`)
      else if (plan.splitModes.get(phase) === 'omitted')
        yield at('ADAPTIVE_PHASE_OMITTED', path, `this plan omits phase ${phase}. Remove the row, or serve the phase.`)
    }
}

function* checkSplits(bounded: Bounded): Generator<ConfigFault> {
  for (const phase of servedPhases(bounded)) {
    const bounds = bounded.limits.splitsMs.get(phase.id)
    if (bounds !== undefined) yield* checkSplit(bounded, phase, bounds)
  }
}

/** Whoever pushes the button walks in this split, so that the longest must hold them; the shortest is one without them. */
function* checkSplit({ at }: Bounded, phase: Phase, { leastMs, mostMs }: SplitBounds): Generator<ConfigFault> {
  const path = ['splits', phase.id]
  const vehiclesMs = leastSplitMs(phase, false)
  const neededMs = leastSplitMs(phase, phase.timing.walkMs > 0)
  if (leastMs !== null && leastMs < vehiclesMs)
    yield at('ADAPTIVE_SPLIT_TOO_SHORT', [...path, 'least_s'], tooShort(leastMs, vehiclesMs, MINIMUM))
  if (mostMs !== null && mostMs < neededMs)
    yield at('ADAPTIVE_SPLIT_TOO_SHORT', [...path, 'most_s'], tooShort(mostMs, neededMs, whoNeeds(mostMs, vehiclesMs)))
  else if (leastMs !== null && mostMs !== null && leastMs > mostMs)
    yield at('ADAPTIVE_LEAST_ABOVE_MOST', [...path, 'least_s'], crossed(leastMs, mostMs, 'most_s'))
}

const MINIMUM = 'the minimum green'

const whoNeeds = (ms: number, vehiclesMs: number): string =>
  ms < vehiclesMs ? MINIMUM : 'the people who cross with the phase'

const tooShort = (ms: number, neededMs: number, who: string): string =>
  `${inSeconds(ms)} is below the ${inSeconds(neededMs)} that ${who} and the change need. Raise it.`

const crossed = (leastMs: number, mostMs: number, most: string): string =>
  `${inSeconds(leastMs)} is above ${most} ${inSeconds(mostMs)}. Lower it, or raise ${most}.`

/** Within the longest cycle each phase must have its turn, and where all turns are bounded they must fill the shortest. */
function* checkCycle(bounded: Bounded): Generator<ConfigFault> {
  const { junction, limits, at } = bounded
  const { cycleLeastMs, cycleMostMs } = limits
  const served = servedPhases(bounded)
  const shortestMs = leastLapMs(junction.database.intersection, served, limits)
  const longestMs = mostLapMs(junction.database.intersection, served, limits)
  if (cycleMostMs !== null && cycleMostMs < shortestMs)
    yield at(
      'ADAPTIVE_CYCLE_TOO_SHORT',
      ['cycle_most_s'],
      `${inSeconds(cycleMostMs)} is below the ${inSeconds(shortestMs)} of a lap in which each phase has its shortest split: no move would be left. Raise it, or lower a least_s.`,
    )
  if (cycleLeastMs !== null && cycleLeastMs > longestMs)
    yield at(
      'ADAPTIVE_CYCLE_TOO_LONG',
      ['cycle_least_s'],
      `${inSeconds(cycleLeastMs)} is above the ${inSeconds(longestMs)} of a lap in which each phase has its most_s: no move would be left. Lower it, or raise a most_s.`,
    )
  if (cycleLeastMs !== null && cycleMostMs !== null && cycleLeastMs > cycleMostMs)
    yield at('ADAPTIVE_LEAST_ABOVE_MOST', ['cycle_least_s'], crossed(cycleLeastMs, cycleMostMs, 'cycle_most_s'))
}

const servedPhases = ({ plan, junction }: Bounded): Phase[] =>
  junction.database.intersection.phases.filter(({ id }) => plan.splitModes.get(id) !== 'omitted')
