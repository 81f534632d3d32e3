/** People at crosswalks: they come to the kerb, most push the button, they start in the walk and take their time. */
import type { Crossing } from '../streets/street-network.ts'
import type { Walker, WalkerSource } from '../walker.ts'
import { walkIsOn, type Lamps } from './lights.ts'

/** How long a finger stays on the button. */
const PUSH_MS = 500

/** What has happened at a crosswalk since the start. */
export interface CrosswalkCount {
  crossed: number
  waitedMs: number
  longestWaitMs: number
}

export interface Crosswalk {
  readonly crossing: Crossing
  readonly waiting: Walker[]
  /** When each who is on the crosswalk will be over. */
  readonly overAtMs: number[]
  pushedUntilMs: number
  readonly count: CrosswalkCount
}

export const openCrosswalks = (crossings: readonly Crossing[]): Crosswalk[] =>
  crossings.map((crossing) => ({
    crossing,
    waiting: [],
    overAtMs: [],
    pushedUntilMs: 0,
    count: { crossed: 0, waitedMs: 0, longestWaitMs: 0 },
  }))

export function comeToKerbs(crosswalks: readonly Crosswalk[], walkers: WalkerSource, nowMs: number): void {
  for (let walker = walkers.take(nowMs + 1); walker !== null; walker = walkers.take(nowMs + 1)) {
    const crosswalk = crosswalks[walker.crossing]
    if (crosswalk === undefined) continue
    crosswalk.waiting.push(walker)
    if (walker.pushes) crosswalk.pushedUntilMs = nowMs + PUSH_MS
  }
}

/** Returns how many are on the crosswalk. */
export function stepCrosswalk(crosswalk: Crosswalk, lamps: Lamps, nowMs: number): number {
  const { waiting, overAtMs, crossing, count } = crosswalk
  for (let i = overAtMs.length - 1; i >= 0; i--) if (overAtMs[i]! <= nowMs) overAtMs.splice(i, 1)
  if (waiting.length === 0 || !walkIsOn(crossing.head, lamps)) return overAtMs.length
  for (const { departMs, speedMps } of waiting) {
    const waitedMs = Math.max(0, nowMs - departMs)
    count.crossed++
    count.waitedMs += waitedMs
    count.longestWaitMs = Math.max(count.longestWaitMs, waitedMs)
    overAtMs.push(nowMs + Math.round((crossing.lengthM / speedMps) * 1_000))
  }
  waiting.length = 0
  return overAtMs.length
}
