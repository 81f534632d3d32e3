/** Intergreens as the tables that the rings run on: whose end each beginning waits for, and how late that may make it. */
import { bit, type Bits } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { NUMBERED } from '../conflicts.ts'
import type { HeadSource, Overlap } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'

/** One head whose end somebody waits for. */
export interface EndingHead {
  readonly kind: HeadSource['kind']
  readonly bit: Bits
  /** How much longer than the green of its phases it may have right of way. */
  readonly outlastsMs: number
}

/** What must have passed since the end of a head; `from` is its place in the list of heads. */
export interface Wait {
  readonly from: number
  readonly ms: number
}

/** Waits by the number of the phase or overlap that begins; less the red and amber that it shows before. */
export interface IntergreenLayout {
  readonly heads: readonly EndingHead[]
  readonly vehicles: readonly (readonly Wait[])[]
  /** Before the walk itself, which may begin at once. */
  readonly walks: readonly (readonly Wait[])[]
  readonly overlaps: readonly (readonly Wait[])[]
  readonly flashes: readonly (readonly Wait[])[]
}

export function layOutIntergreens(intersection: Intersection): IntergreenLayout {
  const { intergreens } = intersection
  const endings = new Map(intergreens.map(({ from }) => [nameOfHead(from), from]))
  const names = [...endings.keys()]
  const waits = (isMeant: (to: HeadSource, number: number) => boolean) =>
    Array.from({ length: NUMBERED }, (_, number) =>
      intergreens
        .filter(({ to }) => isMeant(to, number))
        .map(({ from, to, ms }) => ({
          from: names.indexOf(nameOfHead(from)),
          ms: ms - leadMs(intersection, to),
        })),
    )
  return {
    heads: [...endings.values()].map((from) => endingHead(intersection, from)),
    vehicles: waits((to, number) => to.kind === 'vehicle' && to.phase === number),
    walks: waits((to, number) => walksWith(intersection, to, number)),
    overlaps: waits((to, number) => to.kind === 'overlap' && to.overlap === number),
    flashes: waits((to, number) => to.kind === 'flashingArrow' && to.overlap === number),
  }
}

/** How a head is called: `vehicle 2`, `overlap 1`. */
export const nameOfHead = (head: HeadSource): string => `${head.kind} ${numberOf(head)}`

/** The phases that light a head. */
export const phasesLighting = (intersection: Intersection, head: HeadSource): Phase[] =>
  intersection.phases.filter(({ id }) => lights(intersection, head, id))

/** From the beginning of a phase to that of its head: as long as red and amber, the shortest where several light it. */
export function leadMs(intersection: Intersection, to: HeadSource): number {
  if (to.kind === 'pedestrian' || to.kind === 'flashingArrow' || isCrossing(intersection, to)) return 0
  return Math.min(...phasesLighting(intersection, to).map(({ timing }) => timing.redAmberMs))
}

function lights(intersection: Intersection, head: HeadSource, phase: number): boolean {
  if (!('overlap' in head)) return head.phase === phase
  const overlap = overlapOf(intersection, head.overlap)
  invariant(overlap, `overlap ${head.overlap} exists`)
  const protects = overlap.kind === 'flashingYellowArrow' && head.kind === 'overlap'
  return (protects ? overlap.modifiers : overlap.included).some((id) => id === phase)
}

/** The walk of the phase lights it: its own pedestrian head, or an overlap of several. */
function walksWith(intersection: Intersection, to: HeadSource, phase: number): boolean {
  if (to.kind === 'pedestrian') return to.phase === phase
  return isCrossing(intersection, to) && lights(intersection, to, phase)
}

const isCrossing = (intersection: Intersection, head: HeadSource): boolean =>
  head.kind === 'overlap' && overlapOf(intersection, head.overlap)?.kind === 'pedestrian'

const overlapOf = ({ overlaps }: Intersection, number: number): Overlap | undefined =>
  overlaps.find(({ id }) => id === number)

const numberOf = (head: HeadSource): number => ('overlap' in head ? head.overlap : head.phase)

const endingHead = (intersection: Intersection, from: HeadSource): EndingHead => ({
  kind: from.kind,
  bit: bit(numberOf(from)),
  outlastsMs: outlastsMs(intersection, from),
})

/** A crossing may clear in the yellow, an overlap may trail its phases; all others end with the green. */
export function outlastsMs(intersection: Intersection, from: HeadSource): number {
  const overlap = from.kind === 'overlap' ? overlapOf(intersection, from.overlap) : undefined
  if (from.kind !== 'pedestrian' && overlap?.kind !== 'pedestrian') return overlap?.trailingGreenMs ?? 0
  const phases = phasesLighting(intersection, from)
  return Math.max(...phases.map(({ pedClearInYellow, timing }) => (pedClearInYellow ? timing.yellowMs : 0)))
}
