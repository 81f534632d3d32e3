/** The service of a preempt: entry, track clearance, dwell and exit, one after another, and who takes over from whom. */
import type { Bits } from '#base/bits.ts'
import type { Calls } from '../detection/calls.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Ring } from '../rings/ring.ts'
import type { PreemptState } from '../status.ts'
import { afterPreempt, createExitPattern, type ExitPattern } from './exit-pattern.ts'
import {
  callLinked,
  createPreemptCalls,
  lasting,
  lockOut,
  mostUrgent,
  mostUrgentToBe,
  registerPreempts,
  type PreemptCalls,
} from './preempt-calls.ts'
import { NOTHING_GREEN, type Goal, type PreemptLayout } from './preempt-layout.ts'

export interface Preemption {
  readonly calls: PreemptCalls
  readonly exitPattern: ExitPattern
  /** In service; null in normal operation. */
  active: PreemptLayout | null
  state: Exclude<PreemptState, 'delay'>
  /** What the rings are to show now. */
  goal: Goal
  /** They show it, and for how long; before that the times of a state do not run. */
  arrived: boolean
  shownMs: number
  /** Since the entry began. */
  servedMs: number
}

export function createPreemption(layouts: readonly PreemptLayout[]): Preemption {
  return {
    calls: createPreemptCalls(layouts),
    exitPattern: createExitPattern(),
    active: null,
    state: 'none',
    goal: NOTHING_GREEN,
    arrived: false,
    shownMs: 0,
    servedMs: 0,
  }
}

/** Lets `elapsedMs` pass, and decides what the rings are to show: the whole of it before they are asked anything else. */
export function advancePreemption(preemption: Preemption, preempts: Bits, elapsedMs: number, emit: EmitEvent): void {
  const { calls, active } = preemption
  if (calls.layouts.length === 0) return
  watchPreempts(preemption, preempts, elapsedMs, emit)
  preemption.servedMs += elapsedMs
  if (preemption.arrived) preemption.shownMs += elapsedMs
  const urgent = mostUrgent(calls)
  if (urgent !== null && takesOver(urgent, preemption)) enter(preemption, urgent, emit)
  else if (active !== null && preemption.arrived) moveOn(preemption, active, emit)
}

/** Reads the inputs alone. An exit is the end of a service: the same call, if it comes again then, is a new one. */
export function watchPreempts(
  { calls, active, state }: Preemption,
  preempts: Bits,
  elapsedMs: number,
  emit: EmitEvent,
): void {
  const served = active === null || state === 'exit' ? 0 : active.bit
  registerPreempts(calls, { preempts, served }, elapsedMs, emit)
}

/** After the rings have moved: the step that they have reached begins (106, 107). */
export function noteArrival(preemption: Preemption, rings: readonly Ring[], emit: EmitEvent): void {
  const { active, goal } = preemption
  if (active === null || preemption.arrived || !shows(rings, goal)) return
  preemption.arrived = true
  preemption.shownMs = 0
  if (preemption.state === 'entry') preemption.state = active.track === null ? 'dwell' : 'track'
  if (preemption.state === 'track') emit(EVENT.preemptTrack, active.number)
  if (preemption.state === 'dwell') emit(EVENT.preemptDwell, active.number)
}

/** Pedestrians of the dwell phases walk while the call lasts, where the preempt has them; the exit is normal again. */
export function mayWalkInPreempt({ active, state, goal, calls }: Preemption, phase: PhaseLayout): boolean {
  if (active === null || state === 'exit') return true
  const dwells = state === 'dwell' && (goal.phases & phase.bit) !== 0
  return dwells && active.facts.dwell.walks && (lasting(calls) & active.bit) !== 0
}

/** People who push are served in the dwell, whoever else waits, and whatever supervision omits. */
export function walksInDwell({ state }: Preemption, ring: Ring, phase: PhaseLayout, calls: Calls): boolean {
  if (state !== 'dwell' || ring.pedestrians !== 'none') return false
  return ((calls.pedestrian | calls.layout.pedestrianRecalled) & phase.bit) !== 0
}

/** The lamps have been taken from the rings: a call that still lasts begins anew when they have them back. */
export function abandonPreempt(preemption: Preemption): void {
  preemption.active = null
  begin(preemption, 'none', NOTHING_GREEN)
}

/** Number and state as NTCIP 1202 preemptState has them; while only a delay runs, those of the call that waits. */
export function preemptStatus({ active, state, calls }: Preemption): { number: number; state: PreemptState } {
  if (active !== null) return { number: active.number, state }
  const waiting = mostUrgentToBe(calls)
  return waiting === null ? { number: 0, state: 'none' } : { number: waiting.number, state: 'delay' }
}

/** From normal operation and from an exit anybody may begin; from a service only a higher priority may take over. */
function takesOver(urgent: PreemptLayout, { active, state }: Preemption): boolean {
  return active === null || state === 'exit' || urgent.priority < active.priority
}

/** The tracks are cleared at every entry: whoever was broken off by a higher priority left them to others. */
function enter(preemption: Preemption, preempt: PreemptLayout, emit: EmitEvent): void {
  preemption.active = preempt
  preemption.servedMs = 0
  begin(preemption, 'entry', preempt.track ?? preempt.dwell)
  emit(EVENT.preemptEntry, preempt.number)
}

/** A call that drops and comes again in the dwell goes on being served: nothing has entered the tracks in between. */
function moveOn(preemption: Preemption, active: PreemptLayout, emit: EmitEvent): void {
  const { state, shownMs, servedMs, calls } = preemption
  const { track, dwell, minimumDurationMs } = active.facts
  if (state === 'exit') return finish(preemption, active)
  if (state === 'track') {
    if (track === null || shownMs >= track.greenMs) begin(preemption, 'dwell', active.dwell)
    return
  }
  if (shownMs < dwell.minGreenMs) return
  const lasts = (lasting(calls) & active.bit) !== 0
  if (lasts) callLinked(calls, active)
  else if (servedMs >= minimumDurationMs) leave(preemption, active, emit)
}

/** Whoever waited for the end of this one follows it at once; the exit phases are for the return to normal operation. */
function leave(preemption: Preemption, active: PreemptLayout, emit: EmitEvent): void {
  emit(EVENT.preemptExit, active.number)
  lockOut(preemption.calls, active)
  const next = mostUrgent(preemption.calls)
  if (next !== null) return enter(preemption, next, emit)
  if (active.exit === null) return finish(preemption, active)
  begin(preemption, 'exit', active.exit)
}

function finish(preemption: Preemption, { exitPattern }: PreemptLayout): void {
  preemption.active = null
  begin(preemption, 'none', NOTHING_GREEN)
  afterPreempt(preemption.exitPattern, exitPattern)
}

function begin(preemption: Preemption, state: Preemption['state'], goal: Goal): void {
  preemption.state = state
  preemption.goal = goal
  preemption.arrived = false
  preemption.shownMs = 0
}

/** Its phases are green, and no other is on. */
function shows(rings: readonly Ring[], { phases }: Goal): boolean {
  let green = 0
  for (const { phase, interval } of rings) {
    if (phase === null) continue
    if (interval !== 'green' || (phase.bit & phases) === 0) return false
    green |= phase.bit
  }
  return green >>> 0 === phases
}
