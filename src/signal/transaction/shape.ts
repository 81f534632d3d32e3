/** Shapes of plain data that comes out of a text nobody vouches for: each reads a value, and says where it is another. */

export interface ShapeFault {
  /** Where: `plans.0.cycleMs`. */
  readonly path: string
  readonly expected: string
}

/** Reads `value`; where it does not fit, adds to `faults` and returns something of the type, which nobody must use. */
export type Shape<T> = (value: unknown, path: string, faults: ShapeFault[]) => T

const plain =
  <T>(fits: (value: unknown) => value is T, expected: string, instead: T): Shape<T> =>
  (value, path, faults) => {
    if (fits(value)) return value
    faults.push({ path, expected })
    return instead
  }

export const whole = plain((value): value is number => Number.isSafeInteger(value), 'a whole number', 0)
export const flag = plain((value): value is boolean => typeof value === 'boolean', 'true or false', false)
export const text = plain((value): value is string => typeof value === 'string', 'a text', '')

/** The number of a phase, a pattern or a detector, which the check of the database judges. */
export const numberOf =
  <Id extends number>(): Shape<Id> =>
  (value, path, faults) =>
    whole(value, path, faults) as Id

export const oneOf = <T extends string | number>(choices: readonly [T, ...T[]]): Shape<T> =>
  plain((value): value is T => choices.includes(value as T), `one of ${choices.join(', ')}`, choices[0])

export const nullOr =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, path, faults) =>
    value === null ? null : shape(value, path, faults)

export const listOf =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value, path, faults) => {
    if (!Array.isArray(value)) {
      faults.push({ path, expected: 'a list' })
      return []
    }
    return value.map((item, index) => shape(item, `${path}.${index}`, faults))
  }

/** A map as a list of pairs; no key twice. */
export const mapOf = <K, V>(key: Shape<K>, of: Shape<V>): Shape<ReadonlyMap<K, V>> => {
  const pairs = listOf<readonly [K, V]>((value, path, faults) => {
    const [first, second] = Array.isArray(value) && value.length === 2 ? value : [null, null]
    return [key(first, `${path}.0`, faults), of(second, `${path}.1`, faults)]
  })
  return (value, path, faults) => {
    const list = pairs(value, path, faults)
    const map = new Map(list)
    if (map.size !== list.length) faults.push({ path, expected: 'each key once' })
    return map
  }
}

/** Exactly these keys. */
export const record =
  <T extends object>(shapes: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> =>
  (value, path, faults) => {
    const given: Readonly<Record<string, unknown>> =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
    if (Object.keys(given).length === 0) faults.push({ path, expected: 'an object' })
    for (const key of Object.keys(given))
      if (!Object.hasOwn(shapes, key)) faults.push({ path: `${path}.${key}`, expected: 'no such key' })
    const read = Object.entries<Shape<unknown>>(shapes).map(([key, shape]) => [
      key,
      shape(given[key], path === '' ? key : `${path}.${key}`, faults),
    ])
    // Every key of T has been read by the shape of its own value; the compiler cannot follow that through the entries.
    return Object.fromEntries(read) as T
  }
