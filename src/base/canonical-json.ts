/** One value, one text: JSON in ASCII with ascending keys, so that what was checked, hashed or signed is the same to the byte. */
import { failed, ok, type Outcome } from './outcome.ts'

/** Deeper nesting is no message of ours; a reader that recurses must not be led to the end of its stack. */
const DEPTH_MAX = 32

/** Keys of every object ascending; every map as its pairs, by ascending number. */
export function canonicalJson(value: unknown): string {
  if (value instanceof Map) return canonicalJson([...(value as Map<number, unknown>)].toSorted(([a], [b]) => a - b))
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'string') return asciiJson(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${asciiJson(key)}:${canonicalJson(field)}`).join(',')}}`
}

/**
 * The value of a text that is canonical itself: no key twice, no number, letter or space written another way, nothing before or
 * behind it. The fault says what the text is instead.
 */
export function parseCanonical(text: string): Outcome<unknown, string> {
  const value = parse(text)
  if (value === undefined) return failed('no JSON')
  if (!isPlain(value, DEPTH_MAX)) return failed(`nested deeper than ${DEPTH_MAX}, or with a key __proto__`)
  return canonicalJson(value) === text ? ok(value) : failed('not the canonical form of what it says')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isPlain(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (
    levels > 0 && !Object.hasOwn(value, '__proto__') && Object.values(value).every((each) => isPlain(each, levels - 1))
  )
}

/** Names are Persian too; a wire counts bytes, and in ASCII a character is one. */
function asciiJson(words: string): string {
  const json = JSON.stringify(words)
  return IS_ASCII.test(json) ? json : json.replaceAll(BEYOND_ASCII, escaped)
}

const IS_ASCII = /^[ -~]*$/
const BEYOND_ASCII = /[\u007f-\uffff]/g
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
