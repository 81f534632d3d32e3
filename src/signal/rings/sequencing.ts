/** Which phase comes next: in its ring while the barrier group lasts, across the barrier with all rings together. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout, SequenceLayout } from '../layout.ts'
import { endGreen, phasesIn, type Ring } from './ring.ts'

export interface Sequencer {
  readonly rings: readonly Ring[]
  sequence: SequenceLayout
  /** Barrier group that is being served; 0 before the first. */
  barrier: number
  /** Group that all rings have committed themselves to cross to; 0 while none. */
  target: number
  /** Phases that somebody waits for and that may be served; greens are counted when they would be served again. */
  wanted: Bits
  /** Those of the wanted phases that are not on. */
  called: Bits
  /** Phases that may be served without a call of their own, beside one that is called (dual entry). */
  entries: Bits
}

export function createSequencer(rings: readonly Ring[], sequence: SequenceLayout): Sequencer {
  return { rings, sequence, barrier: 0, target: 0, wanted: 0, called: 0, entries: 0 }
}

/** Ends the greens that may end and are in the way, and commits the rings to what comes next (code 18). */
export function decideNext(sequencer: Sequencer, emit: EmitEvent): void {
  listCalls(sequencer)
  if (sequencer.target === 0) {
    for (let index = 0; index < sequencer.rings.length; index++) moveOnInGroup(sequencer, index, emit)
    const behind = callsBehind(sequencer)
    if (behind !== 0 && sequencer.rings.every(readyToCross)) leaveGroup(sequencer, behind, emit)
  }
  if (sequencer.target !== 0) arriveAtBarrier(sequencer, emit)
}

/** Whom each green keeps waiting: its maximum timer runs from the first conflicting call on (code 2). */
export function noteConflictingCalls(sequencer: Sequencer, emit: EmitEvent): void {
  listCalls(sequencer)
  const behind = callsBehind(sequencer)
  for (let index = 0; index < sequencer.rings.length; index++) {
    const ring = at(sequencer.rings, index)
    if (ring.phase === null || ring.interval !== 'green') continue
    const conflicting = (callsAhead(sequencer, ring, index) | behind) !== 0 || blocks(sequencer, ring.phase)
    if (conflicting && !ring.maxRuns) emit(EVENT.phaseCheck, ring.phase.number)
    if (!conflicting) ring.maxMs = 0
    ring.maxRuns = conflicting
  }
}

function listCalls(sequencer: Sequencer): void {
  const { rings, wanted } = sequencer
  sequencer.called = wanted & ~phasesIn(rings, 'green') & ~phasesIn(rings, 'redAmber')
}

/** Calls that the ring can still serve in this group. */
function callsAhead(sequencer: Sequencer, ring: Ring, index: number): Bits {
  const order = sequencer.sequence.rings[index]
  if (order === undefined || sequencer.target !== 0) return 0
  return (
    sequencer.called & (ring.position === 0 ? (order.bits[sequencer.barrier] ?? 0) : at(order.after, ring.position))
  )
}

/** Calls that no ring can serve before all have crossed; a ring that must come back to a phase behind it makes a lap. */
function callsBehind(sequencer: Sequencer): Bits {
  let behind = sequencer.called
  for (let index = 0; index < sequencer.rings.length; index++)
    behind &= ~callsAhead(sequencer, at(sequencer.rings, index), index)
  return behind
}

/** A phase of another ring that must not run beside this one has been chosen and waits for it to end. */
function blocks(sequencer: Sequencer, phase: PhaseLayout): boolean {
  return (phase.conflicts & committed(sequencer)) !== 0
}

function committed({ rings }: Sequencer): Bits {
  let bits = 0
  for (const { next } of rings) if (next !== null) bits |= next.bit
  return bits
}

/** A green with a call ahead gives way to it alone; a ring at rest picks up a call that came late. */
function moveOnInGroup(sequencer: Sequencer, index: number, emit: EmitEvent): void {
  const ring = at(sequencer.rings, index)
  const idle = ring.phase === null && ring.next === null
  const ending = ring.interval === 'green' && ring.mayEnd !== 'none'
  if (!idle && !ending) return
  const next = chooseFirst(sequencer, index, sequencer.barrier, callsAhead(sequencer, ring, index))
  const givesWay = ending && ring.phase !== null && (next !== null || blocks(sequencer, ring.phase))
  if (next !== null) commit(ring, next, emit)
  if (givesWay && ring.phase !== null) endGreen(ring, ring.phase, emit)
}

/** Nothing left to do in this group: whoever could go on inside it has just been committed to. */
function readyToCross({ phase, next, interval, mayEnd }: Ring): boolean {
  return next === null && (phase === null || (interval === 'green' && mayEnd !== 'none'))
}

/** All greens end in the same step. The next group is the first after this one that is called, this one last. */
function leaveGroup(sequencer: Sequencer, behind: Bits, emit: EmitEvent): void {
  const { barriers } = sequencer.sequence
  const from = barriers.indexOf(sequencer.barrier)
  for (let step = 1; step <= barriers.length && sequencer.target === 0; step++) {
    const barrier = at(barriers, (from + step) % barriers.length)
    if (sequencer.sequence.rings.some((order) => (at(order.bits, barrier) & behind) !== 0)) sequencer.target = barrier
  }
  commitGroup(sequencer, sequencer.target, emit)
  for (const ring of sequencer.rings) if (ring.phase !== null) endGreen(ring, ring.phase, emit)
}

/** Called phases first; then dual entry, so that no ring stands red beside a green of its own kind. */
function commitGroup(sequencer: Sequencer, barrier: number, emit: EmitEvent): void {
  const { rings, sequence, wanted, entries } = sequencer
  rings.forEach((ring, index) => {
    const next = chooseFirst(sequencer, index, barrier, wanted)
    if (next !== null) commit(ring, next, emit)
  })
  rings.forEach((ring, index) => {
    const called = wanted & (sequence.rings[index]?.bits[barrier] ?? 0)
    const next = called === 0 ? chooseFirst(sequencer, index, barrier, entries) : null
    if (next !== null) commit(ring, next, emit)
  })
}

/**
 * The first of the candidates in the ring's order; null while another ring has chosen a phase that must not run beside
 * it. The ring then waits: to pass over it for a later one could starve it for ever.
 */
function chooseFirst(sequencer: Sequencer, index: number, barrier: number, candidates: Bits): PhaseLayout | null {
  if (candidates === 0) return null
  for (const phase of sequencer.sequence.rings[index]?.groups[barrier] ?? [])
    if ((phase.bit & candidates) !== 0) return (phase.conflicts & committed(sequencer)) === 0 ? phase : null
  return null
}

function commit(ring: Ring, next: PhaseLayout, emit: EmitEvent): void {
  ring.next = next
  emit(EVENT.nextDecision, next.number)
}

/** The barrier is crossed when the last ring has cleared: never one ring before another. */
function arriveAtBarrier(sequencer: Sequencer, emit: EmitEvent): void {
  if (sequencer.rings.some((ring) => ring.phase !== null)) return
  if (sequencer.barrier !== 0 && sequencer.barrier !== sequencer.target) emit(EVENT.barrier, sequencer.barrier)
  sequencer.barrier = sequencer.target
  sequencer.target = 0
  for (const ring of sequencer.rings) ring.position = 0
}
