/** Reads one map of a profile file key by key; what is missing, of the wrong form or unknown is reported, and none of it stops the reading. */
import type { ProfilePath, ReportFault } from './fault.ts'

/** Every `null` has been reported. */
export interface MapReader {
  has(key: string): boolean
  /** Whether it holds further facts, and not a single one. */
  isMap(key: string): boolean
  keys(): string[]
  text(key: string): string | null
  /** Texts of a list, at least one. */
  texts(key: string): readonly string[] | null
  /** An integer from `min` to `max`. */
  whole(key: string, min: number, max: number): number | null
  oneOf<T extends string>(key: string, choices: readonly T[]): T | null
  map(key: string): MapReader | null
  /** Reports the keys that nobody asked for. */
  finish(): void
}

/** `value` is what the file has at `path`; null = reported as no map. */
export function readMap(value: unknown, path: ProfilePath, report: ReportFault): MapReader | null {
  if (!isMap(value)) {
    report('PROFILE_FACT_WRONG', path, 'is no map of facts', 'Write it as "key: value" lines')
    return null
  }
  const asked = new Set<string>()
  const at = (key: string) => (Object.hasOwn(value, key) ? value[key] : undefined)

  /** Passes a fact of the right form, and reports any other. */
  function fact<T>(key: string, form: string, accept: (found: unknown) => found is T): T | null {
    asked.add(key)
    const found = at(key)
    if (found === undefined) {
      report('PROFILE_FACT_MISSING', path, `${key} is missing`, `Add "${key}:" with ${form}`)
      return null
    }
    if (accept(found)) return found
    report('PROFILE_FACT_WRONG', [...path, key], `is ${shown(found)}, not ${form}`, `Write ${form}`)
    return null
  }

  return {
    has: (key) => Object.hasOwn(value, key),
    isMap: (key) => isMap(at(key)),
    keys: () => Object.keys(value),
    text: (key) => fact(key, 'a text', isText),
    texts: (key) => fact(key, 'a list of texts, at least one', isTexts),
    whole: (key, min, max) => fact(key, `a whole number from ${min} to ${max}`, isWholeWithin(min, max)),
    oneOf: (key, choices) => fact(key, `one of ${choices.join(', ')}`, isChoice(choices)),
    map(key) {
      const inner = fact(key, 'a map of facts', isMap)
      return inner && readMap(inner, [...path, key], report)
    },
    finish() {
      for (const key of Object.keys(value)) {
        if (asked.has(key)) continue
        const known = [...asked].join(', ')
        report(
          'PROFILE_KEY_UNKNOWN',
          [...path, key],
          `a profile has no "${key}" here`,
          `Remove it; here belong: ${known}`,
        )
      }
    },
  }
}

const isMap = (found: unknown): found is Readonly<Record<string, unknown>> =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

const isText = (found: unknown): found is string => typeof found === 'string' && found.trim() !== ''

const isTexts = (found: unknown): found is readonly string[] =>
  Array.isArray(found) && found.length > 0 && found.every(isText)

const isWholeWithin =
  (min: number, max: number) =>
  (found: unknown): found is number =>
    Number.isInteger(found) && Number(found) >= min && Number(found) <= max

const isChoice =
  <T extends string>(choices: readonly T[]) =>
  (found: unknown): found is T =>
    choices.some((choice) => choice === found)

function shown(found: unknown): string {
  if (found === null) return 'empty'
  if (Array.isArray(found)) return 'a list'
  return isMap(found) ? 'a map' : JSON.stringify(found)
}
