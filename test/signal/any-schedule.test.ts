/** Any schedule in any time zone of the world: a clock that walks sees each change once, when it was foretold. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { checkSchedule } from '#signal/check/check-schedule.ts'
import { entryAt, nextChange, nextEntryEpochMs, patternAt } from '#signal/calendar/schedule-clock.ts'
import { CALENDARS, type DateRule, type DayPlan, type Schedule } from '#signal/schedule.ts'
import { LocalSchedule } from '#sim/cabinet/local-schedule.ts'
import { plan } from '#test/support/junctions.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const PATTERNS = [1, 2, 3, 254, 255].map(patternId)

const dayPlan = (number: number): fc.Arbitrary<DayPlan> =>
  fc
    .record({
      minutes: fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 1_439 }), fc.constantFrom(60, 90, 120, 150, 1_410)), {
        maxLength: 5,
      }),
      patterns: fc.array(fc.constantFrom(...PATTERNS), { minLength: 6, maxLength: 6 }),
      maximums: fc.array(fc.constantFrom(1 as const, 2 as const), { minLength: 6, maxLength: 6 }),
    })
    .map(({ minutes, patterns, maximums }) => ({
      number,
      key: `plan_${number}`,
      entries: [0, ...minutes.toSorted((a, b) => a - b)].map((startMinuteOfDay, index) => ({
        startMinuteOfDay,
        pattern: patterns[index]!,
        maximum: maximums[index]!,
      })),
    }))

/** In the calendar's own numbers, around the day where the walk begins, so that it meets them. */
const dateRule = (start: Temporal.PlainDate, number: number): fc.Arbitrary<DateRule> =>
  fc
    .record({
      calendar: fc.constantFrom(...CALENDARS),
      firstDay: fc.integer({ min: -3, max: 12 }),
      days: fc.integer({ min: 0, max: 6 }),
      dated: fc.boolean(),
      weekDays: fc.oneof(fc.constant([]), fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 3 })),
      dayPlan: fc.constantFrom(1, 2, 3),
    })
    .map(({ calendar, firstDay, days, dated, ...rest }) => {
      const dayOf = (offset: number) => {
        const { year, month, day } = start.add({ days: offset }).withCalendar(calendar)
        return { year: dated ? year : null, month, day }
      }
      return { ...rest, key: `rule_${number}`, calendar, from: dayOf(firstDay), to: dayOf(firstDay + days) }
    })

/** Half of the walks begin shortly before the clocks are changed. */
const walk = fc
  .record({
    timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    epochMs: fc.integer({ min: Date.UTC(1985, 0), max: Date.UTC(2035, 0) }),
    atTransition: fc.boolean(),
  })
  .map(({ timeZone, epochMs, atTransition }) => {
    const from = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone)
    const transition = atTransition ? from.getTimeZoneTransition('next') : null
    return { timeZone, start: (transition ?? from).subtract({ hours: 20 }) }
  })
  .chain(({ timeZone, start }) =>
    fc.record({
      timeZone: fc.constant(timeZone),
      startEpochMs: fc.constant(start.epochMilliseconds),
      dayPlans: fc.tuple(dayPlan(1), dayPlan(2), dayPlan(3)),
      week: fc.array(fc.constantFrom(1, 2, 3), { minLength: 7, maxLength: 7 }),
      dates: fc
        .tuple(fc.nat({ max: 3 }), ...[1, 2, 3].map((number) => dateRule(start.toPlainDate(), number)))
        .map(([count, ...rules]) => rules.slice(0, count)),
      steps: fc.array(fc.integer({ min: 1_000, max: DAY_MS / 3 }), { minLength: 20, maxLength: 40 }),
    }),
  )

interface Walk extends Schedule {
  readonly startEpochMs: number
}

const plans = [1, 2, 3].map((number) => plan(number, { cycleS: 60, splitsS: {}, coordinated: [] }))
/** Rules that lie over each other are legal to run, although the check points at them. */
const isRunnable = (schedule: Schedule) =>
  checkSchedule(schedule, plans).every(({ code }) => code === 'DATE_RULE_COVERED' || code === 'DATE_RULE_NEVER_HOLDS')

test('whatever the steps of a clock, it finds the pattern that was foretold, and each change once', () => {
  fc.assert(
    fc.property(walk, ({ steps, ...schedule }) => {
      expect(isRunnable(schedule)).toBe(true)
      const cabinet = new LocalSchedule(schedule, schedule.startEpochMs)
      let epochMs = schedule.startEpochMs
      let pattern = patternAt(schedule, epochMs)
      let next = nextChange(schedule, epochMs)
      for (const step of steps) {
        epochMs += step
        for (; next !== null && next.epochMs <= epochMs; next = nextChange(schedule, next.epochMs)) {
          expect(patternAt(schedule, next.epochMs - 1)).toBe(pattern)
          expect(next.pattern).not.toBe(pattern)
          expect(patternAt(schedule, next.epochMs)).toBe(next.pattern)
          pattern = next.pattern
        }
        expect(patternAt(schedule, epochMs)).toBe(pattern)
        expect(cabinet.entryAt(epochMs)).toEqual(entryAt(schedule, epochMs))
        expect(nextEntryEpochMs(schedule, epochMs)).toBeGreaterThan(epochMs)
      }
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('beside a clock on the wall that is read minute by minute, each entry of each day begins once and in its order', () => {
  fc.assert(
    fc.property(walk, (schedule) => {
      const wall = new WallClock(schedule)
      for (let minute = 0; minute < 2 * 1_440; minute++) {
        const epochMs = schedule.startEpochMs + minute * MINUTE_MS
        expect(entryAt(schedule, epochMs)).toEqual(wall.read(epochMs))
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('a cabinet whose clock is set follows it, forward and back', () => {
  fc.assert(
    fc.property(
      walk,
      fc.array(fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }), { maxLength: 20 }),
      (schedule, jumps) => {
        const cabinet = new LocalSchedule(schedule, schedule.startEpochMs)
        for (const jump of jumps) {
          const epochMs = schedule.startEpochMs + jump
          expect(cabinet.entryAt(epochMs)).toEqual(entryAt(schedule, epochMs))
        }
      },
    ),
    { numRuns: 50 },
  )
}, 60_000)

/** A person with a watch: a day begins when its date is first shown, an entry when its minute is, and nothing twice. */
class WallClock {
  readonly #schedule: Walk
  #latest = ''

  constructor(schedule: Walk) {
    this.#schedule = schedule
  }

  read(epochMs: number): DayPlan['entries'][number] {
    // The day before is looked at once, for a watch that has already been set back today.
    if (this.#latest === '') for (let n = 1_440; n > 0; n--) this.#show(epochMs - n * MINUTE_MS)
    this.#show(epochMs)
    const date = Temporal.PlainDate.from(this.#latest.slice(0, 10))
    const [hour, minute] = this.#latest.slice(11).split(':').map(Number)
    const entries = this.#dayPlan(date).entries
    return entries.findLast(({ startMinuteOfDay }) => startMinuteOfDay <= hour! * 60 + minute!)!
  }

  #show(epochMs: number): void {
    const shown = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(this.#schedule.timeZone)
    const text = shown.toPlainDateTime().toString({ smallestUnit: 'minute' })
    if (text > this.#latest) this.#latest = text
  }

  #dayPlan(date: Temporal.PlainDate): DayPlan {
    const { dates, week, dayPlans } = this.#schedule
    const rule = dates.find(({ calendar, from, to, weekDays }) => {
      if (weekDays.length > 0 && !weekDays.includes(date.dayOfWeek)) return false
      const { year, month, day } = date.withCalendar(calendar)
      const key = (y: number | null, m: number, d: number) =>
        [y ?? 0, m, d].map((n) => String(n).padStart(4, '0')).join()
      const here = key(from.year === null ? null : year, month, day)
      const [first, last] = [key(from.year, from.month, from.day), key(to.year, to.month, to.day)]
      return first <= last ? here >= first && here <= last : here >= first || here <= last
    })
    const number = rule?.dayPlan ?? week[date.dayOfWeek - 1]
    return dayPlans.find((candidate) => candidate.number === number)!
  }
}
