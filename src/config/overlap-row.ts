/** An overlap in `network.yaml`, and the facts that it becomes. */
import { Type } from 'typebox'
import { overlapId, phaseId } from '#base/id.ts'
import type { Overlap, OverlapKind } from '#signal/heads.ts'
import { Bilingual, NumberTo32, seconds, strict, toMs } from './fields.ts'

export const KIND_WORDS = {
  normal: 'normal',
  minusGreenYellow: 'minus_green_yellow',
  flashingYellowArrow: 'flashing_yellow_arrow',
  pedestrian: 'pedestrian',
} as const satisfies Record<OverlapKind, string>

export const OverlapRow = strict({
  name: Bilingual,
  phases: Type.Array(NumberTo32, {
    minItems: 1,
    description: 'it is green (walks, or flashes yellow) with them',
  }),
  kind: Type.Optional(
    Type.Enum(Object.values(KIND_WORDS), {
      description:
        'normal, unless said; minus_green_yellow: red beside its modifiers; flashing_yellow_arrow: green with its modifiers, flashing with its phases; pedestrian: walks',
    }),
  ),
  modifiers: Type.Optional(
    Type.Array(NumberTo32, { minItems: 1, description: 'to whom it gives way, or who protects the arrow: see kind' }),
  ),
  trailing_green_s: Type.Optional(seconds(0, 'stays green so much longer than its phases')),
  trailing_yellow_s: Type.Optional(seconds(0, 'its own; that of the phase it ends with, if left out')),
  trailing_red_s: Type.Optional(seconds(0, 'its own red clearance; that of the phase, if left out')),
})
type OverlapRow = Type.Static<typeof OverlapRow>

export function buildOverlap(number: number, row: OverlapRow): Overlap {
  return {
    id: overlapId(number),
    name: row.name,
    kind: kindOf(row.kind),
    included: row.phases.map(phaseId),
    modifiers: (row.modifiers ?? []).map(phaseId),
    trailingGreenMs: toMs(row.trailing_green_s ?? 0),
    trailingYellowMs: toMs(row.trailing_yellow_s ?? 0),
    trailingRedMs: toMs(row.trailing_red_s ?? 0),
  }
}

const KINDS = Object.keys(KIND_WORDS) as OverlapKind[]

const kindOf = (word: OverlapRow['kind']): OverlapKind => KINDS.find((kind) => KIND_WORDS[kind] === word) ?? 'normal'
