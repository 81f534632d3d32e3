/** Who calls for preemption: inputs that last, are delayed, are kept, are linked, or are broken. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { emitEach, EVENT, type EmitEvent } from '../events.ts'
import type { PreemptLayout } from './preempt-layout.ts'

export interface PreemptCalls {
  /** Highest priority first. */
  readonly layouts: readonly PreemptLayout[]
  /** Inputs that are on, as at the last step. */
  inputs: Bits
  /** On for longer than anybody can need it: taken for broken, and ignored until it drops. */
  broken: Bits
  /** Kept although the input may be gone: their service has not begun. */
  locked: Bits
  /** Whose dwell has lasted its minimum, so that they call for their linked preempts … */
  linkers: Bits
  /** … and these. */
  linked: Bits
  /** Calls whose delay is over. */
  ready: Bits
  /** By number: how long the input has been on, … */
  readonly presentMs: number[]
  /** … and how long the call has waited. */
  readonly waitedMs: number[]
  /** By number: what is left of the lockout after its last service. */
  readonly lockoutMs: number[]
}

/** Preempts 1–16; index 0 is unused. */
export const PREEMPT_INDEXES = 17
const NOT_WAITING = -1

export function createPreemptCalls(layouts: readonly PreemptLayout[]): PreemptCalls {
  return {
    layouts,
    inputs: 0,
    broken: 0,
    locked: 0,
    linkers: 0,
    linked: 0,
    ready: 0,
    presentMs: Array.from({ length: PREEMPT_INDEXES }, () => 0),
    waitedMs: Array.from({ length: PREEMPT_INDEXES }, () => NOT_WAITING),
    lockoutMs: Array.from({ length: PREEMPT_INDEXES }, () => 0),
  }
}

/** What comes in at a step; `served`: bit of the preempt in service, 0 = none, whose lock has done what it is for. */
export interface PreemptInputs {
  readonly preempts: Bits
  readonly served: Bits
}

/** Reads the inputs: on and off (102, 104), and those that are on for too long (110). */
export function registerPreempts(
  calls: PreemptCalls,
  { preempts, served }: PreemptInputs,
  elapsedMs: number,
  emit: EmitEvent,
): void {
  const before = calls.inputs
  calls.inputs = knownOf(calls, preempts)
  emitEach(calls.inputs & ~before, EVENT.preemptCallOn, emit)
  emitEach(before & ~calls.inputs, EVENT.preemptCallOff, emit)
  calls.broken &= calls.inputs
  calls.locked &= ~served
  for (const layout of calls.layouts) {
    const came = (before & layout.bit) === 0
    calls.presentMs[layout.number] = came ? 0 : at(calls.presentMs, layout.number) + elapsedMs
    if (came && layout.facts.locking) calls.locked |= calls.inputs & layout.bit & ~served
    judgePresence(calls, layout, emit)
  }
  followLinks(calls, emit)
  calls.ready = 0
  for (const layout of calls.layouts) wait(calls, layout, elapsedMs)
}

/** Calls that last: by an input that is not broken, or by a link. */
export function lasting({ inputs, broken, linked }: PreemptCalls): Bits {
  return ((inputs & ~broken) | linked) >>> 0
}

/** The call that comes first; null while nobody's delay is over. */
export function mostUrgent({ layouts, ready }: PreemptCalls): PreemptLayout | null {
  for (const layout of layouts) if ((layout.bit & ready) !== 0) return layout
  return null
}

/** The call that will come first; null while nobody calls. */
export function mostUrgentToBe(calls: PreemptCalls): PreemptLayout | null {
  const bits = lasting(calls) | calls.locked
  return calls.layouts.find((layout) => (layout.bit & bits) !== 0) ?? null
}

/** NTCIP 1202 preemptLink: after the minimum of its dwell a preempt calls for the linked one, as long as its own call lasts. */
export function callLinked(calls: PreemptCalls, { bit, link }: PreemptLayout): void {
  if (link !== 0) calls.linkers |= bit
}

/** Its service is over. */
export function lockOut(calls: PreemptCalls, { number, facts }: PreemptLayout): void {
  calls.lockoutMs[number] = facts.lockoutMs
}

function knownOf({ layouts }: PreemptCalls, inputs: Bits): Bits {
  let known = 0
  for (const { bit } of layouts) known |= bit
  return (inputs & known) >>> 0
}

function judgePresence(calls: PreemptCalls, { bit, number, facts }: PreemptLayout, emit: EmitEvent): void {
  const { maximumPresenceMs } = facts
  if (maximumPresenceMs === 0 || (calls.inputs & ~calls.broken & bit) === 0) return
  if (at(calls.presentMs, number) <= maximumPresenceMs) return
  calls.broken |= bit
  calls.locked &= ~bit
  emit(EVENT.preemptMaxPresence, number)
}

function followLinks(calls: PreemptCalls, emit: EmitEvent): void {
  const before = calls.linked
  calls.linkers &= lasting(calls)
  let linked = 0
  for (const layout of calls.layouts) if ((calls.linkers & layout.bit) !== 0) linked |= layout.link
  calls.linked = linked
  emitEach(linked & ~before, EVENT.preemptLinkOn, emit)
  emitEach(before & ~linked, EVENT.preemptLinkOff, emit)
}

/** The delay runs from the beginning of the call; a link has neither delay nor lockout, for its first preempt has had its own. */
function wait(calls: PreemptCalls, { bit, number, facts }: PreemptLayout, elapsedMs: number): void {
  const waiting = (lasting(calls) | calls.locked) & bit
  const waitedMs = at(calls.waitedMs, number)
  const lockoutMs = Math.max(0, at(calls.lockoutMs, number) - elapsedMs)
  calls.lockoutMs[number] = lockoutMs
  if (waiting === 0) calls.waitedMs[number] = NOT_WAITING
  else calls.waitedMs[number] = waitedMs === NOT_WAITING ? 0 : waitedMs + elapsedMs
  const isDue = waiting !== 0 && at(calls.waitedMs, number) >= facts.delayMs && lockoutMs === 0
  if ((calls.linked & bit) !== 0 || isDue) calls.ready |= bit
}
