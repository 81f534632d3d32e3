/** The overlaps of an intersection as the tables that they run on: who lights them, who bars them, who must be red first. */
import { bit, bitsOf, type Bits } from '#base/bits.ts'
import type { OverlapId, PhaseId } from '#base/id.ts'
import { headsConflict } from '../conflicts.ts'
import type { HeadSource, Overlap, OverlapKind } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Phase } from '../phase.ts'

/** What stands in somebody's way: overlaps with right of way, and those of which only the arrow that flashes does. */
export interface ConflictingOverlaps {
  readonly conflictingOverlaps: Bits
  readonly conflictingFlashes: Bits
}

export interface OverlapLayout extends ConflictingOverlaps {
  readonly number: OverlapId
  readonly bit: Bits
  readonly kind: OverlapKind
  readonly included: Bits
  /** Modifiers beside which it is red, of a minus green-yellow. */
  readonly barring: Bits
  /** Modifiers with which it shows the green arrow, of a flashing arrow. */
  readonly protecting: Bits
  /** Of them, those that take the arrow over while it flashes; one whose walk leads has people in its way before its green. */
  readonly takingOver: Bits
  /** All that light it. */
  readonly phases: readonly PhaseLayout[]
  /** What begins in the middle of a phase's green is still shown so long. */
  readonly minGreenMs: number
  readonly trailingGreenMs: number
  readonly trailingYellowMs: number
  readonly trailingRedMs: number
  readonly redRevertMs: number
}

export function layOutOverlap(
  overlap: Overlap,
  phases: readonly PhaseLayout[],
  intersection: Intersection,
): OverlapLayout {
  const { id, kind, included, modifiers, trailingGreenMs, trailingYellowMs, trailingRedMs } = overlap
  const protecting = kind === 'flashingYellowArrow' ? modifiers : []
  const barring = kind === 'minusGreenYellow' ? modifiers : []
  const lighting = phases.filter(({ number }) => included.includes(number) || protecting.includes(number))
  const permissive = lighting.filter(({ number }) => included.includes(number))
  const beginsLate = kind === 'minusGreenYellow' || kind === 'flashingYellowArrow'
  return {
    number: id,
    bit: bit(id),
    kind,
    included: bitsOf(included),
    barring: bitsOf(barring),
    protecting: bitsOf(protecting),
    takingOver: bitsOf(lighting.filter((phase) => takesOver(phase, overlap)).map(({ number }) => number)),
    phases: lighting,
    minGreenMs: beginsLate ? Math.min(...permissive.map(({ timing }) => timing.minGreenMs)) : 0,
    trailingGreenMs,
    trailingYellowMs,
    trailingRedMs,
    redRevertMs: Math.max(...lighting.map(({ timing }) => timing.redRevertMs)),
    ...inTheWayOf({ kind: 'overlap', overlap: id }, intersection),
  }
}

/** What a phase must know of the overlaps: which must be red before it begins, and which are green whenever it is. */
export function overlapsAbout(
  phase: Phase,
  intersection: Intersection,
): ConflictingOverlaps & { readonly overlaps: Bits } {
  const { conflictingOverlaps, conflictingFlashes } = inTheWayOf({ kind: 'vehicle', phase: phase.id }, intersection)
  const those = (wanted: (overlap: Overlap) => boolean) =>
    bitsOf(intersection.overlaps.filter(wanted).map(({ id }) => id))
  const taken = those((overlap) => takesOver({ number: phase.id, timing: phase.timing }, overlap))
  return {
    conflictingOverlaps,
    conflictingFlashes: (conflictingFlashes & ~taken) >>> 0,
    overlaps: those((overlap) => alwaysLighting(overlap).includes(phase.id)),
  }
}

function inTheWayOf(head: HeadSource, intersection: Intersection): ConflictingOverlaps {
  const against = (kind: 'overlap' | 'flashingArrow') =>
    bitsOf(
      intersection.overlaps
        .filter(({ id }) => headsConflict(intersection, head, { kind, overlap: id }))
        .map(({ id }) => id),
    )
  return { conflictingOverlaps: against('overlap'), conflictingFlashes: against('flashingArrow') }
}

/** From flashing to its own protected green there is no yellow: that phase does not wait for it. */
const takesOver = ({ number, timing }: Pick<PhaseLayout, 'number' | 'timing'>, { kind, modifiers }: Overlap): boolean =>
  kind === 'flashingYellowArrow' && modifiers.includes(number) && timing.leadingPedMs === 0

/** The phases with which it is green in any case; a flashing arrow with the protected ones. */
function alwaysLighting({ kind, included, modifiers }: Overlap): readonly PhaseId[] {
  if (kind === 'normal') return included
  return kind === 'flashingYellowArrow' ? modifiers : []
}
