/** Numbers, durations and dates as each language writes them; whole seconds only, because «٫» reads as a slash. */
import type { Language } from '../settings.ts'

export interface Format {
  readonly number: (value: number) => string
  /** Whole seconds, rounded down: a countdown never promises more than there is. */
  readonly seconds: (ms: number) => string
  /** `2:15`, `1:02:15`, or days above two: how long something lasts. */
  readonly duration: (ms: number) => string
  /** `13:35:09` in the city's zone. */
  readonly time: (epochMs: number) => string
  /** `13:35` in the city's zone. */
  readonly minute: (epochMs: number) => string
  /** Week day, day, month and year of the Jalali calendar. */
  readonly date: (epochMs: number) => string
  /** `1, 4, 8` with the comma of the language. */
  readonly list: (numbers: readonly number[]) => string
}

const LOCALES: Record<Language, string> = { fa: 'fa-IR', en: 'en-GB' }
const SECONDS_OF_TWO_DAYS = 172_800

export function formatFor(language: Language, timeZone: string): Format {
  const locale = LOCALES[language]
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const clock = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const time = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' })
  const minute = new Intl.DateTimeFormat(locale, clock)
  const date = new Intl.DateTimeFormat(`${locale}-u-ca-persian`, {
    timeZone,
    weekday: language === 'fa' ? 'long' : 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  return {
    number: (value) => number.format(value),
    seconds: (ms) => number.format(Math.floor(ms / 1_000)),
    duration: (ms) => duration(ms, language),
    time: (epochMs) => time.format(epochMs),
    minute: (epochMs) => minute.format(epochMs),
    date: (epochMs) => jalali(date.formatToParts(epochMs)),
    list: (numbers) => numbers.map((each) => number.format(each)).join(language === 'fa' ? '، ' : ', '),
  }
}

/** In the natural order of both languages: week day, day, month, year; without the era. */
function jalali(parts: readonly Intl.DateTimeFormatPart[]): string {
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`
}

function duration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600), Math.floor(seconds / 60)]
  if (seconds >= SECONDS_OF_TWO_DAYS) return `${digits(String(days), language)} ${language === 'fa' ? 'روز' : 'days'}`
  const two = (value: number) => String(value).padStart(2, '0')
  const text = hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
  return digits(text, language)
}

const ZERO_FA = 0x06f0

/** Latin digits in Persian ones, for texts that `Intl` does not format. */
export function digits(text: string, language: Language): string {
  if (language === 'en') return text
  return text.replaceAll(/\d/g, (digit) => String.fromCharCode(ZERO_FA + Number(digit)))
}

/** What people type: Persian ۰–۹ and Arabic-Indic ٠–٩ digits become Latin, Arabic ي and ك become Persian. */
export function normalise(text: string): string {
  return text
    .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - ZERO_FA))
    .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replaceAll('ي', 'ی')
    .replaceAll('ك', 'ک')
}
