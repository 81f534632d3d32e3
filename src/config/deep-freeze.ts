/** Makes a configuration unchangeable, so that no part of the program can alter what was checked. */

/** Freezes plain data in place: objects, lists and maps, all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map) freezeMap(value)
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}

/** `Object.freeze` leaves the entries of a map open. */
function freezeMap(map: Map<unknown, unknown>): void {
  const refuse = () => {
    throw new TypeError('the configuration is frozen')
  }
  for (const method of ['set', 'delete', 'clear']) Object.defineProperty(map, method, { value: refuse })
  for (const [key, part] of map) [key, part].forEach(deepFreeze)
}
