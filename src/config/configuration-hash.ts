/** The fingerprint of a controller database: what runs in the cabinet is what was approved when both hashes agree. */
import { createHash } from 'node:crypto'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Upstream } from '#signal/intersection.ts'

/** First 32 bits of SHA-256 over the canonical JSON of the database; the order of keys and of map entries is no part of it. */
export function configurationHash(database: ControllerDatabase): number {
  return createHash('sha256').update(canonicalJson(database)).digest().readUInt32BE(0)
}

/** `feeders` of an approach are facts of another cabinet: no change there may make this one's timing a strange one. */
const NEIGHBOURS_KEY: keyof Upstream = 'feeders'

/** JSON with the keys of every object, and the entries of every map, in ascending order; what is known of neighbours is left out. */
function canonicalJson(value: unknown): string {
  if (value instanceof Map) return canonicalJson([...value].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value)
    .filter(([key]) => key !== NEIGHBOURS_KEY)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`
}
