/** Nobody waits beyond the bound, whatever a strategy would gain by it. */
import { at } from '#base/at.ts'
import { hasBit, listBits, type Bits } from '#base/bits.ts'
import { legalStages } from '#signal/legal-stages.ts'
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

/** The stages that serve whoever is furthest beyond the bound; null where nobody is. */
export function overdueStages(of: Circumstances, stage: Bits, others: readonly Bits[]) {
  const claims = [...vehicleClaims(of, stage, others), ...walkClaims(of, others)]
    .filter(({ waitedMs, mostMs, stages }) => waitedMs >= mostMs && stages.length > 0)
    .toSorted((a, b) => b.waitedMs - b.mostMs - (a.waitedMs - a.mostMs))
  const [first] = claims
  if (first === undefined) return outOfCycle(of, others)
  const { stages, waitedMs, mostMs } = first
  const why = (next: Bits): Reason => ({
    code: 'WAITED_LONGEST',
    phase: newPhase(of, next),
    numbers: { waitedMs, mostMs },
  })
  return { stages, why }
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
    why: (next: Bits): Reason => ({ code: 'CYCLE_RUNS_OUT', phase: newPhase(of, next), numbers: { sinceMs, mostMs } }),
  }
}

/** At a stop line whose green is no help to whoever stands there, or for a phase that is red. */
function vehicleClaims({ demand, options }: Circumstances, stage: Bits, others: readonly Bits[]): Claim[] {
  const mostMs = options.waitMostMs
  const atStopLines = demand.lanes
    .filter((lane) => !isHelped(lane, stage))
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
