/** Phase sequences that leave a phase out, serve one twice, or cross a barrier with one ring alone. */
import { isNumber, twice } from './check-numbers.ts'
import type { SequenceFault } from './database-fault.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase, PhaseSequence } from '../phase.ts'
import { barrierOrder } from '../rings/turns.ts'

/** NTCIP 1202 2.8.1: four rings are what makers offer. */
const RINGS_MOST = 4
/** NTCIP 1202 2.8.2 maxSequences: 16 are what makers offer. */
const SEQUENCE_MOST = 16

export function checkSequences({ phases, sequences }: Intersection): SequenceFault[] {
  return [
    ...(sequences.length === 0 ? [{ code: 'NO_SEQUENCES' as const }] : []),
    ...twice(sequences.map(({ number }) => number)).map((sequence) => ({ code: 'SEQUENCE_TWICE' as const, sequence })),
    ...sequences.flatMap((sequence) => [
      ...checkNumber(sequence),
      ...checkRings(sequence),
      ...checkMembers(sequence, phases),
      ...checkMissing(sequence, phases),
      ...checkBarriers(sequence, phases),
    ]),
  ]
}

function* checkNumber({ number: sequence }: PhaseSequence): Generator<SequenceFault> {
  if (!isNumber(sequence, SEQUENCE_MOST)) yield { code: 'SEQUENCE_NUMBER_INVALID', sequence, most: SEQUENCE_MOST }
}

function* checkRings({ number: sequence, rings }: PhaseSequence): Generator<SequenceFault> {
  if (rings.length > RINGS_MOST) yield { code: 'TOO_MANY_RINGS', sequence, rings: rings.length, most: RINGS_MOST }
}

function* checkMembers({ number: sequence, rings }: PhaseSequence, phases: readonly Phase[]): Generator<SequenceFault> {
  const before = new Set<number>()
  for (const [index, members] of rings.entries())
    for (const phase of members) {
      const ring = index + 1
      const known = phases.find(({ id }) => id === phase)
      if (before.has(phase)) yield { code: 'SEQUENCE_PHASE_TWICE', sequence, ring, phase }
      before.add(phase)
      if (known === undefined) yield { code: 'SEQUENCE_PHASE_UNKNOWN', sequence, ring, phase }
      else if (known.ring !== ring)
        yield { code: 'SEQUENCE_PHASE_IN_OTHER_RING', sequence, ring, phase, ringOfPhase: known.ring }
    }
}

function* checkMissing({ number: sequence, rings }: PhaseSequence, phases: readonly Phase[]): Generator<SequenceFault> {
  for (const { id: phase } of phases)
    if (!rings.some((members) => members.includes(phase))) yield { code: 'SEQUENCE_PHASE_MISSING', sequence, phase }
}

/** Every ring must meet the barriers in one order, each of them once. */
function* checkBarriers(
  { number: sequence, rings }: PhaseSequence,
  phases: readonly Phase[],
): Generator<SequenceFault> {
  const known = rings.map((members) => members.flatMap((phase) => phases.filter(({ id }) => id === phase)))
  const order = barrierOrder(known)
  for (const [index, members] of known.entries()) {
    let reached = 0
    for (const { id: phase, barrier } of members) {
      const place = order.indexOf(barrier)
      if (place < reached) yield { code: 'BARRIER_CROSSED', sequence, ring: index + 1, phase, barrier, order }
      reached = Math.max(reached, place)
    }
  }
}
