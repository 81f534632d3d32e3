/** Numbers of things, as every check asks for them: is it one, and does it stand alone? */
import { NUMBERED } from '../conflicts.ts'
import type { Intersection } from '../intersection.ts'

/** A whole number from 1 to `most`. */
export const isNumber = (number: number, most: number): boolean =>
  Number.isInteger(number) && number >= 1 && number <= most

/** Each of the items that stands there more than once, named once. */
export function twice<T>(items: readonly T[]): T[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))]
}

/** Conflicts can be told only of phases that bit fields hold; others, and whoever names them, are faults of their own. */
export function areNumbered({ phases, extraConflicts, overlaps }: Intersection): boolean {
  const named = overlaps.flatMap(({ included, modifiers }) => [...included, ...modifiers])
  return [...phases.map(({ id }) => id), ...extraConflicts.flat(), ...named].every((id) => isNumber(id, NUMBERED - 1))
}
