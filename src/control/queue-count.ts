/** Vehicles per lane between its advance and its stop-bar loop, by counting in and out and by what the stop bar shows. */
import { hasBit } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import type { Detector } from '#signal/detector.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Approach, Intersection, Lane } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { DetectorReading, IntersectionView } from '#signal/view.ts'
import type { QueueEstimator } from './strategy.ts'

/** Room of a standing vehicle and the gap before it: a lane cannot hold more of them than fit between its loops. */
const VEHICLE_SPACE_M = 5.5
/** Who was counted in is past the stop bar after the travel time at half the speed limit, or was never there. */
const SLOW_TRAVEL_FACTOR = 2
/** Start-up of the first vehicle after the green begins, before an empty stop bar says anything. */
const START_UP_MS = 2_000
/** Detector counters are 16 bits wide (`detector.actuationCounts`). */
const COUNTER_MODULUS = 65_536
/** More actuations in one step are a counter that began anew, not traffic: ten a second is beyond any lane. */
const COUNT_STEP_MAX = 10

interface LaneMemory {
  readonly inCount: number
  readonly outCount: number
  /** Counted in and not yet out; the vehicle on the stop bar itself is already out. */
  readonly between: number
  /** Since when the stop bar has been empty in green; null when it is not. */
  readonly emptySinceMonoMs: number | null
}

/** By lane; lanes whose loops are not both trusted have no memory, and begin anew when they are. */
export type QueueMemory = Readonly<Record<string, LaneMemory>>

/**
 * Input–output counting. It drifts with each vehicle that a loop misses, so the stop bar corrects it: nobody waits where
 * it stays empty in green, and whoever stands on it in red is counted.
 */
export const queueCount: QueueEstimator<QueueMemory> = {
  initial: () => ({}),
  step(view, memory) {
    if (view.signal.quality !== 'good') return { queues: [], memory: {} }
    const next: Record<string, LaneMemory> = {}
    const queues: { lane: string; vehicles: number }[] = []
    for (const counted of countedLanes(view.intersection)) {
      const readings = readBoth(view, counted)
      if (!readings) continue
      const lane = stepLane(counted, memory[counted.lane.id], { ...readings, ...timeAndLamp(view, counted) })
      next[counted.lane.id] = lane
      queues.push({ lane: counted.lane.id, vehicles: lane.between + (readings.out.occupied ? 1 : 0) })
    }
    return { queues, memory: next }
  },
}

interface CountedLane {
  readonly lane: Lane
  readonly approach: Approach
  readonly advance: Detector
  readonly stopBar: Detector
}

interface LaneFacts {
  readonly in: DetectorReading
  readonly out: DetectorReading
  readonly nowMonoMs: number
  readonly green: boolean
}

/** Lanes with a loop of their own at either end; a loop over several lanes cannot be shared out. */
const countedLanes = oncePer(({ approaches, detectors }: Intersection): readonly CountedLane[] =>
  approaches.flatMap((approach) =>
    approach.lanes.flatMap((lane) => {
      const own = detectors.filter(({ lanes }) => lanes.length === 1 && lanes[0] === lane.id)
      const advance = own.find(({ kind }) => kind === 'advance')
      const stopBar = own.find(({ kind }) => kind === 'stop-bar')
      return advance && stopBar ? [{ lane, approach, advance, stopBar }] : []
    }),
  ),
)

function readBoth(view: IntersectionView, { advance, stopBar }: CountedLane) {
  const entering = view.detectors.get(advance.id)
  const leaving = view.detectors.get(stopBar.id)
  if (entering?.quality !== 'good' || leaving?.quality !== 'good') return null
  return { in: entering.value, out: leaving.value }
}

function timeAndLamp(view: IntersectionView, { lane }: CountedLane) {
  const green = view.signal.quality === 'good' && showsGreen(view.signal.value, lane.head)
  return { nowMonoMs: view.nowMonoMs, green }
}

function showsGreen(signal: SignalStatus, head: HeadSource): boolean {
  return 'overlap' in head ? hasBit(signal.overlapGreens, head.overlap) : hasBit(signal.greens, head.phase)
}

function stepLane(counted: CountedLane, before: LaneMemory | undefined, facts: LaneFacts): LaneMemory {
  const emptySinceMonoMs = facts.green && !facts.out.occupied ? (before?.emptySinceMonoMs ?? facts.nowMonoMs) : null
  const empty = emptySinceMonoMs !== null && facts.nowMonoMs - emptySinceMonoMs >= emptyAfterMs(counted)
  return {
    inCount: facts.in.actuationCount,
    outCount: facts.out.actuationCount,
    between: empty ? 0 : Math.min(storage(counted), countBetween(before, facts)),
    emptySinceMonoMs,
  }
}

function countBetween(before: LaneMemory | undefined, facts: LaneFacts): number {
  if (!before) return 0
  const entered = passedSince(before.inCount, facts.in.actuationCount)
  const left = passedSince(before.outCount, facts.out.actuationCount)
  if (entered > COUNT_STEP_MAX || left > COUNT_STEP_MAX) return 0
  return Math.max(0, before.between + entered - left)
}

const passedSince = (before: number, now: number): number => (now - before + COUNTER_MODULUS) % COUNTER_MODULUS

const spacingM = ({ advance, stopBar }: CountedLane): number => Math.max(0, advance.setbackM - stopBar.setbackM)

const storage = (counted: CountedLane): number => Math.ceil(spacingM(counted) / VEHICLE_SPACE_M)

function emptyAfterMs(counted: CountedLane): number {
  const speedMps = counted.approach.speedKph / 3.6
  return START_UP_MS + Math.round(((SLOW_TRAVEL_FACTOR * spacingM(counted)) / speedMps) * 1_000)
}
