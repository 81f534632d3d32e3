/** How many vehicles wait in each lane and how many are about to come, from ordinary loops, or from a camera where there is one. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import type { IntersectionView } from '#signal/view.ts'
import { readArrivals, NO_ARRIVALS_YET, worthOf, type ArrivalMemory, type Arrivals } from './arrivals.ts'
import { assumeFlows, flowWithoutLoop, isCounted } from './assumed-flow.ts'
import { NO_DISCHARGE_YET, saturationPerS, serviceIn, stepDischarge, type Discharge } from './discharge.ts'
import { countFlows, NO_HISTORY_YET, type FlowHistory } from './history.ts'
import { approachFacts, type ApproachFacts, type LaneFacts } from './lane-facts.ts'
import { stepKeeping } from './lane-keeping.ts'
import { recount } from './learnt-queues.ts'
import { isEmpty, isUnhindered, NOBODY_YET, stoodMs, watchStopBar, type StopBarMemory } from './stop-bar.ts'
import { stepTravel, type Travel } from './travel.ts'
import { countedOf } from './turn-streams.ts'
import { hasOwnLoops, inZone } from './zone-count.ts'

/** Plain data; what is not trusted is estimated by what is, and by what was. */
export interface QueuesMemory {
  readonly atMonoMs: number | null
  readonly lanes: Readonly<Record<string, LaneQueue>>
  readonly approaches: Readonly<Record<string, ArrivalMemory>>
  /** What each lane usually has at this hour. */
  readonly history: FlowHistory
}

export interface LaneQueue {
  /** Behind the one at the stop line, or there in a moment; not whole vehicles. */
  readonly vehicles: number
  /** Of the vehicles of its approach, those that leave by it. */
  readonly share: number
  /** Vehicles a second that have left lately: what is expected where no loop tells. */
  readonly flow: number
  /** Counted by a camera, those who come among them. */
  readonly inView: boolean
  readonly stopBar: StopBarMemory
  readonly discharge: Discharge
}

export const NO_QUEUES_YET: QueuesMemory = { atMonoMs: null, lanes: {}, approaches: {}, history: NO_HISTORY_YET }

/** Of a lane that is not known yet: a vehicle in ten seconds, so that it is neither forgotten nor preferred. */
const UNKNOWN_FLOW = 0.1
/** Of a pocket into which they turn unseen, behind one who stands: what has left says little of those who come where few may leave. */
export const UNSEEN_FLOW = 0.03
/** Lately: the last few cycles. */
const FLOW_MEMORY_MS = 300_000
/** One vehicle moves the share of its lane by this: a quarter of an hour of a side street. */
const SHARE_STEP = 1 / 40
/** A step so long, or back in time, is a clock that jumped: who was counted before it is worth nothing, what was learnt is. */
const STEP_MS_MOST = 10_000
/** An advance loop that is covered for so long while somebody stands at the stop line: the queue is over it. */
const COVERED_MS = 4_000
/** Of the storage: not all stand bumper to bumper. */
const COVERED_SHARE = 0.7

/** Queues of one step; `greens`: phases that are green. */
export function stepQueues(view: IntersectionView, greens: Bits, before: QueuesMemory): QueuesMemory {
  const { nowMonoMs } = view
  const elapsedMs = before.atMonoMs === null ? 0 : nowMonoMs - before.atMonoMs
  if (elapsedMs < 0 || elapsedMs > STEP_MS_MOST) return stepQueues(view, greens, recount(before))
  const lanes: Record<string, LaneQueue> = {}
  const approaches: Record<string, ArrivalMemory> = {}
  const counted: Record<string, number> = {}
  for (const approach of approachFacts(view.intersection)) {
    const stepped = stepApproach({ view, greens, elapsedMs, approach, before })
    approaches[approach.id] = stepped.arrivals
    approach.lanes.forEach(({ id }, index) => (lanes[id] = at(stepped.lanes, index)))
    Object.assign(counted, stepped.counted)
  }
  return { atMonoMs: nowMonoMs, lanes, approaches, history: countFlows(before.history, view, counted) }
}

interface Step {
  readonly view: IntersectionView
  readonly greens: Bits
  readonly elapsedMs: number
  readonly approach: ApproachFacts
  readonly before: QueuesMemory
}

type Growing = { -readonly [field in keyof LaneQueue]: LaneQueue[field] }

interface Stepped {
  readonly arrivals: ArrivalMemory
  readonly lanes: readonly LaneQueue[]
  /** Who left, of each lane in which they are counted, and by each turn that lanes tell. */
  readonly counted: Readonly<Record<string, number>>
}

function stepApproach(step: Step): Stepped {
  const { view, approach, before, elapsedMs } = step
  const lanes: Growing[] = approach.lanes.map((facts) => ({ ...(before.lanes[facts.id] ?? unknown(approach, facts)) }))
  const arrivals = readArrivals(view, approach, {
    before: before.approaches[approach.id] ?? NO_ARRIVALS_YET,
    elapsedMs,
    flows: lanes.map(({ flow }) => flow),
  })
  admit(step, arrivals, lanes)
  const left = approach.lanes.map((facts, index) => letGo(step, facts, at(lanes, index)))
  const passed = left.map((vehicles, index) => (at(approach.lanes, index).isFedPastLoops ? vehicles : 0))
  // Of a lane that nobody counts it is not known what it takes away from the others.
  if (approach.lanes.every(({ isFedPastLoops }, index) => !isFedPastLoops || isCounted(at(lanes, index))))
    learnShares(lanes, passed)
  assumeFlows(approach, lanes, { history: before.history, pace: Math.min(1, elapsedMs / FLOW_MEMORY_MS) })
  const coming = lanes.reduce(
    (rest, lane, index) => makeGood(view.nowMonoMs, { rest, lanes, lane, index }),
    arrivals.coming,
  )
  let elsewhere = 0
  approach.lanes.forEach((facts, index) => {
    const lane = at(lanes, index)
    const believed = lane.vehicles
    correct(step, facts, { lane, covered: at(arrivals.covered, index), trusted: arrivals.trusted })
    if (facts.isFedPastLoops && !lane.inView) elsewhere += Math.max(0, believed - lane.vehicles)
  })
  moveOver(step, lanes, elsewhere)
  const leftAll = passed.reduce((sum, vehicles) => sum + vehicles, 0)
  const counted = countedOf(
    approach,
    left.map((vehicles, index) => (isCounted(at(lanes, index)) ? vehicles : null)),
  )
  const travel = travelOf(step, arrivals, left)
  const keeping = stepKeeping(arrivals.memory.keeping, {
    ...{ entered: arrivals.enteredBy, left: passed, shares: lanes.map(({ share }) => share), elapsedMs },
    isEmpty: coming.length === 0 && lanes.every(({ stopBar }) => isEmpty(stopBar, view.nowMonoMs)),
  })
  return {
    arrivals: { ...arrivals.memory, coming, travel, keeping, left: arrivals.memory.left + leftAll },
    lanes,
    counted,
  }
}

/** A lane that has not been watched yet. */
function unknown({ lanes }: ApproachFacts, { isFedPastLoops }: LaneFacts): LaneQueue {
  const fed = lanes.filter((lane) => lane.isFedPastLoops).length
  return {
    vehicles: 0,
    share: isFedPastLoops ? 1 / fed : 0,
    flow: UNKNOWN_FLOW,
    inView: false,
    stopBar: NOBODY_YET,
    discharge: NO_DISCHARGE_YET,
  }
}

const travelOf = ({ view, approach, before }: Step, arrivals: Arrivals, left: readonly number[]): Travel =>
  stepTravel(arrivals.memory.travel, {
    nowMs: view.nowMonoMs,
    travelMs: approach.travelMs,
    entered: arrivals.trusted ? arrivals.entered : null,
    left: left.reduce((sum, vehicles) => sum + vehicles, 0),
    open: approach.lanes.every(
      ({ id }, index) => left[index] === 0 || isUnhindered(before.lanes[id]?.stopBar, view.nowMonoMs),
    ),
  })

/** Those who have reached the stop line by now, among the lanes as they lately left; by history, behind one who stands, where no loop counts them. */
function admit(
  { elapsedMs, approach, before }: Step,
  { due, memory, trusted }: Arrivals,
  lanes: readonly Growing[],
): void {
  const worth = worthOf(memory)
  const { kept } = memory.keeping
  for (const { lanes: over } of due)
    lanes.forEach((lane, index) => (lane.vehicles += worth * shareOf(lane, { over, index, kept: kept.value })))
  lanes.forEach((lane, index) => {
    const { id, isFedPastLoops, storage } = at(approach.lanes, index)
    if ((trusted && isFedPastLoops) || standsThere(lane.stopBar) === 0) return
    const flow = flowWithoutLoop(before.history, id, lane)
    const arriving = ((isFedPastLoops ? flow : Math.max(UNSEEN_FLOW, flow)) * elapsedMs) / 1_000
    lane.vehicles = isFedPastLoops ? lane.vehicles + arriving : Math.min(storage, lane.vehicles + arriving)
  })
}

interface OverLoop {
  readonly over: readonly number[]
  readonly index: number
  /** Of those who pass the loops, who keep their lane. */
  readonly kept: number
}

/** Those who keep their lane by the one over whose loop they came, the others by where vehicles of this approach leave. */
export const shareOf = ({ share }: LaneQueue, { over, index, kept }: OverLoop): number =>
  (1 - kept) * share + (over.includes(index) ? kept / over.length : 0)

/** Reads the stop line; returns who left. Where nobody counts them they leave at saturation. */
function letGo(step: Step, facts: LaneFacts, lane: Growing): number {
  const { view, greens, elapsedMs } = step
  const { ways, stopBar } = facts
  const nowMs = view.nowMonoMs
  const green = isGreen(ways, greens)
  const reading = stopBar === null ? undefined : view.detectors.get(stopBar.id)
  const stood = lane.stopBar.stoodSinceMs !== null
  const watched = watchStopBar(lane.stopBar, { reading, green, nowMs })
  lane.stopBar = watched.memory
  if (stopBar === null || watched.memory.count === null) {
    if (green) lane.vehicles = Math.max(0, lane.vehicles - (saturationPerS(lane.discharge) * elapsedMs) / 1_000)
    return 0
  }
  const left = watched.left / stopBar.lanes
  lane.vehicles -= left
  if (stopBar.lanes === 1 && stopBar.id !== facts.zone?.id)
    lane.discharge = learnDischarge(step, facts, { lane, stood, left })
  if (elapsedMs > 0) lane.flow += ((left * 1_000) / elapsedMs - lane.flow) * Math.min(1, elapsedMs / FLOW_MEMORY_MS)
  return left
}

interface Passed {
  readonly lane: LaneQueue
  readonly stood: boolean
  readonly left: number
}

function learnDischarge(step: Step, facts: LaneFacts, { lane, stood, left }: Passed): Discharge {
  const { view, greens, elapsedMs } = step
  const service = serviceIn(facts, greens)
  const { greenSinceMs } = lane.stopBar
  const nowMs = view.nowMonoMs
  const behind = isEmpty(lane.stopBar, nowMs) ? 0 : lane.vehicles
  const opposed = service === 'yielding' && isOpposed(step, facts)
  return stepDischarge(lane.discharge, facts, {
    ...{ service, nowMs, elapsedMs, greenSinceMs, stood, left, behind, opposed },
  })
}

/** Somebody waits, or discharges, who comes straight towards the lane. */
const isOpposed = ({ view, greens, before }: Step, { opposing }: LaneFacts): boolean =>
  approachFacts(view.intersection).some(({ lanes }) =>
    lanes.some(({ id, ways }) => {
      const comes = ways.some(({ turn, phases }) => turn === 'through' && (phases & opposing & greens) !== 0)
      const lane = before.lanes[id]
      return comes && lane !== undefined && waiting(lane) >= HALF_A_VEHICLE
    }),
  )

/** Its straight way is, or where it has none all of its ways are: whoever is in front may then go. */
function isGreen(ways: LaneFacts['ways'], greens: Bits): boolean {
  const straight = ways.filter(({ turn }) => turn === 'through')
  return (straight.length > 0 ? straight : ways).every(({ phases }) => (phases & greens) !== 0)
}

function learnShares(lanes: readonly Growing[], left: readonly number[]): void {
  left.forEach((vehicles, from) => {
    if (vehicles === 0) return
    lanes.forEach((lane, index) => (lane.share += vehicles * SHARE_STEP * ((index === from ? 1 : 0) - lane.share)))
  })
}

/** Whoever left and was not expected yet came faster, or was expected in the lane beside. */
function makeGood(
  nowMs: number,
  { rest, lanes, lane, index }: { rest: Arrivals['coming']; lanes: readonly Growing[]; lane: Growing; index: number },
): Arrivals['coming'] {
  if (lane.vehicles >= 0) return rest
  const lack = -lane.vehicles
  lane.vehicles = 0
  if (lack < HALF_A_VEHICLE) return rest
  const soon = rest.filter(({ dueMs }) => dueMs - nowMs < EARLY_MS)
  const early = soon.find((one) => one.lanes.includes(index)) ?? soon[0]
  if (early !== undefined) return rest.filter((one) => one !== early)
  const fullest = at(
    lanes.toSorted((a, b) => b.vehicles - a.vehicles),
    0,
  )
  fullest.vehicles = Math.max(0, fullest.vehicles - lack)
  return rest
}

/** Less is the worth of an entry that is not quite one. */
const HALF_A_VEHICLE = 0.5
/** So much sooner than expected comes who drives fast, or meets no queue. */
const EARLY_MS = 4_000

interface Correction {
  readonly lane: Growing
  readonly covered: number
  /** Of the advance loops of its approach. */
  readonly trusted: boolean
}

/**
 * Who has passed the loops and is not in a lane that is empty is in one beside it that is not: what is known best is how many
 * are between the loops. Where no other lane has anybody, he has gone another way.
 */
function moveOver({ view, approach }: Step, lanes: readonly Growing[], vehicles: number): void {
  if (vehicles === 0) return
  const others = lanes.filter(
    ({ inView, stopBar }, index) =>
      at(approach.lanes, index).isFedPastLoops && !inView && !isEmpty(stopBar, view.nowMonoMs),
  )
  const shares = others.reduce((sum, { share }) => sum + share, 0)
  if (shares > 0) others.forEach((lane) => (lane.vehicles += (vehicles * lane.share) / shares))
}

/** What the stop line shows is more certain than any count, and where loops do not count the camera is. */
function correct({ view }: Step, facts: LaneFacts, { lane, covered, trusted }: Correction): void {
  const { zone, storage } = facts
  const { stopBar } = lane
  const seen = zone === null || (trusted && hasOwnLoops(facts, stopBar)) ? null : inZone(view, zone)
  lane.inView = seen !== null
  if (seen !== null) lane.vehicles = Math.max(0, seen - standsThere(stopBar))
  else if (isEmpty(stopBar, view.nowMonoMs)) lane.vehicles = 0
  else if (stoodMs(stopBar, view.nowMonoMs) >= COVERED_MS && covered >= COVERED_MS)
    lane.vehicles = Math.max(lane.vehicles, COVERED_SHARE * storage)
}

const standsThere = ({ stoodSinceMs }: StopBarMemory): number => (stoodSinceMs === null ? 0 : 1)

/** All who wait, the one at the stop line among them. */
export const waiting = ({ vehicles, stopBar }: LaneQueue): number => vehicles + standsThere(stopBar)
