/** Signal heads: what drives them, the overlaps that several phases share, and the time that must pass between two of them. */
import type { ChannelId, OverlapId, PhaseId } from '#base/id.ts'
import type { Bilingual } from '#base/text.ts'

/**
 * - `normal`: green while any included phase is green or two of them follow each other; yellow and red clearance only
 *   when it really ends.
 * - `minusGreenYellow`: the same, but red while a modifier phase is green or yellow; it is cleared before that one begins.
 * - `flashingYellowArrow`: a left turn. Its arrow is green with its modifier (protected) phases, and flashes yellow with
 *   its included (permissive) ones.
 * - `pedestrian`: walks while any included phase walks, clears while the last of them clears.
 */
export type OverlapKind = 'normal' | 'minusGreenYellow' | 'flashingYellowArrow' | 'pedestrian'

export interface Overlap {
  readonly id: OverlapId
  readonly name: Bilingual
  readonly kind: OverlapKind
  readonly included: readonly PhaseId[]
  /** See `kind`; empty for the others. */
  readonly modifiers: readonly PhaseId[]
  /** Stays green so much longer than its phases, … */
  readonly trailingGreenMs: number
  /** … and then shows a yellow and a red clearance of its own; 0 = those of the phase that it ends with. */
  readonly trailingYellowMs: number
  readonly trailingRedMs: number
}

/**
 * Who drives a lamp: the vehicle or pedestrian side of a phase, an overlap, or the flashing section of an overlap's
 * yellow arrow, which has a channel of its own as in NEMA TS 2 (its green output flashes; it has no other lamp).
 */
export type HeadSource =
  | { readonly kind: 'vehicle'; readonly phase: PhaseId }
  | { readonly kind: 'pedestrian'; readonly phase: PhaseId }
  | { readonly kind: 'overlap'; readonly overlap: OverlapId }
  | { readonly kind: 'flashingArrow'; readonly overlap: OverlapId }

export interface Channel {
  readonly id: ChannelId
  readonly source: HeadSource
}

/**
 * From the end of the right of way of one head (green, or pedestrian clearance) to the beginning of that of another at
 * least `ms`, even where yellow and red clearance are shorter.
 */
export interface Intergreen {
  readonly from: HeadSource
  readonly to: HeadSource
  readonly ms: number
}
