/** Numbers of things, as every check asks for them: is it one, and does it stand alone? */

/** A whole number from 1 to `most`. */
export const isNumber = (number: number, most: number): boolean =>
  Number.isInteger(number) && number >= 1 && number <= most

/** Each of the items that stands there more than once, named once. */
export function twice<T>(items: readonly T[]): T[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))]
}
