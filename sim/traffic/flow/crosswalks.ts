/** People at crosswalks: they come to the kerb, most push the button, they start in the walk and take their time. */
import type { Crossing } from '../streets/street-network.ts'
import type { Walker, WalkerSource } from '../walker.ts'
import { walkIsOn, type Lamps } from './lights.ts'

/** Of a lane behind the junction that a turning vehicle drives into. */
const LANE_WIDTH_M = 3.5
/** Drivers wait for those who are this near to their lane, on either side of it. */
const PERSON_M = 1.5
/** How long a finger stays on the button. */
const PUSH_MS = 500

/** What has happened at a crosswalk since the start. */
export interface CrosswalkCount {
  crossed: number
  waitedMs: number
  longestWaitMs: number
}

/** Somebody on the crosswalk. */
interface OnFoot {
  readonly sinceMs: number
  readonly speedMps: number
  /** He started on the side on which vehicles leave the junction. */
  readonly fromExit: boolean
}

export interface Crosswalk {
  readonly crossing: Crossing
  readonly waiting: Walker[]
  readonly onFoot: OnFoot[]
  pushedUntilMs: number
  readonly count: CrosswalkCount
}

export const openCrosswalks = (crossings: readonly Crossing[]): Crosswalk[] =>
  crossings.map((crossing) => ({
    crossing,
    waiting: [],
    onFoot: [],
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

/** Nobody waits and nobody crosses. */
export const isEmpty = ({ waiting, onFoot }: Crosswalk): boolean => waiting.length === 0 && onFoot.length === 0

/** Returns the lanes behind the junction, by place from the kerb, on which people are, or step next: a bit field. */
export function stepCrosswalk(crosswalk: Crosswalk, lamps: Lamps, nowMs: number): number {
  const { waiting, onFoot, crossing } = crosswalk
  if (waiting.length > 0 && walkIsOn(crossing.head, lamps)) {
    for (const walker of waiting) onFoot.push(start(crosswalk, walker, nowMs))
    waiting.length = 0
  }
  let lanes = 0
  for (let i = onFoot.length - 1; i >= 0; i--) {
    const { sinceMs, speedMps, fromExit } = onFoot[i]!
    const walkedM = ((nowMs - sinceMs) / 1_000) * speedMps
    if (walkedM >= crossing.lengthM) onFoot.splice(i, 1)
    else lanes |= lanesNear(fromExit ? walkedM : crossing.lengthM - walkedM)
  }
  return lanes
}

function start({ count }: Crosswalk, { departMs, speedMps, fromExit }: Walker, nowMs: number): OnFoot {
  const waitedMs = Math.max(0, nowMs - departMs)
  count.crossed++
  count.waitedMs += waitedMs
  count.longestWaitMs = Math.max(count.longestWaitMs, waitedMs)
  return { sinceMs: nowMs, speedMps, fromExit }
}

/** Of somebody so far from the kerb at which vehicles leave. */
function lanesNear(fromKerbM: number): number {
  const first = Math.max(0, Math.floor((fromKerbM - PERSON_M) / LANE_WIDTH_M))
  const last = Math.floor((fromKerbM + PERSON_M) / LANE_WIDTH_M)
  return (1 << (last + 1)) - (1 << first)
}
