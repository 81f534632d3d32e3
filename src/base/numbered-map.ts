/** A map of things that are numbered, made by filling a row: copied as fast as a list, and read like any other map. */
import { at } from './at.ts'

export class NumberedMap<Key extends number, Value> implements ReadonlyMap<Key, Value> {
  readonly #keys: readonly Key[]
  readonly #row: readonly Value[]

  /** `keys` in their order; `row` by key, with holes where there is none, and not written over any more. */
  constructor(keys: readonly Key[], row: readonly Value[]) {
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
    return this.#asMap().keys()
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
    for (const key of this.#keys) visit(at(this.#row, key), key, this)
  }

  #asMap(): Map<Key, Value> {
    return new Map(this.#keys.map((key) => [key, at(this.#row, key)]))
  }
}
