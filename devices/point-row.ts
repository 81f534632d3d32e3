/** An image whose points stand at their numbers: made by filling a row, and read like any other. */
import { numberOf, POINT_NAMES, type PointImage, type PointName, type PointValue } from './points.ts'

/** By point number; undefined where the device does not have the point. */
export type Row = readonly (PointValue | undefined)[]

/** A row on its way. */
export type FilledRow = (PointValue | undefined)[]

export class PointRow implements PointImage {
  readonly row: Row
  readonly #names: readonly PointName[]

  /** `names` are those of all images of a device; the row is not written over any more. */
  constructor(names: readonly PointName[], row: Row) {
    this.#names = names
    this.row = row
  }

  get size(): number {
    return this.#names.length
  }

  get(name: PointName): PointValue | undefined {
    return this.row[numberOf(name)]
  }

  has(name: PointName): boolean {
    return this.get(name) !== undefined
  }

  keys(): MapIterator<PointName> {
    return this.#asMap().keys()
  }

  values(): MapIterator<PointValue> {
    return this.#asMap().values()
  }

  entries(): MapIterator<[PointName, PointValue]> {
    return this.#asMap().entries()
  }

  [Symbol.iterator](): MapIterator<[PointName, PointValue]> {
    return this.entries()
  }

  forEach(visit: (value: PointValue, name: PointName, image: PointImage) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this)
  }

  #asMap(): Map<PointName, PointValue> {
    return new Map(this.#names.map((name) => [name, this.get(name) ?? 0]))
  }
}

/** The same image as one that is read by number. */
export function asRow(image: PointImage): PointRow {
  if (image instanceof PointRow) return image
  const row = emptyRow()
  for (const [name, value] of image) row[numberOf(name)] = value
  return new PointRow([...image.keys()], row)
}

export const emptyRow = (): FilledRow => POINT_NAMES.map(() => undefined)
