/** Who wants to be served now, lane by lane and on foot, and how long the one who has waited longest has stood. */
import { bitsOf, hasBit, listBits, type Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import type { AdaptiveLimits } from '#signal/adaptive-limits.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView, ZoneCell } from '#signal/view.ts'
import type { ForwardedCalls } from '../forwarded-calls.ts'
import { NOTHING_HEARD, type Heard } from '../neighbours/heard.ts'
import { inertMs, type VainGreens } from './inert-lanes.ts'
import { COMING_WEIGHT, worthOf } from '../queues/arrivals.ts'
import { saturationPerS } from '../queues/discharge.ts'
import { approachFacts, phasesOfLanes, type LaneFacts } from '../queues/lane-facts.ts'
import { shareOf, UNSEEN_FLOW, waiting, type LaneQueue, type QueuesMemory } from '../queues/lane-queues.ts'
import { isEmpty, stoodMs, stuckMs } from '../queues/stop-bar.ts'
import { travelMsOf } from '../queues/travel.ts'

export interface LaneDemand {
  readonly facts: LaneFacts
  /** The same, but that a way into a full street is red in every stage: nobody is let go there. */
  readonly open: LaneFacts
  /** So many times as much as others do its vehicles count: they stand in a full street, and can leave it. */
  readonly relief: number
  readonly waiting: number
  readonly coming: readonly { readonly inMs: number; readonly vehicles: number }[]
  /** The same as they are, for who looks further ahead: not weighted, and also where a camera sees them. */
  readonly expected: readonly { readonly inMs: number; readonly vehicles: number }[]
  /** Until when all who come are expected; later ones are so many a second. */
  readonly expectedMs: number
  readonly flow: number
  /** In each of the next seconds, as the neighbours announce them; null: as many a second as lately. */
  readonly announced: Float64Array | null
  readonly cells: readonly ZoneCell[] | null
  readonly cruiseMps: number
  readonly stoodMs: number
  readonly heldUp: boolean
  /** Of its queue while the whole lane is free, vehicles a second. */
  readonly saturationPerS: number
  /** For how long somebody has stood at the stop line in green who moved up behind others. */
  readonly stuckMs: number
}

/** What those who are served count for. */
export type Weights = Pick<AdaptiveLimits, 'weights' | 'pedestrianWeight' | 'transitWeight'>

/** Phases that somebody calls and that are not served, since when; a walk that is not on is not served. */
export type CallsSince = Readonly<Record<number, number>>

export interface Demand extends Weights {
  readonly nowMonoMs: number
  readonly lanes: readonly LaneDemand[]
  /** Called by vehicles that no lane of the estimator explains, such as a tram's, and by people. */
  readonly otherCalls: Bits
  readonly walks: Bits
  /** Called by buses, green or not, until they have checked out. */
  readonly buses: Bits
  readonly vehiclesSince: CallsSince
  readonly walksSince: CallsSince
}

interface Believed {
  /** What the neighbours say; nothing unless given. */
  readonly heard?: Heard | undefined
  /** Nobody is inert unless given. */
  readonly vainGreens?: VainGreens | undefined
}

export function laneDemands(
  view: IntersectionView,
  queues: QueuesMemory,
  { heard = NOTHING_HEARD, vainGreens = {} }: Believed = {},
): LaneDemand[] {
  const { nowMonoMs } = view
  return approachFacts(view.intersection).flatMap(({ id, lanes, travelMs, cruiseMps }) => {
    const arrivals = queues.approaches[id]
    return lanes.map((facts, index) => {
      const lane = queues.lanes[facts.id]
      invariant(lane && arrivals, 'the queues are those of this intersection')
      const worth = worthOf(arrivals)
      const expected = arrivals.coming.map(({ dueMs, lanes: over }) => ({
        inMs: dueMs - nowMonoMs,
        vehicles: worth * shareOf(lane, { over, index, kept: arrivals.keeping.kept.value }),
      }))
      const open = heard.open(id, facts)
      const inert = inertMs(lane.stopBar, vainGreens[facts.id], nowMonoMs)
      const flow = facts.isFedPastLoops ? lane.flow : Math.max(UNSEEN_FLOW, lane.flow)
      const announced = facts.isFedPastLoops ? (heard.arrivals.get(id) ?? null) : null
      return {
        facts,
        open,
        relief: heard.relief(id, open),
        waiting: Math.min(
          isDischargingUnseen(facts, lane, nowMonoMs) ? Math.max(ONE_MORE, waiting(lane)) : waiting(lane),
          // Nobody counts whom one who does not move keeps behind him: those who have come since his green, as they usually do.
          inert === null ? Infinity : 1 + (flow * inert) / 1_000,
        ),
        coming: lane.inView ? [] : expected.map(({ inMs, vehicles }) => ({ inMs, vehicles: COMING_WEIGHT * vehicles })),
        expected,
        expectedMs: facts.isFedPastLoops ? travelMsOf(travelMs, arrivals.travel) : 0,
        flow,
        announced: announced && announced.map((vehicles) => worth * lane.share * vehicles),
        cells: cellsOf(view, facts),
        cruiseMps,
        stoodMs: inert ?? stoodMs(lane.stopBar, nowMonoMs),
        heldUp: lane.stopBar.heldUp && inert === null,
        saturationPerS: saturationPerS(lane.discharge),
        stuckMs: stuckMs(lane.stopBar, nowMonoMs),
      }
    })
  })
}

/** Behind one who leaves a pocket whose queue no loop has counted comes another, as long as there is no gap. */
const isDischargingUnseen = ({ isFedPastLoops }: LaneFacts, { inView, stopBar }: LaneQueue, nowMs: number): boolean =>
  !isFedPastLoops && !inView && stopBar.greenSinceMs !== null && !isEmpty(stopBar, nowMs) && !stopBar.heldUp

const ONE_MORE = 2

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
  { vehiclesSince, walksSince, weights, pedestrianWeight, transitWeight, heard, vainGreens }: DemandFacts,
): Demand {
  const called = bitsOf(Object.keys(vehiclesSince).map(Number))
  return {
    nowMonoMs: view.nowMonoMs,
    lanes: laneDemands(view, queues, { heard, vainGreens }),
    otherCalls: (called & ~phasesOfLanes(view.intersection)) >>> 0,
    walks: bitsOf(Object.keys(walksSince).map(Number)),
    vehiclesSince,
    walksSince,
    buses: busesOf(view),
    weights,
    pedestrianWeight,
    transitWeight,
  }
}

type DemandFacts = Pick<Demand, 'vehiclesSince' | 'walksSince'> & Weights & Believed

/** Phases that a bus has asked for which the controller does not serve itself: while it does, it steers alone. */
function busesOf({ priorities, signal }: IntersectionView): Bits {
  if (signal.quality !== 'good') return 0
  const { priorityCalls } = signal.value.preempt
  return bitsOf(priorities.filter(({ number }) => hasBit(priorityCalls, number)).flatMap(({ phases }) => phases))
}
