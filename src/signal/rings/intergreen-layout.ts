/** Intergreens as the tables that the rings run on: whose end each beginning waits for, and how late that may make it. */
import { bit, type Bits } from '#base/bits.ts'
import { NUMBERED } from '../conflicts.ts'
import type { HeadSource, Intergreen, Overlap } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'

/** One head whose end somebody waits for. */
export interface EndingHead {
  readonly kind: HeadSource['kind']
  readonly bit: Bits
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
  const names = [...new Set(intergreens.map(({ from }) => nameOfHead(from)))]
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
    heads: names.flatMap((name) => intergreens.find(({ from }) => nameOfHead(from) === name) ?? []).map(endingHead),
    vehicles: waits((to, number) => to.kind === 'vehicle' && to.phase === number),
    walks: waits((to, number) => walksWith(intersection, to, number)),
    overlaps: waits((to, number) => to.kind === 'overlap' && to.overlap === number),
    flashes: waits((to, number) => to.kind === 'flashingArrow' && to.overlap === number),
  }
}

/** How a head is called: `vehicle 2`, `overlap 1`. */
export const nameOfHead = (head: HeadSource): string => `${head.kind} ${numberOf(head)}`

/** Where one phase follows another, an intergreen makes it begin so much later than yellow and red clearance would. */
export interface Lateness {
  readonly after: Phase
  readonly phase: Phase
  readonly lateMs: number
}

/** All that are longer than the change between the two phases: from the end of the green of the one to that of the other. */
export function latenesses(intersection: Intersection): Lateness[] {
  return intersection.intergreens.flatMap(({ from, to, ms }) =>
    phasesLighting(intersection, from).flatMap((after) =>
      phasesLighting(intersection, to).flatMap((phase): Lateness[] => {
        const lateMs = ms - leadMs(intersection, to) - after.timing.yellowMs - after.timing.redClearMs
        return after !== phase && lateMs > 0 ? [{ after, phase, lateMs }] : []
      }),
    ),
  )
}

/** The phases that light a head. */
export const phasesLighting = (intersection: Intersection, head: HeadSource): Phase[] =>
  intersection.phases.filter(({ id }) => lights(intersection, head, id))

/** From the beginning of a phase to that of its head: as long as red and amber, the shortest where several light it. */
function leadMs(intersection: Intersection, to: HeadSource): number {
  if (to.kind === 'pedestrian' || to.kind === 'flashingArrow' || isCrossing(intersection, to)) return 0
  return Math.min(...phasesLighting(intersection, to).map(({ timing }) => timing.redAmberMs))
}

function lights(intersection: Intersection, head: HeadSource, phase: number): boolean {
  if (!('overlap' in head)) return head.phase === phase
  const overlap = overlapOf(intersection, head.overlap)
  if (overlap === undefined) return false
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

const endingHead = ({ from }: Intergreen): EndingHead => ({ kind: from.kind, bit: bit(numberOf(from)) })
