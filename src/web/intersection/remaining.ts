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

/** Red all the same: what is timed in them is not the lamp. */
const NO_LAMP_OF_ITS_OWN: ReadonlySet<string> = new Set(['rest', 'redClear', 'leadingPed'])

/** Time in the interval as the controller counts it, carried on by the age of its sample; null for a phase at rest. */
export function elapsedMs({ signal }: LiveState, phase: number, ageMs: number): number | null {
  const ring = signal?.rings.find((each) => each.phase === phase)
  if (!ring || NO_LAMP_OF_ITS_OWN.has(ring.interval)) return null
  return ring.elapsedMs + ageMs
}

/** A preempt may cut a minimum, an officer's time may stand still, and what flashes has no time at all. */
const PROMISING: ReadonlySet<LiveState['mode']> = new Set<LiveState['mode']>(['coordinated', 'actuated', 'local'])

/** null where nothing is certain. */
export function remainingOf(state: LiveState, phase: PhaseFacts, ageMs: number): Remaining | null {
  const { signal } = state
  if (!PROMISING.has(state.mode)) return null
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
