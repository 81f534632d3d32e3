/** Who wants to be served now, lane by lane and on foot, and how long the one who has waited longest has stood. */
import { bitsOf, listBits, type Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import type { AdaptiveLimits } from '#signal/adaptive-limits.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView, ZoneCell } from '#signal/view.ts'
import type { ForwardedCalls } from '../forwarded-calls.ts'
import { COMING_WEIGHT, worthOf } from '../queues/arrivals.ts'
import { approachFacts, phasesOfLanes, type LaneFacts } from '../queues/lane-facts.ts'
import { shareOf, stoodMs, stuckMs, UNSEEN_FLOW, waiting, type QueuesMemory } from '../queues/lane-queues.ts'

export interface LaneDemand {
  readonly facts: LaneFacts
  readonly waiting: number
  readonly coming: readonly { readonly inMs: number; readonly vehicles: number }[]
  /** The same as they are, for who looks further ahead: not weighted, and also where a camera sees them. */
  readonly expected: readonly { readonly inMs: number; readonly vehicles: number }[]
  /** Until when all who come are expected; later ones are so many a second. */
  readonly expectedMs: number
  readonly flow: number
  readonly cells: readonly ZoneCell[] | null
  readonly cruiseMps: number
  readonly stoodMs: number
  readonly heldUp: boolean
  /** For how long somebody has stood at the stop line in green who moved up behind others. */
  readonly stuckMs: number
}

/** What those who are served count for. */
export type Weights = Pick<AdaptiveLimits, 'weights' | 'pedestrianWeight'>

/** Phases that somebody calls and that are not served, since when; a walk that is not on is not served. */
export type CallsSince = Readonly<Record<number, number>>

export interface Demand extends Weights {
  readonly nowMonoMs: number
  readonly lanes: readonly LaneDemand[]
  /** Called by vehicles that no lane of the estimator explains, such as a tram's, and by people. */
  readonly otherCalls: Bits
  readonly walks: Bits
  readonly vehiclesSince: CallsSince
  readonly walksSince: CallsSince
}

export function laneDemands(view: IntersectionView, queues: QueuesMemory): LaneDemand[] {
  const { nowMonoMs } = view
  return approachFacts(view.intersection).flatMap(({ id, lanes, travelMs, cruiseMps }) => {
    const arrivals = queues.approaches[id]
    return lanes.map((facts, index) => {
      const lane = queues.lanes[facts.id]
      invariant(lane && arrivals, 'the queues are those of this intersection')
      const worth = worthOf(arrivals)
      const expected = arrivals.coming.map(({ dueMs, lanes: over }) => ({
        inMs: dueMs - nowMonoMs,
        vehicles: worth * shareOf(lane, over, index),
      }))
      return {
        facts,
        waiting: waiting(lane),
        coming: lane.inView ? [] : expected.map(({ inMs, vehicles }) => ({ inMs, vehicles: COMING_WEIGHT * vehicles })),
        expected,
        expectedMs: facts.isFedPastLoops ? travelMs : 0,
        flow: facts.isFedPastLoops ? lane.flow : Math.max(UNSEEN_FLOW, lane.flow),
        cells: cellsOf(view, facts),
        cruiseMps,
        stoodMs: stoodMs(lane.stopBar, nowMonoMs),
        heldUp: lane.stopBar.heldUp,
        stuckMs: stuckMs(lane.stopBar, nowMonoMs),
      }
    })
  })
}

/** A camera that watches one lane tells where in it they are. */
function cellsOf({ detectors }: IntersectionView, { zone }: LaneFacts): readonly ZoneCell[] | null {
  const reading = zone === null || zone.lanes > 1 ? undefined : detectors.get(zone.id)
  return reading?.quality === 'good' ? (reading.value.cells ?? null) : null
}

/** Who calls at this step, and since when; a call that is answered is forgotten. */
export function noteCalls(
  view: IntersectionView,
  signal: SignalStatus,
  { vehicleCall, pedestrianCall }: Pick<ForwardedCalls, 'vehicleCall' | 'pedestrianCall'>,
  before: Pick<Demand, 'vehiclesSince' | 'walksSince'>,
): Pick<Demand, 'vehiclesSince' | 'walksSince'> {
  const recalled = bitsOf(view.intersection.phases.filter(({ recall }) => recall !== 'none').map(({ id }) => id))
  const unseen = recalled & ~phasesOfLanes(view.intersection)
  const vehicles = (signal.vehicleCalls | vehicleCall | unseen) & ~signal.greens
  const walks = (signal.pedestrianCalls | pedestrianCall) & ~signal.walks
  const since = (calls: Bits, known: CallsSince): CallsSince =>
    Object.fromEntries(listBits(calls >>> 0).map((phase) => [phase, known[phase] ?? view.nowMonoMs]))
  return { vehiclesSince: since(vehicles, before.vehiclesSince), walksSince: since(walks, before.walksSince) }
}

export function demandOf(
  view: IntersectionView,
  queues: QueuesMemory,
  { vehiclesSince, walksSince, weights, pedestrianWeight }: Pick<Demand, 'vehiclesSince' | 'walksSince'> & Weights,
): Demand {
  const called = bitsOf(Object.keys(vehiclesSince).map(Number))
  return {
    nowMonoMs: view.nowMonoMs,
    lanes: laneDemands(view, queues),
    otherCalls: (called & ~phasesOfLanes(view.intersection)) >>> 0,
    walks: bitsOf(Object.keys(walksSince).map(Number)),
    vehiclesSince,
    walksSince,
    weights,
    pedestrianWeight,
  }
}
