/** Which phases may run together, and which heads may not show right of way together. */
import { at } from '#base/at.ts'
import { hasBit, withBit, type Bits } from '#base/bits.ts'
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

function derivePhaseConflicts({ phases, extraConflicts }: Intersection): readonly Bits[] {
  const table = emptyTable()
  for (const a of phases) for (const b of phases) if (a.id !== b.id && !areConcurrent(a, b)) forbid(table, a.id, b.id)
  for (const [a, b] of extraConflicts) forbid(table, a, b)
  return table
}

/** By channel number: the channels that must never show right of way together with it. */
export function channelConflicts(intersection: Intersection): readonly Bits[] {
  const { channels } = intersection
  const table = emptyTable()
  for (const a of channels)
    for (const b of channels) if (headsConflict(intersection, a.source, b.source)) forbid(table, a.id, b.id)
  return table
}

/**
 * Two heads conflict when none of the phases that light the one may run with any that lights the other. The two sections
 * of a flashing arrow are one head; its yellow after flashing counts as the flashing section's.
 */
export function headsConflict(intersection: Intersection, a: HeadSource, b: HeadSource): boolean {
  const one = drivenBy(a, intersection)
  const other = drivenBy(b, intersection)
  if (one.overlap !== undefined && one.overlap === other.overlap) return false
  if (one.phases.length === 0 || other.phases.length === 0) return false
  const conflicts = phaseConflicts(intersection)
  const neverTogether = (p: PhaseId, q: PhaseId) =>
    hasBit(at(conflicts, p), q) || isBarredBeside(q, one) || isBarredBeside(p, other)
  return one.phases.every((p) => other.phases.every((q) => neverTogether(p, q)))
}

interface Driven {
  /** One for a vehicle or pedestrian head, the included ones for most overlaps, none for an overlap that is not there. */
  readonly phases: readonly PhaseId[]
  readonly overlap: Overlap | undefined
}

function drivenBy(source: HeadSource, { overlaps }: Intersection): Driven {
  if (!('overlap' in source)) return { phases: [source.phase], overlap: undefined }
  const overlap = overlaps.find(({ id }) => id === source.overlap)
  if (overlap === undefined) return { phases: [], overlap }
  const isProtected = overlap.kind === 'flashingYellowArrow' && source.kind === 'overlap'
  return { phases: isProtected ? overlap.modifiers : overlap.included, overlap }
}

/** Never lit beside that phase, though one of its own is on. */
const isBarredBeside = (phase: PhaseId, { overlap }: Driven): boolean =>
  overlap?.kind === 'minusGreenYellow' && overlap.modifiers.includes(phase)

/** NTCIP 1202 concurrency: different rings, same barrier group. */
const areConcurrent = (a: Phase, b: Phase): boolean => a.ring !== b.ring && a.barrier === b.barrier

const emptyTable = (): Bits[] => Array.from({ length: NUMBERED }, () => 0)

function forbid(table: Bits[], a: number, b: number): void {
  table[a] = withBit(at(table, a), b)
  table[b] = withBit(at(table, b), a)
}
