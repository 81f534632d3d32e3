/** Which phase comes next: in its ring while the barrier group lasts, across the barrier with all rings together. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { emitEach, EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout, SequenceLayout } from '../layout.ts'
import { endGreen, servedPhases, type Ring } from './ring.ts'

export interface Sequencer {
  readonly rings: readonly Ring[]
  /** In service. Another one is taken over between two barrier groups, so that nobody is passed over inside of one. */
  sequence: SequenceLayout
  /** What the pattern in effect asks for. */
  asked: SequenceLayout
  /** Barrier group that is being served; 0 before the first. */
  barrier: number
  /** Group that all rings have committed themselves to cross to; 0 while none. */
  target: number
  /** Phases that somebody waits for and that may be served; greens are counted when they would be served again. */
  wanted: Bits
  /** Those of the wanted phases that are neither on nor chosen. */
  called: Bits
  /** Phases that may be served without a call of their own, beside one that is called (dual entry). */
  entries: Bits
}

export function createSequencer(rings: readonly Ring[], sequence: SequenceLayout): Sequencer {
  return { rings, sequence, asked: sequence, barrier: 0, target: 0, wanted: 0, called: 0, entries: 0 }
}

/** Commits the rings to phases of one barrier group before any other: what a controller begins with after a flash. */
export function startWith(sequencer: Sequencer, phases: readonly PhaseLayout[], emit: EmitEvent): void {
  for (const phase of phases) commit(at(sequencer.rings, phase.ring), phase, emit)
  const [first] = phases
  if (first !== undefined) enterGroup(sequencer, first.barrier, emit)
}

/** Ends the greens that may end and are in the way, and commits the rings to what comes next (code 18). */
export function decideNext(sequencer: Sequencer, emit: EmitEvent): void {
  listCalls(sequencer)
  if (sequencer.target === 0) {
    if (sequencer.rings.every(isIdle)) forgetGroup(sequencer)
    for (let index = 0; index < sequencer.rings.length; index++) moveOnInGroup(sequencer, index, emit)
    const behind = callsBehind(sequencer)
    if (behind !== 0 && sequencer.rings.every(isReadyToCross)) leaveGroup(sequencer, behind, emit)
  }
  if (sequencer.target !== 0) arriveAtBarrier(sequencer, emit)
}

/** Whom each green keeps waiting: its maximum timer runs from the first conflicting call on (code 2). */
export function noteConflictingCalls(sequencer: Sequencer, emit: EmitEvent): void {
  listCalls(sequencer)
  const behind = callsBehind(sequencer)
  for (const ring of sequencer.rings) {
    if (ring.phase === null || ring.interval !== 'green') continue
    const conflicting = (callsAhead(sequencer, ring) | behind) !== 0 || blocks(sequencer, ring.phase)
    if (conflicting && !ring.maxRuns) emit(EVENT.phaseCheck, ring.phase.number)
    if (!conflicting) ring.maxMs = 0
    ring.maxRuns = conflicting
  }
}

/** Nothing left to do in this group: whoever could go on inside it has just been committed to. */
export function isReadyToCross(ring: Ring): boolean {
  return ring.next === null && (ring.phase === null || mayGiveWay(ring))
}

export function commit(ring: Ring, next: PhaseLayout, emit: EmitEvent): void {
  ring.next = next
  emit(EVENT.nextDecision, next.number)
}

/** The phases that the rings have committed themselves to. */
export function committed({ rings }: Sequencer): Bits {
  let bits = 0
  for (const { next } of rings) if (next !== null) bits |= next.bit
  return bits >>> 0
}

/** Takes back a crossing that has not been made; what the rings have chosen for it is theirs to choose again. */
export function abandonTarget(sequencer: Sequencer): void {
  sequencer.target = 0
}

/** All rings have cleared, and cross together (code 31). */
export function crossBarrier(sequencer: Sequencer, barrier: number, emit: EmitEvent): void {
  invariant(sequencer.rings.every(isOff), 'a barrier is crossed when every ring has cleared')
  if (sequencer.barrier !== 0 && sequencer.barrier !== barrier) emit(EVENT.barrier, sequencer.barrier)
  enterGroup(sequencer, barrier, emit)
}

/** The last word on what is on: a conflict is a bug, and stops the controller, whose cabinet then flashes. */
export function assertApart({ rings }: Sequencer): void {
  let on = 0
  for (const { phase } of rings) {
    if (phase === null) continue
    invariant((phase.conflicts & on) === 0, 'phases that conflict are never on together')
    on |= phase.bit
  }
}

const isOff = ({ phase }: Ring): boolean => phase === null

const isIdle = ({ phase, next }: Ring): boolean => phase === null && next === null

const mayGiveWay = ({ interval, mayEnd }: Ring): boolean => interval === 'green' && mayEnd !== 'none'

function listCalls(sequencer: Sequencer): void {
  const { rings, wanted } = sequencer
  sequencer.called = (wanted & ~servedPhases(rings) & ~committed(sequencer)) >>> 0
}

/** Calls that the ring can still serve in this group. */
function callsAhead({ called, target }: Sequencer, ring: Ring): Bits {
  return target === 0 ? called & ring.ahead : 0
}

/** Calls that no ring can serve before all have crossed; a ring that must come back to a phase behind it makes a lap. */
function callsBehind(sequencer: Sequencer): Bits {
  let behind = sequencer.called
  for (const ring of sequencer.rings) behind &= ~callsAhead(sequencer, ring)
  return behind >>> 0
}

/** A phase of another ring that must not run beside this one has been chosen and waits for it to end. */
function blocks(sequencer: Sequencer, phase: PhaseLayout): boolean {
  return (phase.conflicts & committed(sequencer)) !== 0
}

/** Every ring rests in red: the visit is over, and whoever comes next begins one, with all that goes with it. */
function forgetGroup({ rings }: Sequencer): void {
  for (const ring of rings) ring.ahead = 0
}

/** A green with a call ahead gives way to it alone; a ring at rest picks up a call that came late. */
function moveOnInGroup(sequencer: Sequencer, index: number, emit: EmitEvent): void {
  const ring = at(sequencer.rings, index)
  const ending = mayGiveWay(ring) ? ring.phase : null
  if (ending === null && !isIdle(ring)) return
  const next = chooseFirst(sequencer, index, callsAhead(sequencer, ring))
  if (next !== null) {
    passTo(sequencer, ring, next, emit)
    commit(ring, next, emit)
  }
  if (ending === null) return
  if (next !== null || blocks(sequencer, ending)) endGreen(ring, ending, emit)
  else if (restsInRed(sequencer, ending)) {
    // Nobody waits behind the barrier: the ring begins its group anew, and comes back at once beside other greens.
    ring.ahead = groupOf(sequencer, index)
    endGreen(ring, ending, emit)
  }
}

/** NEMA TS 2 3.5.3 "red rest": nobody waits anywhere, and no recall would bring the phase back at once. */
function restsInRed({ called, wanted }: Sequencer, phase: PhaseLayout): boolean {
  return phase.restsInRed && called === 0 && (wanted & phase.bit) === 0
}

/** All greens end in the same step, and the turn of whoever was still ahead has passed. */
function leaveGroup(sequencer: Sequencer, behind: Bits, emit: EmitEvent): void {
  for (const ring of sequencer.rings) emitEach(ring.ahead, EVENT.phaseSkipped, emit)
  sequencer.sequence = sequencer.asked
  sequencer.target = nextGroup(sequencer, behind, emit)
  commitGroup(sequencer, emit)
  for (const ring of sequencer.rings) if (ring.phase !== null) endGreen(ring, ring.phase, emit)
}

/** The first group after this one that is called, this one last; those between them are passed over whole. */
function nextGroup({ sequence, barrier: left }: Sequencer, behind: Bits, emit: EmitEvent): number {
  const { barriers, rings } = sequence
  const from = barriers.indexOf(left)
  for (let step = 1; step <= barriers.length; step++) {
    const barrier = at(barriers, (from + step) % barriers.length)
    if (rings.some((order) => (at(order.bits, barrier) & behind) !== 0)) return barrier
    for (const order of rings) emitEach(at(order.bits, barrier), EVENT.phaseSkipped, emit)
  }
  throw new Error('invariant broken: whoever waits has a turn in the sequence')
}

/** Called phases first; then dual entry, so that no ring stands red beside a green of its own kind. */
function commitGroup(sequencer: Sequencer, emit: EmitEvent): void {
  const { rings, wanted, entries } = sequencer
  for (let index = 0; index < rings.length; index++) commitFirst(sequencer, { index, candidates: wanted }, emit)
  for (let index = 0; index < rings.length; index++)
    if ((wanted & groupOf(sequencer, index)) === 0) commitFirst(sequencer, { index, candidates: entries }, emit)
}

function commitFirst(
  sequencer: Sequencer,
  { index, candidates }: { readonly index: number; readonly candidates: Bits },
  emit: EmitEvent,
): void {
  const next = chooseFirst(sequencer, index, candidates)
  if (next === null) return
  commit(at(sequencer.rings, index), next, emit)
}

/**
 * The first of the candidates in the ring's order; null while another ring has chosen a phase that must not run beside
 * it. The ring then waits: to pass over it for a later one could starve it for ever.
 */
function chooseFirst(sequencer: Sequencer, index: number, candidates: Bits): PhaseLayout | null {
  if (candidates === 0) return null
  for (const phase of phasesOf(sequencer, index))
    if ((phase.bit & candidates) !== 0) return blocks(sequencer, phase) ? null : phase
  return null
}

/**
 * The barrier is crossed when the last ring has cleared: never one ring before another. A plan of another sequence that
 * has taken effect at this very barrier begins with its own order.
 */
function arriveAtBarrier(sequencer: Sequencer, emit: EmitEvent): void {
  if (!sequencer.rings.every(isOff)) return
  if (sequencer.sequence !== sequencer.asked) chooseAnew(sequencer, emit)
  crossBarrier(sequencer, sequencer.target, emit)
}

function chooseAnew(sequencer: Sequencer, emit: EmitEvent): void {
  sequencer.sequence = sequencer.asked
  for (const ring of sequencer.rings) ring.next = null
  commitGroup(sequencer, emit)
}

/** A visit begins: each ring has its phases of the group before it, but for those before the one that it has chosen. */
function enterGroup(sequencer: Sequencer, barrier: number, emit: EmitEvent): void {
  sequencer.barrier = barrier
  sequencer.target = 0
  for (let index = 0; index < sequencer.rings.length; index++) {
    const ring = at(sequencer.rings, index)
    ring.ahead = groupOf(sequencer, index)
    if (ring.next !== null) passTo(sequencer, ring, ring.next, emit)
  }
}

/** Phases that stand before `next` have had their turn in this visit (code 14). */
function passTo(sequencer: Sequencer, ring: Ring, next: PhaseLayout, emit: EmitEvent): void {
  const after = phasesAfter(sequencer, next)
  emitEach(ring.ahead & ~after & ~next.bit, EVENT.phaseSkipped, emit)
  ring.ahead = after
}

/** The ring's phases in the group that is chosen for or served, in their order; a ring may have none there. */
export function phasesOf({ sequence, barrier, target }: Sequencer, index: number): readonly PhaseLayout[] {
  return at(at(sequence.rings, index).groups, target === 0 ? barrier : target)
}

function groupOf({ sequence, barrier, target }: Sequencer, index: number): Bits {
  return at(at(sequence.rings, index).bits, target === 0 ? barrier : target)
}

/** The phases behind this one in its group. */
function phasesAfter({ sequence }: Sequencer, { ring, number }: PhaseLayout): Bits {
  return at(at(sequence.rings, ring).after, number)
}
