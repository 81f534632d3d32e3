/** Which phases may run together, and which channels may not show right of way together. */
import { at } from '#base/at.ts'
import { bit, type Bits } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import type { HeadSource, Overlap } from './heads.ts'
import type { Intersection } from './intersection.ts'
import type { Phase } from './phase.ts'

/** Length of a table that phases, overlaps or channels 1–32 index; index 0 is unused. */
export const NUMBERED = 33

/** Intersections never change, and ten times a second somebody asks: each table is made once. */
const KNOWN = new WeakMap<Intersection, readonly Bits[]>()

/** By phase number: the phases that must never be green or clearing together with it; itself excluded. */
export function phaseConflicts(intersection: Intersection): readonly Bits[] {
  const known = KNOWN.get(intersection) ?? derivePhaseConflicts(intersection)
  KNOWN.set(intersection, known)
  return known
}

function derivePhaseConflicts(intersection: Intersection): readonly Bits[] {
  const conflicts = Array.from({ length: NUMBERED }, () => 0)
  const forbid = (a: PhaseId, b: PhaseId) => {
    conflicts[a] = (at(conflicts, a) | bit(b)) >>> 0
    conflicts[b] = (at(conflicts, b) | bit(a)) >>> 0
  }
  for (const a of intersection.phases)
    for (const b of intersection.phases) if (a.id !== b.id && !concurrent(a, b)) forbid(a.id, b.id)
  for (const [a, b] of intersection.extraConflicts) if (a !== b) forbid(a, b)
  return conflicts
}

/** By channel number: the channels that must never show right of way together with it. */
export function channelConflicts(intersection: Intersection): readonly Bits[] {
  const conflicts = phaseConflicts(intersection)
  const drivers = new Map(intersection.channels.map((channel) => [channel.id, driversOf(channel.source, intersection)]))
  const table = Array.from({ length: NUMBERED }, () => 0)
  for (const [a, phasesOfA] of drivers)
    for (const [b, phasesOfB] of drivers)
      if (neverTogether(phasesOfA, phasesOfB, conflicts)) table[a] = (at(table, a) | bit(b)) >>> 0
  return table
}

/** By overlap number: the phases that never run while the overlap may be green, for they conflict with all it includes. */
export function overlapConflicts(intersection: Intersection): readonly Bits[] {
  const conflicts = phaseConflicts(intersection)
  const table = Array.from({ length: NUMBERED }, () => 0)
  for (const overlap of intersection.overlaps) table[overlap.id] = conflictsOfAll(overlap.included, conflicts)
  return table
}

/** NTCIP 1202 concurrency: different rings, same barrier group. */
function concurrent(a: Phase, b: Phase): boolean {
  return a.ring !== b.ring && a.barrier === b.barrier
}

/** The phases that light a head; one for a vehicle or pedestrian head, the included ones for an overlap. */
function driversOf(source: HeadSource, intersection: Intersection): readonly PhaseId[] {
  if (!('overlap' in source)) return [source.phase]
  const overlap: Overlap | undefined = intersection.overlaps.find((candidate) => candidate.id === source.overlap)
  return overlap?.included ?? []
}

/** Two heads conflict when no phase of the one may run with any phase of the other. */
function neverTogether(a: readonly PhaseId[], b: readonly PhaseId[], conflicts: readonly Bits[]): boolean {
  if (a.length === 0 || b.length === 0) return false
  return a.every((p) => b.every((q) => p !== q && (at(conflicts, p) & bit(q)) !== 0))
}

function conflictsOfAll(phases: readonly PhaseId[], conflicts: readonly Bits[]): Bits {
  let common = phases.length === 0 ? 0 : ~0
  for (const phase of phases) common &= at(conflicts, phase)
  return common >>> 0
}
