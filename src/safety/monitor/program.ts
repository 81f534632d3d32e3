/**
 * What the software monitor is told of its street. Derived here from the plain facts, apart from `signal/conflicts.ts` and from
 * the monitor of the virtual cabinet: a mistake in their tables cannot approve itself.
 */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { Channel } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'

/** Length of a table that channels 1–32 index; index 0 is unused. */
export const CHANNELS = 33

/** Everything by channel. */
export interface MonitorProgram {
  /** Channels that vehicles look at; they owe a yellow after green. */
  readonly vehicles: Bits
  /** Sections that flash: right of way when lit, and dark every half a second by right. */
  readonly flashing: Bits
  /** Yellow arrows that share their head with a flashing section: dark while that one flashes. */
  readonly arrows: Bits
  /** Those that must not have right of way beside it. */
  readonly conflicts: readonly Bits[]
  /** The same of its yellow, which an arrow shows for both of its sections. */
  readonly yellowConflicts: readonly Bits[]
  /** The longest red-amber of the site before its green; 0 = it has none. */
  readonly redAmberMs: readonly number[]
}

/** Whom a head lets go. */
interface Head {
  readonly channel: Channel
  readonly phases: readonly Phase[]
  /** Phases beside which it is red although one of its own is green. */
  readonly yieldsTo: ReadonlySet<number>
  readonly isFlashing: boolean
  /** It shares its head with a section that flashes. */
  readonly isArrow: boolean
  readonly isForVehicles: boolean
}

export function monitorProgram(intersection: Intersection): MonitorProgram {
  const heads = intersection.channels.map((channel) => headOf(channel, intersection))
  const conflicts = heads.map((head) => [head, beside(head, heads, intersection)] as const)
  const those = (are: (head: Head) => boolean) => bitsOf(heads.filter(are).map(({ channel }) => channel.id))
  return {
    vehicles: those((head) => head.isForVehicles),
    flashing: those((head) => head.isFlashing),
    arrows: those((head) => head.isArrow),
    conflicts: tabled(conflicts),
    yellowConflicts: tabled(conflicts.map(([head, bits]) => [head, bits & ofBothSections(head, conflicts)] as const)),
    redAmberMs: tabled(heads.map((head) => [head, Math.max(0, ...head.phases.map(redAmberMs))] as const)),
  }
}

const redAmberMs = ({ timing }: Phase): number => timing.redAmberMs

function headOf(channel: Channel, { phases, overlaps }: Intersection): Head {
  const { source } = channel
  const lit = (by: readonly number[]) => phases.filter(({ id }) => by.includes(id))
  const isFlashing = source.kind === 'flashingArrow'
  if (!('overlap' in source)) {
    const isForVehicles = source.kind === 'vehicle'
    return { channel, phases: lit([source.phase]), yieldsTo: NOBODY, isFlashing, isArrow: false, isForVehicles }
  }
  const overlap = overlaps.find(({ id }) => id === source.overlap)
  const isArrow = overlap?.kind === 'flashingYellowArrow' && !isFlashing
  return {
    channel,
    phases: lit((isArrow ? overlap.modifiers : overlap?.included) ?? []),
    yieldsTo: overlap?.kind === 'minusGreenYellow' ? new Set(overlap.modifiers) : NOBODY,
    isFlashing,
    isArrow,
    isForVehicles: overlap?.kind !== 'pedestrian',
  }
}

const NOBODY: ReadonlySet<number> = new Set()

/** A head conflicts with every other that no lawful pair of phases lights beside it. */
function beside(head: Head, heads: readonly Head[], intersection: Intersection): Bits {
  const barred = heads.filter((other) => !isOneHead(head, other) && !canBeLit(head, other, intersection))
  return bitsOf(barred.map(({ channel }) => channel.id))
}

/** The two sections of an arrow. */
function isOneHead({ channel: { source: a } }: Head, { channel: { source: b } }: Head): boolean {
  if (!('overlap' in a)) return !('overlap' in b) && a.kind === b.kind && a.phase === b.phase
  return 'overlap' in b && a.overlap === b.overlap
}

const canBeLit = (one: Head, other: Head, intersection: Intersection): boolean =>
  one.phases.some(
    (a) =>
      !other.yieldsTo.has(a.id) &&
      other.phases.some((b) => !one.yieldsTo.has(b.id) && (a.id === b.id || mayRunTogether(a, b, intersection))),
  )

/** NTCIP 1202 concurrency: another ring, the same side of the barriers; less the pairs that the site forbids. */
function mayRunTogether(a: Phase, b: Phase, { extraConflicts }: Intersection): boolean {
  if (a.ring === b.ring || a.barrier !== b.barrier) return false
  return !extraConflicts.some(([one, other]) => (one === a.id && other === b.id) || (one === b.id && other === a.id))
}

/** After flashing an arrow's steady yellow is that of whoever turned in gaps: only what bars both sections bars it. */
function ofBothSections(head: Head, conflicts: readonly (readonly [Head, Bits])[]): Bits {
  const sections = head.isArrow ? conflicts.filter(([other]) => isOneHead(head, other)) : []
  return sections.reduce((both, [, bits]) => both & bits, ~0)
}

function tabled(rows: readonly (readonly [Head, number])[]): readonly number[] {
  const table = Array.from({ length: CHANNELS }, () => 0)
  for (const [{ channel }, value] of rows) table[channel.id] = value
  return table
}
