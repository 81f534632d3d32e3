/** Maps that are made by filling a row of values: copied as fast as a list, and read like any other map. */
import { at } from './at.ts'

abstract class RowMap<Key, Value> implements ReadonlyMap<Key, Value> {
  abstract readonly size: number
  abstract get(key: Key): Value | undefined
  abstract has(key: Key): boolean
  abstract keys(): MapIterator<Key>
  protected abstract asMap(): Map<Key, Value>

  values(): MapIterator<Value> {
    return this.asMap().values()
  }

  entries(): MapIterator<[Key, Value]> {
    return this.asMap().entries()
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries()
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }
}

/** Whose keys all have their places in the row. */
export class PlacedMap<Key, Value> extends RowMap<Key, Value> {
  readonly #places: ReadonlyMap<Key, number>
  readonly #row: readonly Value[]

  /** `places` are shared by all maps of the kind (`placesOf`); `row` is not written over any more. */
  constructor(places: ReadonlyMap<Key, number>, row: readonly Value[]) {
    super()
    this.#places = places
    this.#row = row
  }

  get size(): number {
    return this.#places.size
  }

  get(key: Key): Value | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#row[place]
  }

  has(key: Key): boolean {
    return this.#places.has(key)
  }

  keys(): MapIterator<Key> {
    return this.#places.keys()
  }

  protected asMap(): Map<Key, Value> {
    return new Map([...this.#places].map(([key, place]) => [key, at(this.#row, place)]))
  }
}

/** The places of a row, in the order of its keys. */
export const placesOf = <Key>(keys: readonly Key[]): ReadonlyMap<Key, number> =>
  new Map(keys.map((key, place) => [key, place]))

/** Whose keys are numbers, and the places themselves. */
export class NumberedMap<Key extends number, Value> extends RowMap<Key, Value> {
  readonly #keys: readonly Key[]
  readonly #row: readonly Value[]

  /** `keys` in their order; `row` by key, with holes where there is none, and not written over any more. */
  constructor(keys: readonly Key[], row: readonly Value[]) {
    super()
    this.#keys = keys
    this.#row = row
  }

  get size(): number {
    return this.#keys.length
  }

  get(key: Key): Value | undefined {
    return this.#row[key]
  }

  has(key: Key): boolean {
    return this.#row[key] !== undefined
  }

  keys(): MapIterator<Key> {
    return this.asMap().keys()
  }

  protected asMap(): Map<Key, Value> {
    return new Map(this.#keys.map((key) => [key, at(this.#row, key)]))
  }
}
