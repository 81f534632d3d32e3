/** What waiting costs at an intersection, as its detectors tell it: vehicle-seconds, and how many were let go meanwhile. */
import type { DetectorId } from '#base/id.ts'
import { oncePer } from '#base/once-per.ts'
import type { LaneQueue } from '#control/strategy.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Of one tick. */
export interface Waiting {
  /** Vehicles that wait now. */
  readonly vehicles: number
  /** That have crossed a stop line since the last tick. */
  readonly left: number
}

interface StopLine {
  readonly count: number
  /** Since when somebody has stood on it; null while nobody does. */
  readonly sinceMonoMs: number | null
  /** Vehicles a second that have left lately. */
  readonly flow: number
}

/** By detector. */
export type WaitingMemory = Readonly<Record<number, StopLine>>

export const NOBODY_WATCHED: WaitingMemory = {}

/** Lately: a few cycles. */
const FLOW_MEMORY_MS = 600_000
/** The same as the queue estimators have for a standing vehicle and the gap before it (HCM 6 ch. 31: 25 ft). */
const VEHICLE_SPACE_M = 7.5
/** Detector counters are 16 bits wide (`detector.actuationCounts`); more at once is a counter that began anew. */
const COUNTER_MODULUS = 65_536
const COUNT_STEP_MAX = 10

/**
 * `queues`: lanes that are counted in and out. Of others the stop line tells: whoever stands on it waits, and behind him as many
 * as have come since, at the rate at which they lately left.
 */
export function watchWaiting(
  view: IntersectionView,
  queues: readonly LaneQueue[],
  { before, elapsedMs }: { readonly before: WaitingMemory; readonly elapsedMs: number },
): { readonly waiting: Waiting; readonly memory: WaitingMemory } {
  const counted = new Set(queues.map(({ lane }) => lane))
  const memory: Record<number, StopLine> = {}
  let vehicles = queues.reduce((sum, queue) => sum + queue.vehicles, 0)
  let left = 0
  for (const line of stopLines(view.intersection)) {
    const reading = view.detectors.get(line.id)
    if (reading?.quality !== 'good') continue
    const { occupied, actuationCount } = reading.value
    const known = before[line.id] ?? { count: actuationCount, sinceMonoMs: null, flow: 0 }
    const passed = passedSince(known.count, actuationCount)
    left += passed
    const sinceMonoMs = occupied ? (passed > 0 ? view.nowMonoMs : (known.sinceMonoMs ?? view.nowMonoMs)) : null
    const flow = learn(known.flow, passed, elapsedMs)
    memory[line.id] = { count: actuationCount, sinceMonoMs, flow }
    if (sinceMonoMs !== null && !line.lanes.every((lane) => counted.has(lane)))
      vehicles += Math.min(line.room, 1 + (flow * (view.nowMonoMs - sinceMonoMs)) / 1_000)
  }
  return { waiting: { vehicles, left }, memory }
}

function learn(flow: number, passed: number, elapsedMs: number): number {
  if (elapsedMs <= 0) return flow
  return flow + ((passed * 1_000) / elapsedMs - flow) * Math.min(1, elapsedMs / FLOW_MEMORY_MS)
}

function passedSince(before: number, now: number): number {
  const passed = (now - before + COUNTER_MODULUS) % COUNTER_MODULUS
  return passed > COUNT_STEP_MAX ? 0 : passed
}

interface StopLineFacts {
  readonly id: DetectorId
  readonly lanes: readonly string[]
  /** Vehicles that stand in its lanes, at most. */
  readonly room: number
}

const stopLines = oncePer(({ approaches, detectors }: Intersection): readonly StopLineFacts[] => {
  const lanes = approaches.flatMap((approach) => approach.lanes)
  return detectors
    .filter(({ kind }) => kind === 'stop-bar')
    .map((detector) => ({
      id: detector.id,
      lanes: detector.lanes,
      room: lanes
        .filter(({ id }) => detector.lanes.includes(id))
        .reduce((sum, { lengthM }) => sum + lengthM / VEHICLE_SPACE_M, 0),
    }))
})
