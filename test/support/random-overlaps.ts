/** Overlaps by chance, of any kind that their phases allow. */
import fc from 'fast-check'
import { phaseId } from '#base/id.ts'
import type { Overlap, OverlapKind } from '#signal/heads.ts'
import type { JunctionFacts, PhaseFacts } from './junctions.ts'

export interface OverlapDraft {
  readonly kind: OverlapKind
  readonly included: readonly number[]
  readonly others: readonly number[]
  readonly trailing: readonly [greenMs: number, yellowMs: number, redMs: number]
}

const kind = fc.constantFrom<OverlapKind>('normal', 'normal', 'minusGreenYellow', 'flashingYellowArrow', 'pedestrian')

const tenths = (least: number, most: number) => fc.integer({ min: least / 100, max: most / 100 }).map((n) => n * 100)

const trailing = fc.tuple(
  fc.oneof(fc.constant(0), tenths(500, 12_000)),
  fc.oneof(fc.constant(0), tenths(3_000, 6_000)),
  fc.oneof(fc.constant(0), tenths(500, 5_000)),
)

export const overlapDrafts = (numbers: readonly number[]): fc.Arbitrary<OverlapDraft[]> => {
  const some = fc.subarray([...numbers], { minLength: 1, maxLength: Math.min(3, numbers.length) })
  return fc.array(fc.record({ kind, included: some, others: some, trailing }), { maxLength: 4 })
}

/** A draft whose phases cannot have its kind becomes a normal overlap. */
export function overlapsOf(
  drafts: readonly OverlapDraft[],
  phases: Readonly<Record<number, PhaseFacts>>,
): Pick<JunctionFacts, 'overlaps' | 'overlapFacts'> {
  const numbered = drafts.map((draft, index) => [index + 1, draft] as const)
  return {
    overlaps: Object.fromEntries(numbered.map(([number, { included }]) => [number, included])),
    overlapFacts: Object.fromEntries(numbered.map(([number, draft]) => [number, factsOf(draft, phases)])),
  }
}

function factsOf(
  draft: OverlapDraft,
  phases: Readonly<Record<number, PhaseFacts>>,
): Partial<Omit<Overlap, 'id' | 'name' | 'included'>> {
  const [trailingGreenMs, trailingYellowMs, trailingRedMs] = draft.trailing
  const modifiers = draft.others.filter((phase) => !draft.included.includes(phase)).map(phaseId)
  const walks = draft.included.every((phase) => (phases[phase]?.timing?.walkMs ?? 0) > 0)
  const trails = { trailingGreenMs, trailingYellowMs, trailingRedMs }
  if (draft.kind === 'pedestrian' && walks) return { kind: 'pedestrian' }
  if (draft.kind === 'minusGreenYellow' && modifiers.length > 0)
    return { kind: 'minusGreenYellow', modifiers, ...trails }
  if (draft.kind === 'flashingYellowArrow' && modifiers.length > 0) return { kind: 'flashingYellowArrow', modifiers }
  return trails
}
