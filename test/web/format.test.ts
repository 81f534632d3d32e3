/** Numbers, durations and dates as people of both languages write them. */
import { assert, double, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { digits, formatFor, normalise } from '#web/text/format.ts'

const fa = formatFor('fa', 'Asia/Tehran')
const en = formatFor('en', 'Asia/Tehran')
const MIDDAY = Date.UTC(2026, 10, 23, 9, 5, 9)

test('the second of Azar is written in the natural order of both languages', () => {
  expect(fa.date(MIDDAY)).toBe('دوشنبه ۲ آذر ۱۴۰۵')
  expect(en.date(MIDDAY)).toBe('Mon 2 Azar 1405')
})

test('the day begins at midnight in Tehran, not in Greenwich', () => {
  const lastSecond = Date.UTC(2026, 10, 23, 20, 29, 59)
  expect(fa.date(lastSecond)).toBe('دوشنبه ۲ آذر ۱۴۰۵')
  expect(fa.date(lastSecond + 1_000)).toBe('سه‌شنبه ۳ آذر ۱۴۰۵')
  expect(en.time(lastSecond + 1_000)).toBe('00:00:00')
})

test('a leap year ends on the thirtieth of Esfand', () => {
  expect(en.date(Date.UTC(2025, 2, 20, 12))).toBe('Thu 30 Esfand 1403')
  expect(en.date(Date.UTC(2025, 2, 21, 12))).toBe('Fri 1 Farvardin 1404')
})

test('the time of day is written in 24 hours with the digits of the language', () => {
  expect([fa.time(MIDDAY), en.time(MIDDAY)]).toEqual(['۱۲:۳۵:۰۹', '12:35:09'])
  expect([fa.minute(MIDDAY), en.minute(MIDDAY)]).toEqual(['۱۲:۳۵', '12:35'])
})

test.each([
  [-500, '0:00'],
  [0, '0:00'],
  [59_999, '0:59'],
  [60_000, '1:00'],
  [135_000, '2:15'],
  [3_599_999, '59:59'],
  [3_600_000, '1:00:00'],
  [172_799_999, '47:59:59'],
  [172_800_000, '2 days'],
])('%i ms last %s', (ms, text) => {
  expect(en.duration(ms)).toBe(text)
  expect(fa.duration(ms)).toBe(digits(text, 'fa').replace('days', 'روز'))
})

test('a countdown is rounded down: it never promises more than there is', () => {
  expect([en.seconds(3_999), en.seconds(999), fa.seconds(12_000)]).toEqual(['3', '0', '۱۲'])
})

test('no number has a decimal, because «٫» reads as a slash', () => {
  assert(property(double({ min: -1e9, max: 1e9, noNaN: true }), (value) => !fa.number(value).includes('٫')))
})

test('what people type in any of three digit sets is the same number', () => {
  const arabic = (text: string) => text.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)))
  assert(
    property(nat(), (value) => {
      const text = String(value)
      expect(normalise(digits(text, 'fa'))).toBe(text)
      expect(normalise(arabic(text))).toBe(text)
      expect(normalise(text)).toBe(text)
    }),
    { numRuns: 1_000 },
  )
})

test('Arabic letters of a keyboard become Persian ones', () => {
  expect(normalise('باباطاهر بوعلي سينا پاستور كوچک')).toBe('باباطاهر بوعلی سینا پاستور کوچک')
})

test('lists have the comma of the language', () => {
  expect([en.list([2, 6]), fa.list([2, 6]), fa.list([])]).toEqual(['2, 6', '۲، ۶', ''])
})
