/** Nobody waits beyond the bound, whatever a strategy would gain by it. */
import { at } from '#base/at.ts'
import { hasBit, listBits, type Bits } from '#base/bits.ts'
import { legalStages } from '#signal/legal-stages.ts'
import { maximumMs } from '../green-limits.ts'
import type { Reason } from '../strategy.ts'
import type { Circumstances } from './choose-stage.ts'
import type { LaneDemand } from './demand.ts'
import { serviceOf } from './lane-service.ts'
import { cycleClaim } from './turn-bounds.ts'

interface Claim {
  readonly waitedMs: number
  readonly mostMs: number
  /** Any of these would serve it. */
  readonly stages: readonly Bits[]
}

/**
 * The stages that serve whoever is furthest beyond the bound, and of these the ones that serve most of the others too; all,
 * where they are only on the way there. Null where nobody is beyond it.
 */
export function overdueStages(of: Circumstances, stage: Bits, others: readonly Bits[]) {
  const claims = [...vehicleClaims(of, stage, others), ...walkClaims(of, others)]
    .filter(({ waitedMs, mostMs }) => waitedMs >= mostMs)
    .toSorted((a, b) => b.waitedMs - b.mostMs - (a.waitedMs - a.mostMs))
  const [first] = claims
  if (first === undefined || others.length === 0) return outOfCycle(of, others)
  const { waitedMs, mostMs } = first
  const stages = claims.reduce((left, claim) => narrowed(left, claim.stages), others)
  const why = (next: Bits): Reason => ({
    code: 'WAITED_LONGEST',
    phase: newPhase(of, next),
    numbers: { waitedMs, mostMs },
  })
  return { stages, why, mayHold: isInTurn(of) && greenMs(of) < longestMs(of, stage) }
}

/**
 * Where the site lets no phase be left out, whoever is beyond the bound is served when the rings come to him, as under
 * actuated control: no green lasts longer than its maximum meanwhile. To end each at its minimum would only make all wait.
 */
export const isInTurn = ({ view: { intersection, omittable } }: Pick<Circumstances, 'view'>): boolean =>
  intersection.phases.some(({ id }) => !hasBit(omittable, id))

/** How long what is green has been. */
export const greenMs = ({ signal }: Pick<Circumstances, 'signal'>): number =>
  Math.max(0, ...signal.rings.map(({ elapsedMs }) => elapsedMs))

/** The longest of its phases that the controller would allow against somebody who waits. */
export function longestMs({ view, maximum }: Pick<Circumstances, 'view' | 'maximum'>, stage: Bits): number {
  const phases = view.intersection.phases.filter(({ id }) => hasBit(stage, id))
  return Math.max(...phases.map((phase) => maximumMs(phase, maximum)))
}

/** To those that serve this one as well, if there are any. */
function narrowed(stages: readonly Bits[], serving: readonly Bits[]): readonly Bits[] {
  const both = stages.filter((stage) => serving.includes(stage))
  return both.length > 0 ? both : stages
}

/** Nobody is beyond the bound of waiting, but somebody's cycle runs out; in a fixed order the next is on the way there. */
function outOfCycle(of: Circumstances, others: readonly Bits[]) {
  const claim = cycleClaim(of, legalStages(of.view.intersection, of.omitted))
  if (claim === null) return null
  const { phase, sinceMs, mostMs } = claim
  const serving = others.filter((each) => hasBit(each, phase))
  const stages = serving.length > 0 ? serving : others
  if (stages.length === 0) return null
  return {
    stages,
    mayHold: false,
    why: (next: Bits): Reason => ({ code: 'CYCLE_RUNS_OUT', phase: newPhase(of, next), numbers: { sinceMs, mostMs } }),
  }
}

/** At a stop line whose green is no help to whoever stands there, or for a phase that is red. */
function vehicleClaims({ demand, options }: Circumstances, stage: Bits, others: readonly Bits[]): Claim[] {
  const mostMs = options.waitMostMs
  // Into a full street only the call of the phase claims: its shortest green once in the bound, for the word of its fullness may be wrong.
  const atStopLines = demand.lanes
    .filter((lane) => lane.open === lane.facts && !isHelped(lane, stage))
    .map((lane) => ({ waitedMs: lane.stoodMs, mostMs, stages: others.filter((each) => isHelped(lane, each)) }))
  const atPhases = Object.entries(demand.vehiclesSince).map(([phase, sinceMs]) => ({
    waitedMs: demand.nowMonoMs - sinceMs,
    mostMs,
    stages: others.filter((each) => hasBit(each, Number(phase))),
  }))
  return [...atStopLines, ...atPhases]
}

/** Better than a gap now and then. */
function isHelped({ facts, heldUp }: LaneDemand, stage: Bits): boolean {
  const { rate, vehiclesMost } = serviceOf(facts, stage, heldUp)
  return rate >= HELPFUL_RATE && vehiclesMost >= 1
}

const HELPFUL_RATE = 0.5

/** Who pressed in the middle of a green walks with the next one: it has to end for that. */
const walkClaims = ({ demand, options, signal }: Circumstances, others: readonly Bits[]): Claim[] =>
  Object.entries(demand.walksSince).map(([phase, sinceMs]) => ({
    waitedMs: demand.nowMonoMs - sinceMs,
    mostMs: options.walkWaitMostMs,
    stages: others.filter((each) => hasBit(each, Number(phase)) !== hasBit(signal.greens, Number(phase))),
  }))

/** For the why line: the one that was not green before. */
export const newPhase = ({ signal }: Pick<Circumstances, 'signal'>, stage: Bits): number =>
  at(listBits((stage & ~signal.greens) >>> 0), 0)
