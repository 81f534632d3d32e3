/** Intergreens as the tables that the rings run on: whose end each beginning has to wait for, and how late that may make it. */
import { at } from '#base/at.ts'
import { bit, type Bits } from '#base/bits.ts'
import { headsConflict, NUMBERED } from '../conflicts.ts'
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

export interface IntergreenLayout {
  readonly heads: readonly EndingHead[]
  /** By phase number: before its vehicles, and before its pedestrians, have right of way. */
  readonly vehicles: readonly (readonly Wait[])[]
  readonly pedestrians: readonly (readonly Wait[])[]
  /** By overlap number. */
  readonly overlaps: readonly (readonly Wait[])[]
  readonly flashes: readonly (readonly Wait[])[]
}

export function layOutIntergreens({ intergreens }: Intersection): IntergreenLayout {
  const names = [...new Set(intergreens.map(({ from }) => nameOfHead(from)))]
  const waitsOf = (kind: HeadSource['kind']) =>
    Array.from({ length: NUMBERED }, (_, number) =>
      intergreens
        .filter(({ to }) => to.kind === kind && numberOf(to) === number)
        .map(({ from, ms }) => ({ from: names.indexOf(nameOfHead(from)), ms })),
    )
  return {
    heads: names.map((name) => endingHead(intergreens, name)),
    vehicles: waitsOf('vehicle'),
    pedestrians: waitsOf('pedestrian'),
    overlaps: waitsOf('overlap'),
    flashes: waitsOf('flashingArrow'),
  }
}

/** How a head is called in a list of heads: `vehicle 2`, `overlap 1`. */
export const nameOfHead = (head: HeadSource): string => `${head.kind} ${numberOf(head)}`

/** One phase follows another: an intergreen makes it begin so much later than yellow and red clearance would. */
export interface Lateness {
  readonly after: Phase
  readonly phase: Phase
  readonly intergreen: Intergreen
  readonly lateMs: number
}

/** All that are longer than the change between the two phases: from the end of the green of the one to that of the other. */
export function latenesses(intersection: Intersection): Lateness[] {
  const { intergreens, phases } = intersection
  return intergreens.flatMap((intergreen) => {
    const lighting = (head: HeadSource) => phases.filter(({ id }) => lights(intersection, head).includes(id))
    return lighting(intergreen.from).flatMap((after) =>
      lighting(intergreen.to).flatMap((phase): Lateness[] => {
        const { yellowMs, redClearMs } = after.timing
        const lateMs = intergreen.ms - yellowMs - redClearMs - leadMs(phase, intergreen.to)
        return after !== phase && lateMs > 0 ? [{ after, phase, intergreen, lateMs }] : []
      }),
    )
  })
}

/** The most that an intergreen may delay the beginning of a phase. */
export const mostLateMs = (intersection: Intersection, number: number): number =>
  Math.max(0, ...latenesses(intersection).flatMap(({ phase, lateMs }) => (phase.id === number ? [lateMs] : [])))

/** True where ring, barrier or another conflict keeps the two apart, so that the one ends before the other begins. */
export const followEachOther = (intersection: Intersection, { from, to }: Intergreen): boolean =>
  headsConflict(intersection, from, to)

/** From the beginning of a phase to that of the head: vehicles see red and amber first, and so do people, unless they lead. */
function leadMs({ timing }: Phase, head: HeadSource): number {
  return head.kind === 'pedestrian' && timing.leadingPedMs > 0 ? 0 : timing.redAmberMs
}

function lights({ overlaps }: Intersection, head: HeadSource): readonly number[] {
  if (!('overlap' in head)) return [head.phase]
  const overlap: Overlap | undefined = overlaps.find(({ id }) => id === head.overlap)
  if (overlap === undefined) return []
  const { kind, included, modifiers } = overlap
  return kind === 'flashingYellowArrow' && head.kind === 'overlap' ? modifiers : included
}

const numberOf = (head: HeadSource): number => ('overlap' in head ? head.overlap : head.phase)

function endingHead(intergreens: readonly Intergreen[], name: string): EndingHead {
  const { from } = at(
    intergreens.filter((intergreen) => nameOfHead(intergreen.from) === name),
    0,
  )
  return { kind: from.kind, bit: bit(numberOf(from)) }
}
