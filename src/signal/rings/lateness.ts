/** How late an intergreen, or an overlap that outlasts its phases, lets the phase begin that follows them. */
import { headsConflict } from '../conflicts.ts'
import type { HeadSource, Overlap } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'
import { leadMs, outlastsMs, phasesLighting } from './intergreen-layout.ts'

/** Where one phase follows another at once, it begins so much later than yellow and red clearance would have it. */
export interface Lateness {
  readonly after: Phase
  readonly phase: Phase
  readonly lateMs: number
  /** The overlap that it waits for; null where an intergreen keeps it. */
  readonly overlap: number | null
}

export function latenesses(intersection: Intersection): Lateness[] {
  return [...latenessesOfIntergreens(intersection), ...latenessesOfOverlaps(intersection)].filter(
    ({ after, phase, lateMs }) => after !== phase && lateMs > 0,
  )
}

const latenessesOfIntergreens = (intersection: Intersection): Lateness[] =>
  intersection.intergreens.flatMap(({ from, to, ms }) =>
    phasesLighting(intersection, from).flatMap((after) =>
      phasesWaiting(intersection, to).map((phase) => ({
        after,
        phase,
        lateMs: outlastsMs(intersection, from) + ms - leadMs(intersection, to) - clearanceMs(after),
        overlap: null,
      })),
    ),
  )

/** Whoever begins with the head; an arrow that flashes, and an overlap with modifiers, begin later than their phases. */
function phasesWaiting(intersection: Intersection, to: HeadSource): Phase[] {
  const overlap = 'overlap' in to ? intersection.overlaps.find(({ id }) => id === to.overlap) : undefined
  const beginsLate = to.kind === 'flashingArrow' || overlap?.kind === 'minusGreenYellow'
  return beginsLate ? [] : phasesLighting(intersection, to)
}

/** What conflicts with an overlap waits until it is red; a modifier does so whoever was green before it. */
function latenessesOfOverlaps(intersection: Intersection): Lateness[] {
  const { phases, overlaps } = intersection
  return overlaps.flatMap((overlap) => {
    const carriers = phases.filter(({ id }) => overlap.included.includes(id))
    const waiting = phases.filter(({ id }) =>
      headsConflict(intersection, { kind: 'overlap', overlap: overlap.id }, { kind: 'vehicle', phase: id }),
    )
    return waiting.flatMap((phase) => {
      const before = isBarredBy(overlap, phase) ? phases : carriers
      return before.map((after) => {
        const ending = carriers.includes(after) ? [after] : carriers
        return { after, phase, lateMs: untilRedMs(overlap, ending) - clearanceMs(after), overlap: overlap.id }
      })
    })
  })
}

const isBarredBy = ({ kind, modifiers }: Overlap, { id }: Phase): boolean =>
  kind === 'minusGreenYellow' && modifiers.includes(id)

/** From the end of the green of its phases to its own red. */
function untilRedMs({ trailingGreenMs, trailingYellowMs, trailingRedMs }: Overlap, ending: readonly Phase[]): number {
  const yellowMs = trailingYellowMs || Math.max(...ending.map(({ timing }) => timing.yellowMs))
  const redClearMs = trailingRedMs || Math.max(...ending.map(({ timing }) => timing.redClearMs))
  return trailingGreenMs + yellowMs + redClearMs
}

const clearanceMs = ({ timing }: Phase): number => timing.yellowMs + timing.redClearMs
