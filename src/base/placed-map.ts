/** A map whose keys all have their places: made by filling a row, copied as fast as a list, and read like any other. */
import { at } from './at.ts'

export class PlacedMap<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly #places: ReadonlyMap<Key, number>
  readonly #values: readonly Value[]

  /** `places`: 0, 1, 2, …, shared by all maps of the kind; `values`: one for each, and not written over any more. */
  constructor(places: ReadonlyMap<Key, number>, values: readonly Value[]) {
    this.#places = places
    this.#values = values
  }

  get size(): number {
    return this.#places.size
  }

  get(key: Key): Value | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#values[place]
  }

  has(key: Key): boolean {
    return this.#places.has(key)
  }

  keys(): MapIterator<Key> {
    return this.#places.keys()
  }

  values(): MapIterator<Value> {
    return this.#asMap().values()
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#asMap().entries()
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries()
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }

  #asMap(): Map<Key, Value> {
    return new Map([...this.#places].map(([key, place]) => [key, at(this.#values, place)]))
  }
}

/** The places of a row, in the order of its keys. */
export const placesOf = <Key>(keys: readonly Key[]): ReadonlyMap<Key, number> =>
  new Map(keys.map((key, place) => [key, place]))
