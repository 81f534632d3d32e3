/** An image whose points all have their places: made by filling a row, and read like any other. */
import type { PointImage, PointName, PointValue } from '../points.ts'

export class PlacedImage implements PointImage {
  readonly #places: ReadonlyMap<PointName, number>
  readonly #values: readonly PointValue[]

  /** `places` are those of all images of a device; `values` are not written over any more. */
  constructor(places: ReadonlyMap<PointName, number>, values: readonly PointValue[]) {
    this.#places = places
    this.#values = values
  }

  get size(): number {
    return this.#places.size
  }

  get(name: PointName): PointValue | undefined {
    const place = this.#places.get(name)
    return place === undefined ? undefined : this.#values[place]
  }

  has(name: PointName): boolean {
    return this.#places.has(name)
  }

  keys(): MapIterator<PointName> {
    return this.#places.keys()
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
    return new Map([...this.#places].map(([name, place]) => [name, this.#values[place] ?? 0]))
  }
}
