/** What the estimator of queues knows of each street, in the few numbers that the neighbours are told of it. */
import { approachFacts, type ApproachFacts } from '../queues/lane-facts.ts'
import { worthOf, type ArrivalMemory } from '../queues/arrivals.ts'
import { waiting, type QueuesMemory } from '../queues/lane-queues.ts'
import type { IntersectionView } from '#signal/view.ts'
import type { StreetSeen } from './rooms.ts'

/** By approach. */
export function streetsSeen(view: IntersectionView, queues: QueuesMemory): ReadonlyMap<string, StreetSeen> {
  return new Map(approachFacts(view.intersection).map((facts) => [facts.id, seenOf(view, facts, queues)] as const))
}

function seenOf(view: IntersectionView, { id, lanes, advance }: ApproachFacts, queues: QueuesMemory): StreetSeen {
  const arrivals = queues.approaches[id]
  const standing = lanes.reduce((sum, { id: lane }) => sum + waitingIn(queues, lane), 0)
  const isTrusted = advance.length > 0 && advance.every((loop) => arrivals?.counts[loop.id] !== undefined)
  if (arrivals === undefined || !isTrusted) return { vehicles: standing, coveredS: 0, seenFromM: 0 }
  return {
    vehicles: standing + worthOf(arrivals) * arrivals.coming.length,
    coveredS: Math.min(...advance.map((loop) => coveredMs(arrivals, loop.id, view.nowMonoMs))) / 1_000,
    seenFromM: setbackOf(view, advance),
  }
}

function waitingIn({ lanes }: QueuesMemory, lane: string): number {
  const queue = lanes[lane]
  return queue === undefined ? 0 : waiting(queue)
}

const coveredMs = ({ coveredSinceMs }: ArrivalMemory, loop: number, nowMs: number): number =>
  nowMs - (coveredSinceMs[loop] ?? nowMs)

function setbackOf({ intersection }: IntersectionView, advance: ApproachFacts['advance']): number {
  const ids = new Set(advance.map(({ id }) => id))
  return Math.max(0, ...intersection.detectors.filter(({ id }) => ids.has(id)).map(({ setbackM }) => setbackM))
}
