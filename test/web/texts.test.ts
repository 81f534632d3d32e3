/** Both languages say the same things, and each reason of control has its sentence in both. */
import { expect, test } from 'vitest'
import { REASON_CODES, RUNG_NUMBERS, RUNGS, type ReasonCode } from '#control/strategy.ts'
import type { Dictionary } from '#web/text/dictionary.ts'
import { en } from '#web/text/en.ts'
import { fa } from '#web/text/fa.ts'
import { formatFor } from '#web/text/format.ts'
import { untilYieldMs, writeWhy, type WhyCode } from '#web/text/why.ts'

const LANGUAGES = [
  ['fa', fa],
  ['en', en],
] as const

/** Does not compile when control has a reason without a sentence, or a sentence is for a reason that is no more. */
const same: [ReasonCode] extends [WhyCode] ? ([WhyCode] extends [ReasonCode] ? true : never) : never = true

test.each(REASON_CODES)('%s is written out in both languages', (code) => {
  expect(same).toBe(true)
  const numbers = {
    elapsedMs: 12_000,
    minMs: 7_000,
    maxMs: 45_000,
    localCycleMs: 34_000,
    cycleMs: 90_000,
    yieldMs: 46_000,
  }
  for (const [language, text] of LANGUAGES) {
    const format = formatFor(language, 'UTC')
    const whole = writeWhy({ code, phase: 2, numbers }, text, format)
    const bare = writeWhy({ code, numbers: {} }, text, format)
    for (const sentence of [whole, bare]) {
      expect(sentence).toMatch(/\.$/)
      expect(sentence).not.toMatch(/undefined|NaN|null/)
    }
  }
})

test('the why line says the phase, the numbers and what ends the green', () => {
  const held = {
    code: 'WAITING_FOR_GAP',
    phase: 2,
    numbers: { gapMs: 1_200, passageMs: 3_000, maxMs: 45_000, forceOffInMs: 4_900 },
  }
  expect(writeWhy(held, en, formatFor('en', 'UTC'))).toBe('φ2 is held: gap 1 of 3 s, force-off in 4 s.')
  expect(writeWhy(held, fa, formatFor('fa', 'UTC'))).toContain('فاز ۲')
  const coordinated = {
    code: 'COORDINATED_GREEN',
    phase: 6,
    numbers: { localCycleMs: 34_000, yieldMs: 46_500, cycleMs: 90_000 },
  }
  expect(writeWhy(coordinated, en, formatFor('en', 'UTC'))).toContain('yields in 12 s, at second 46 of the cycle')
})

test.each(RUNGS)('a reason that is about the rung %s calls it as the wall does', (rung) => {
  const measured = { code: 'SIMPLER_IS_MEASURED', numbers: { rung: RUNG_NUMBERS[rung], forMs: 420_000 } }
  for (const [language, text] of LANGUAGES)
    expect(writeWhy(measured, text, formatFor(language, 'UTC'))).toContain(
      text.modes[rung === 'released' ? 'local' : rung],
    )
})

test('pressures are told in whole vehicles a minute', () => {
  const holds = { code: 'PRESSURE_HOLDS', phase: 6, numbers: { elapsedMs: 9_000, pressure: 123, next: 44 } }
  expect(writeWhy(holds, en, formatFor('en', 'UTC'))).toBe(
    'φ6 stays green after 9 s: 74 vehicles a minute press for it, 26 for the next stage.',
  )
  expect(writeWhy(holds, fa, formatFor('fa', 'UTC'))).toContain('۷۴ خودرو در دقیقه')
})

test('a reason of a newer edge, or one with the name of a method, is shown as it is', () => {
  for (const code of ['MOON_PHASE', 'toString', '__proto__'])
    expect(writeWhy({ code, numbers: {} }, en, formatFor('en', 'UTC'))).toBe(`reason ${code}`)
})

test('a yield point that has passed lies in the next cycle', () => {
  expect(untilYieldMs({ localCycleMs: 30_000, yieldMs: 46_000, cycleMs: 90_000 })).toBe(16_000)
  expect(untilYieldMs({ localCycleMs: 80_000, yieldMs: 46_000, cycleMs: 90_000 })).toBe(56_000)
  expect(untilYieldMs({ localCycleMs: 80_000, yieldMs: 46_000 })).toBeUndefined()
})

/** Latin on Persian pages: the other language's own name, a command to type, and the letter of an overlap. */
const LATIN_ALLOWED = new Set(['otherLanguage', 'otherLanguageCode', 'noIntersections', 'overlapLetter'])

test('Persian texts have no Latin letter and no Latin digit', () => {
  for (const [key, said] of spoken(fa)) if (!LATIN_ALLOWED.has(key)) expect(said, key).not.toMatch(/[A-Za-z0-9]/)
})

test('English texts have no Persian letter but the name of the other language', () => {
  for (const [key, said] of spoken(en)) if (key !== 'otherLanguage') expect(said, key).not.toMatch(/[آ-ی]/)
})

test('no text is empty', () => {
  for (const [, text] of LANGUAGES) for (const [key, said] of spoken(text)) expect(said.trim(), key).not.toBe('')
})

/** Every text as it is said, functions with Persian digits for their parameters. */
function spoken(texts: Dictionary): [string, string][] {
  const walk = (value: unknown, key: string): [string, string][] => {
    if (typeof value === 'string') return [[key, value]]
    if (typeof value === 'function') return key === 'why' ? [] : [[key, String(value('۱', '۲', '۳'))]]
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([inner, each]) => walk(each, inner))
  }
  const { why, ...rest } = texts
  const format = formatFor('fa', 'UTC')
  const sentences = Object.keys(why).map((code): [string, string] => [
    code,
    writeWhy({ code, phase: 2, numbers: {} }, texts, format),
  ])
  return [...walk(rest, ''), ...sentences]
}
