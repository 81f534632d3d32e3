/** Intergreens between heads that are not there or need none. */
import { at } from '#base/at.ts'
import { headsConflict } from '../conflicts.ts'
import type { HeadSource, Intergreen } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import { nameOfHead, phasesLighting } from '../rings/intergreen-layout.ts'
import { areNumbered } from './check-numbers.ts'
import type { IntergreenFault } from './intergreen-fault.ts'

/** RiLSA and its like compute 3 to 15 s; after half a minute of red nobody believes that the signal works. */
const RANGE_MS = { leastMs: 0, mostMs: 30_000 } as const

export function checkIntergreens(intersection: Intersection): IntergreenFault[] {
  const { intergreens } = intersection
  const names = intergreens.map(nameOfPair)
  return [
    ...intergreens.flatMap(({ from, to }, index) =>
      names.indexOf(at(names, index)) === index ? [] : [{ code: 'INTERGREEN_TWICE' as const, from, to }],
    ),
    ...intergreens.flatMap((intergreen) => [...checkIntergreen(intergreen, intersection)]),
  ]
}

const nameOfPair = ({ from, to }: Intergreen): string => `${nameOfHead(from)} to ${nameOfHead(to)}`

function* checkIntergreen({ from, to, ms }: Intergreen, intersection: Intersection): Generator<IntergreenFault> {
  const unknown = [from, to].filter((head) => !isThere(head, intersection))
  for (const head of unknown) yield { code: 'INTERGREEN_HEAD_UNKNOWN', from, to, head }
  if (unknown.length === 0 && areNumbered(intersection) && !followEachOther(intersection, from, to))
    yield { code: 'INTERGREEN_WITHOUT_CONFLICT', from, to }
  const { leastMs, mostMs } = RANGE_MS
  if (!Number.isInteger(ms) || ms < leastMs || ms > mostMs)
    yield { code: 'INTERGREEN_OUT_OF_RANGE', from, to, ms, leastMs, mostMs }
}

/** An arrow goes on flashing until its protected phase begins: whoever is lit by that one comes without a break. */
function followEachOther(intersection: Intersection, from: HeadSource, to: HeadSource): boolean {
  const arrow = from.kind === 'flashingArrow' ? intersection.overlaps.find(({ id }) => id === from.overlap) : undefined
  const takesOver = phasesLighting(intersection, to).some(({ id }) => arrow?.modifiers.includes(id))
  return !takesOver && headsConflict(intersection, from, to)
}

function isThere(head: HeadSource, { phases, overlaps }: Intersection): boolean {
  if (head.kind === 'overlap') return overlaps.some(({ id }) => id === head.overlap)
  if (head.kind === 'flashingArrow')
    return overlaps.some(({ id, kind }) => id === head.overlap && kind === 'flashingYellowArrow')
  return phases.some(({ id, timing }) => id === head.phase && (head.kind === 'vehicle' || timing.walkMs > 0))
}
