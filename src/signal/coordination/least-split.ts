/** How long the turn of a phase lasts at least: what no force-off cuts, and the change to the next phase. */
import type { Phase } from '../phase.ts'

type Timed = Pick<Phase, 'timing' | 'pedClearInYellow'>

/** From the beginning of a phase to the earliest end of its green: red-amber and minimum green. */
export const leastServiceMs = ({ timing }: Timed): number => timing.redAmberMs + timing.minGreenMs

/** With people, whose walk may lead the red-amber, and whose clearance may last into the yellow. */
export function leastServiceOnFootMs(phase: Timed): number {
  const { walkMs, pedClearMs, leadingPedMs, redAmberMs, yellowMs } = phase.timing
  const leads = leadingPedMs > 0
  const walkBeginsMs = leads ? 0 : redAmberMs
  const clearInGreenMs = pedClearMs - (phase.pedClearInYellow ? yellowMs : 0)
  return Math.max(leadingPedMs + leastServiceMs(phase), walkBeginsMs + walkMs + clearInGreenMs)
}

/** What a split must hold, with people in every cycle or without: also the longest initial green that vehicles may ask for. */
export function leastSplitMs(phase: Timed, onFoot: boolean): number {
  const { yellowMs, redClearMs, redAmberMs, leadingPedMs, addedInitialMs, maxInitialMs } = phase.timing
  const serviceMs = onFoot ? leastServiceOnFootMs(phase) : leastServiceMs(phase)
  const leadMs = redAmberMs + (onFoot ? leadingPedMs : 0)
  const initialMs = addedInitialMs > 0 ? leadMs + maxInitialMs : 0 // NTCIP 1202 2.2.2.12
  return Math.max(serviceMs, initialMs) + yellowMs + redClearMs
}
