/** How many vehicles wait in each lane and how many are about to come, from ordinary loops, or from a camera where there is one. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import type { IntersectionView } from '#signal/view.ts'
import { COMING_WEIGHT, readArrivals, NO_ARRIVALS_YET, worthOf, type ArrivalMemory, type Arrivals } from './arrivals.ts'
import { assumeFlows, flowWithoutLoop, isCounted } from './assumed-flow.ts'
import { countFlows, NO_HISTORY_YET, type FlowHistory } from './history.ts'
import { approachFacts, type ApproachFacts, type LaneFacts, type SharedDetector } from './lane-facts.ts'
import { recount } from './learnt-queues.ts'
import { NOBODY_YET, watchStopBar, type StopBarMemory } from './stop-bar.ts'

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
  /** A camera sees them, those who come among them. */
  readonly inView: boolean
  readonly stopBar: StopBarMemory
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
/** HCM 6 ch. 19: 1,900 passenger cars an hour and lane, drivers as they are; for lanes that nobody counts. */
export const SATURATION_PER_S = 0.5
/** A step so long, or back in time, is a clock that jumped: who was counted before it is worth nothing, what was learnt is. */
const STEP_MS_MOST = 10_000
/** Nobody waits where the stop line has been empty for so long: in green, discharge leaves gaps of a second or so. */
const EMPTY_MS = { inGreen: 1_900, inRed: 3_500, startUp: 4_000 } as const
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
  /** Who left, of each lane in which they are counted. */
  readonly counted: Readonly<Record<string, number>>
}

function stepApproach(step: Step): Stepped {
  const { view, approach, before, elapsedMs } = step
  const fed = approach.lanes.filter(({ isFedPastLoops }) => isFedPastLoops).length
  const lanes: Growing[] = approach.lanes.map(({ id, isFedPastLoops }) => ({
    ...(before.lanes[id] ?? {
      vehicles: 0,
      share: isFedPastLoops ? 1 / fed : 0,
      flow: UNKNOWN_FLOW,
      inView: false,
      stopBar: NOBODY_YET,
    }),
  }))
  const arrivals = readArrivals(view, approach, before.approaches[approach.id] ?? NO_ARRIVALS_YET)
  admit(step, arrivals, lanes)
  const left = approach.lanes.map((facts, index) => letGo(step, facts, at(lanes, index)))
  const passed = left.map((vehicles, index) => (at(approach.lanes, index).isFedPastLoops ? vehicles : 0))
  learnShares(lanes, passed)
  assumeFlows(approach, lanes, { history: before.history, pace: Math.min(1, elapsedMs / FLOW_MEMORY_MS) })
  const coming = lanes.reduce(
    (rest, lane, index) => makeGood(view.nowMonoMs, { rest, lanes, lane, index }),
    arrivals.coming,
  )
  approach.lanes.forEach((facts, index) =>
    correct(step, facts, { lane: at(lanes, index), covered: at(arrivals.covered, index) }),
  )
  const leftAll = passed.reduce((sum, vehicles) => sum + vehicles, 0)
  const counted = Object.fromEntries(
    approach.lanes.flatMap(({ id }, index) => (isCounted(at(lanes, index)) ? [[id, at(left, index)]] : [])),
  )
  return { arrivals: { ...arrivals.memory, coming, left: arrivals.memory.left + leftAll }, lanes, counted }
}

/** Those who have reached the stop line by now, among the lanes as they lately left; by history, behind one who stands, where no loop counts them. */
function admit(
  { elapsedMs, approach, before }: Step,
  { due, memory, trusted }: Arrivals,
  lanes: readonly Growing[],
): void {
  const worth = worthOf(memory)
  for (const { lanes: over } of due)
    lanes.forEach((lane, index) => (lane.vehicles += worth * shareOf(lane, over, index)))
  lanes.forEach((lane, index) => {
    const { id, isFedPastLoops, storage } = at(approach.lanes, index)
    if ((trusted && isFedPastLoops) || standsThere(lane.stopBar) === 0) return
    const flow = flowWithoutLoop(before.history, id, lane)
    const arriving = ((isFedPastLoops ? flow : Math.max(UNSEEN_FLOW, flow)) * elapsedMs) / 1_000
    lane.vehicles = isFedPastLoops ? lane.vehicles + arriving : Math.min(storage, lane.vehicles + arriving)
  })
}

/**
 * Half by the lane over whose loop they came, half by where vehicles of this approach leave: drivers change lanes behind
 * the loop, but not all of them.
 */
export const shareOf = ({ share }: LaneQueue, over: readonly number[], lane: number): number =>
  (share + (over.includes(lane) ? 1 / over.length : 0)) / 2

/** Reads the stop line; returns who left. Where nobody counts them they leave at saturation. */
function letGo({ view, greens, elapsedMs }: Step, { ways, stopBar }: LaneFacts, lane: Growing): number {
  const nowMs = view.nowMonoMs
  const green = isGreen(ways, greens)
  const reading = stopBar === null ? undefined : view.detectors.get(stopBar.id)
  const watched = watchStopBar(lane.stopBar, { reading, green, nowMs })
  lane.stopBar = watched.memory
  if (stopBar === null || watched.memory.count === null) {
    if (green) lane.vehicles = Math.max(0, lane.vehicles - (SATURATION_PER_S * elapsedMs) / 1_000)
    return 0
  }
  const left = watched.left / stopBar.lanes
  lane.vehicles -= left
  if (elapsedMs > 0) lane.flow += ((left * 1_000) / elapsedMs - lane.flow) * Math.min(1, elapsedMs / FLOW_MEMORY_MS)
  return left
}

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

/** What the stop line and the camera show is more certain than any count. */
function correct(
  { view }: Step,
  { zone, storage }: LaneFacts,
  { lane, covered }: { readonly lane: Growing; readonly covered: number },
): void {
  const { stopBar } = lane
  const seen = zone === null ? null : inZone(view, zone)
  lane.inView = seen !== null
  if (seen !== null) lane.vehicles = Math.max(0, seen - standsThere(stopBar))
  else if (isEmpty(stopBar, view.nowMonoMs)) lane.vehicles = 0
  else if (stoodMs(stopBar, view.nowMonoMs) >= COVERED_MS && covered >= COVERED_MS)
    lane.vehicles = Math.max(lane.vehicles, COVERED_SHARE * storage)
}

/** Slower ones are in a queue, or about to stop behind it. */
const DRIVES_MPS = 5

/** Null where the camera is not trusted, or does not tell where vehicles are. */
function inZone({ detectors }: IntersectionView, { id, lanes }: SharedDetector): number | null {
  const reading = detectors.get(id)
  if (reading?.quality !== 'good' || reading.value.cells === undefined) return null
  const weights = reading.value.cells.map(
    ({ vehicles, speedMps }) => vehicles * (speedMps < DRIVES_MPS ? 1 : COMING_WEIGHT),
  )
  return weights.reduce((sum, weight) => sum + weight, 0) / lanes
}

function isEmpty({ emptySinceMs, greenSinceMs }: StopBarMemory, nowMs: number): boolean {
  if (emptySinceMs === null) return false
  const flows = greenSinceMs !== null && nowMs - greenSinceMs >= EMPTY_MS.startUp
  return nowMs - emptySinceMs >= (flows ? EMPTY_MS.inGreen : EMPTY_MS.inRed)
}

/** How long the one at the stop line has stood; 0 where nobody does. */
export const stoodMs = ({ stoodSinceMs }: StopBarMemory, nowMs: number): number =>
  stoodSinceMs === null ? 0 : nowMs - stoodSinceMs

/** For how long somebody has stood at the stop line in green who came, or moved up, after it had begun. */
export const stuckMs = ({ stoodSinceMs, greenSinceMs }: StopBarMemory, nowMs: number): number =>
  stoodSinceMs === null || greenSinceMs === null || stoodSinceMs <= greenSinceMs ? 0 : nowMs - stoodSinceMs

const standsThere = ({ stoodSinceMs }: StopBarMemory): number => (stoodSinceMs === null ? 0 : 1)

/** All who wait, the one at the stop line among them. */
export const waiting = ({ vehicles, stopBar }: LaneQueue): number => vehicles + standsThere(stopBar)
