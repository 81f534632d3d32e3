/** The way back into step: a local cycle that has lost its offset runs slower or faster than the clock, or stands still. */
import type { Transition } from '../status.ts'
import type { Coordinator } from './coordination.ts'
import { waitMs, type PlanLayout } from './plan-windows.ts'

/** A way that has been taken, until the offset is reached. */
export interface Shift {
  /** `inStep` while the timer runs with the clock. */
  way: Exclude<Transition, 'free'>
  /** What the timer gains (or loses) of the time that passes. */
  share: number
  /** Still to be gained, or lost. */
  remainingMs: number
  /** Less than a millisecond, gained or lost and not yet counted. */
  carriedMs: number
}

/** A cycle in transition is ordinarily at least 80 % of its length: a quarter faster than the clock … */
const GAIN_SHARE = 0.25
/** … and at most 120 %: the timer then loses a sixth of the clock's time. */
const LOSS_SHARE = 1 / 6

/** Less is no transition: clocks of a cabinet and its time source differ by so much, and nobody sees it. */
const IN_STEP_MS = 1_000

export const noShift = (): Shift => ({ way: 'inStep', share: 0, remainingMs: 0, carriedMs: 0 })

/** How far the local timer advances in a step at whose end it should be at `idealMs`; notes the state of the transition. */
export function timerAdvanceMs(
  coordinator: Coordinator,
  plan: PlanLayout,
  { idealMs, elapsedMs }: { readonly idealMs: number; readonly elapsedMs: number },
): number {
  const { shift } = coordinator
  if (coordinator.stands) {
    shift.way = 'inStep'
    coordinator.transition = 'dwell'
    return 0
  }
  const toGainMs = waitMs(coordinator.localMs + elapsedMs, idealMs, plan.cycleMs)
  if (toGainMs === 0) return inStep(coordinator, elapsedMs)
  const toLoseMs = plan.cycleMs - toGainMs
  if (shift.way === 'inStep' && Math.min(toGainMs, toLoseMs) <= IN_STEP_MS)
    return inStep(coordinator, elapsedMs + unseenMs(shift, plan, { toGainMs, toLoseMs, elapsedMs }))
  const toGoMs = shift.way === 'subtract' ? toGainMs : toLoseMs
  if (shift.way === 'inStep' || Math.abs(toGoMs - shift.remainingMs) > IN_STEP_MS) chooseWay(shift, plan, toGainMs)
  return follow(coordinator, plan, { toGainMs, elapsedMs })
}

function inStep(coordinator: Coordinator, advanceMs: number): number {
  coordinator.shift.way = 'inStep'
  coordinator.transition = 'inStep'
  return advanceMs
}

interface Error {
  readonly toGainMs: number
  readonly toLoseMs: number
  readonly elapsedMs: number
}

/** A trifle is made up the shorter way; where nothing can be gained it stays. */
function unseenMs(shift: Shift, plan: PlanLayout, { toGainMs, toLoseMs, elapsedMs }: Error): number {
  if (toLoseMs <= IN_STEP_MS) return -Math.min(toLoseMs, wholeMs(shift, elapsedMs * LOSS_SHARE))
  return Math.min(toGainMs, wholeMs(shift, elapsedMs * Math.min(GAIN_SHARE, plan.gainMost)))
}

/**
 * The plan's own way, at the ordinary pace; faster where the plan's bound of cycles asks for it. What the minimums do
 * not allow to gain is lost instead: a cycle can always be made longer.
 */
function chooseWay(shift: Shift, plan: PlanLayout, toGainMs: number): void {
  const { way, cyclesMost } = plan.options.transition
  const toLoseMs = plan.cycleMs - toGainMs
  const boundMs = cyclesMost * plan.cycleMs
  const ordinaryShare = Math.min(GAIN_SHARE, plan.gainMost)
  const gains = way === 'subtract' || (way === 'shortest' && toGainMs / ordinaryShare <= toLoseMs / LOSS_SHARE)
  // In the `boundMs` that the local timer runs, the clock runs so much less, or more, as there is to gain, or to lose.
  const gainShare = Math.max(ordinaryShare, toGainMs / (boundMs - toGainMs))
  if (way === 'dwell') shift.way = 'dwell'
  else if (gains && plan.gainMost > 0 && gainShare <= plan.gainMost) {
    shift.way = 'subtract'
    shift.share = gainShare
  } else {
    shift.way = 'add'
    shift.share = Math.max(LOSS_SHARE, toLoseMs / (boundMs + toLoseMs))
  }
}

/** One step on the way that was chosen. */
function follow(
  coordinator: Coordinator,
  plan: PlanLayout,
  { toGainMs, elapsedMs }: { readonly toGainMs: number; readonly elapsedMs: number },
): number {
  const { shift } = coordinator
  const gains = shift.way === 'subtract'
  const toGoMs = gains ? toGainMs : plan.cycleMs - toGainMs
  const madeMs = Math.min(
    toGoMs,
    shift.way === 'dwell' ? standMs(coordinator, plan, elapsedMs) : wholeMs(shift, elapsedMs * shift.share),
  )
  shift.remainingMs = toGoMs - madeMs
  coordinator.transition = shift.way
  const advanceMs = gains ? elapsedMs + madeMs : elapsedMs - madeMs
  return shift.remainingMs === 0 ? inStep(coordinator, advanceMs) : advanceMs
}

/** How long of this step the timer stands: it runs on to the last moment at which all coordinated greens still rest. */
function standMs({ localMs }: Coordinator, { dwellMs, cycleMs }: PlanLayout, elapsedMs: number): number {
  const untilMs = (waitMs(localMs, dwellMs, cycleMs) || cycleMs) - 1
  return Math.max(0, elapsedMs - untilMs)
}

/** Carries fractions over, so that steps of any length come to the same pace. */
function wholeMs(shift: Shift, madeMs: number): number {
  const sumMs = shift.carriedMs + madeMs
  shift.carriedMs = sumMs % 1
  return sumMs - shift.carriedMs
}
