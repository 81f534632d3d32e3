/** How long a phase has been as it is, and what is certain of how long it stays: never more than the data can promise. */
import { hasBit } from '#base/bits.ts'
import type { Geometry } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import { lampOf } from '../live/bands.ts'
import { untilYieldMs } from '../text/why.ts'

type PhaseFacts = Geometry['phases'][number]

export interface Remaining {
  readonly ms: number
  /** True: it may last longer, but not less. */
  readonly atLeast: boolean
}

/** Time in the interval as the controller counts it, carried on by the age of its sample; null for a phase at rest. */
export function elapsedMs({ signal }: LiveState, phase: number, ageMs: number): number | null {
  const ring = signal?.rings.find((each) => each.phase === phase)
  if (!ring || ring.interval === 'rest' || ring.interval === 'redClear') return null
  return ring.elapsedMs + ageMs
}

/** null where nothing is certain. */
export function remainingOf(state: LiveState, phase: PhaseFacts, ageMs: number): Remaining | null {
  const { signal } = state
  const elapsed = elapsedMs(state, phase.id, ageMs)
  if (!signal || elapsed === null) return null
  const lamp = lampOf(signal, phase.id)
  if (lamp === 'yellow') return { ms: Math.max(0, phase.yellowMs - elapsed), atLeast: false }
  if (lamp !== 'green') return null
  const pedestrians = hasBit(signal.walks, phase.id) ? phase.clearInGreenMs : 0
  const ms = Math.max(phase.minGreenMs - elapsed, pedestrians, heldMs(state, phase.id) - ageMs)
  return ms > 0 ? { ms, atLeast: true } : null
}

/** A coordinated phase stays green until its yield point. */
function heldMs({ why }: LiveState, phase: number): number {
  if (why?.code !== 'COORDINATED_GREEN' || why.phase !== phase) return 0
  return untilYieldMs(why.numbers) ?? 0
}
