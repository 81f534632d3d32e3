/** Fields that several configuration files share, with their limits. */
import { Type } from 'typebox'

/** A mapping with no other keys than these. */
export const strict = <P extends Type.TProperties>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) })

/** A table: rows by key, the key of the given shape. */
export const table = <S extends Type.TSchema>(key: string, row: S, description?: string) =>
  Type.Record(Type.String({ pattern: key }), row, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  })

/** Ids become MQTT topic levels and URL segments: no slash, wildcard or space. */
export const ID = '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'
export const Id = Type.String({ pattern: ID })

/** Keys of plans, day plans, devices and classes: lower case, so that `AM_Peak` is not a second plan. */
export const KEY = '^[a-z][a-z0-9_]{0,31}$'

/** NTCIP 1202 allows 255 phases; ours travel as 32-bit fields. */
export const NUMBER_TO_32 = '^([1-9]|[12][0-9]|3[0-2])$'
export const NumberTo32 = Type.Integer({ minimum: 1, maximum: 32 })

export const NUMBER_TO_16 = '^([1-9]|1[0-6])$'

export const NUMBER_TO_64 = '^([1-9]|[1-5][0-9]|6[0-4])$'

/** `06:30`, with both digits of the hour. */
export const TIME_OF_DAY = '^([01][0-9]|2[0-3]):[0-5][0-9]$'

/** `am_peak`, or `free max2`. */
export const ENTRY = '^[a-z][a-z0-9_]{0,31}( max[12])?$'

/** Month and day, with a year before them where they come only once; which calendar it is stands beside. */
export const DATE = '^([0-9]{4}-)?[0-9]{1,2}-[0-9]{1,2}$'

/** One day of a calendar, `2026-11-23`; which calendar it is stands beside. */
export const DAY = '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$'

/** `07:10`, the first after the start of a run; `2 07:10` on its second day. */
export const MOMENT = '^([1-9][0-9]? )?([01][0-9]|2[0-3]):[0-5][0-9]$'
export const START_OR_MOMENT = '^(start|([1-9][0-9]? )?([01][0-9]|2[0-3]):[0-5][0-9])$'

/** The same to the second: `07:10:30`. */
export const FAULT_MOMENT = '^([1-9][0-9]? )?([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$'

/** An approach in the whole city: `IX-03.S`. */
export const STREET = '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\\.[A-Z]{1,3}$'
export const ENDS = '^(everywhere|[A-Za-z0-9][A-Za-z0-9_-]{0,31}\\.[A-Z]{1,3})$'

/** Compass letters of a leg: `N`, `SE`. Lanes add their number: `N1`. */
export const LEG = '^[A-Z]{1,3}$'

/** What lights the lamps of a lane, and of a load switch. */
export const HEAD = '^(phase|overlap) ([1-9]|[12][0-9]|3[0-2])$'
export const CHANNEL = '^(phase|walk|overlap|flash) ([1-9]|[12][0-9]|3[0-2])$'

/** Number 1 is the ring-barrier diagram itself; NTCIP 1202 keeps 16 sequences. */
export const FURTHER_SEQUENCE = '^([2-9]|1[0-6])$'

const PATTERN_WORDS: Readonly<Record<string, string>> = {
  [ID]: 'a name of letters, digits, - and _ (at most 32)',
  [KEY]: 'a key of small letters, digits and _ (at most 32)',
  [NUMBER_TO_16]: 'a number from 1 to 16',
  [NUMBER_TO_32]: 'a number from 1 to 32',
  [NUMBER_TO_64]: 'a number from 1 to 64',
  [TIME_OF_DAY]: 'a time of day such as 06:30',
  [ENTRY]: 'a plan, free or flash, with max2 behind it where the second maximum is meant',
  [DATE]: 'a date such as 1-13 (month-day) or 2027-10-7 (year-month-day)',
  [DAY]: 'a day such as 2026-11-23 (year-month-day)',
  [MOMENT]: 'a time such as 07:10, or 2 07:10 for that of the second day',
  [START_OR_MOMENT]: 'start, or a time such as 07:10, or 2 07:10 for that of the second day',
  [FAULT_MOMENT]: 'a time such as 07:10 or 07:10:30, or 2 07:10 for that of the second day',
  [STREET]: 'an approach such as IX-03.S',
  [ENDS]: 'an approach such as IX-03.S, or everywhere',
  [LEG]: 'one to three capital letters such as N or SE',
  [HEAD]: '`phase` or `overlap` and its number, such as `phase 2`',
  [CHANNEL]: '`phase`, `walk`, `overlap` or `flash` and its number, such as `walk 4`',
  [FURTHER_SEQUENCE]: 'a number from 2 to 16',
}

/** A pattern of this file as people say it. */
export function wordsOfPattern(pattern: string): string {
  return PATTERN_WORDS[pattern] ?? pattern
}

export const Bilingual = strict(
  { fa: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  'the same in Persian and English',
)

/** Longest time that a timing table holds: NTCIP 1202 keeps maximum greens and cycles in at most 255 s. */
export const SECONDS_MAX = 255

export const seconds = (minimum: number, description: string) =>
  Type.Number({ minimum, maximum: SECONDS_MAX, description })

/** Seconds of a file as the integer milliseconds used inside. */
export const toMs = (s: number): number => Math.round(s * 1000)

/** Numbers that stand as keys of a table, ascending. */
export const numberedRows = <Row>(rows: Readonly<Record<string, Row>>): [number, Row][] =>
  Object.entries(rows)
    .map(([key, row]): [number, Row] => [Number(key), row])
    .toSorted(([a], [b]) => a - b)
