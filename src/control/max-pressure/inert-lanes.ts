/**
 * Who does not move though the green is his alone: a loop that is stuck, a car that has broken down, a lie. He has been served,
 * as far as a signal can serve him, and may not claim every green for himself, nor those who are assumed behind him.
 */
import type { Bits } from '#base/bits.ts'
import { approachFacts, type LaneFacts } from '../queues/lane-facts.ts'
import type { QueuesMemory } from '../queues/lane-queues.ts'
import type { StopBarMemory } from '../queues/stop-bar.ts'
import type { IntersectionView } from '#signal/view.ts'

/** By lane: when the one in front last stood in a green that was his alone; plain data. */
export type VainGreens = Readonly<Record<string, number>>

/** Whoever has stood for less may be in a jam that dissolves; it is the bound of waiting. */
const STANDS_MS = 120_000

export function noteVainGreens(
  { intersection, nowMonoMs }: IntersectionView,
  greens: Bits,
  { queues, before }: { readonly queues: QueuesMemory; readonly before: VainGreens },
): VainGreens {
  const noted = approachFacts(intersection).flatMap(({ lanes }) =>
    lanes.flatMap((facts) => {
      const stopBar = queues.lanes[facts.id]?.stopBar
      if (stopBar === undefined || !stopBar.heldUp) return []
      const atMs = isAlone(facts, greens) ? nowMonoMs : before[facts.id]
      return atMs === undefined ? [] : [[facts.id, atMs] as const]
    }),
  )
  return Object.fromEntries(noted)
}

/** All its ways are green, and nobody comes towards those who turn left. */
const isAlone = ({ ways, opposing }: LaneFacts, greens: Bits): boolean =>
  ways.every(({ phases }) => (phases & greens) !== 0) &&
  ((opposing & greens) === 0 || ways.every(({ turn }) => turn !== 'left'))

/** For how long he has waited since; null for whoever is none of those. */
export function inertMs({ stoodSinceMs }: StopBarMemory, vainAtMs: number | undefined, nowMs: number): number | null {
  if (vainAtMs === undefined || stoodSinceMs === null || nowMs - stoodSinceMs < STANDS_MS) return null
  return nowMs - vainAtMs
}
