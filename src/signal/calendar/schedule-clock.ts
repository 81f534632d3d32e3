/** What the schedule asks for at an instant: the pattern now, when it changes next, and the local day that holds it. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { PatternId } from '#base/id.ts'
import type { DayPlan, DayPlanEntry, Schedule } from '../schedule.ts'
import { holdsOn, isOver } from './date-rules.ts'

/** A scheduled change: from `epochMs` on, `pattern` is asked for. */
export interface ScheduledChange {
  readonly epochMs: number
  readonly pattern: PatternId
}

/** A day of a time zone, from its first instant up to the first of the next day; 23 to 25 hours long, mostly 24. */
export interface LocalDay {
  readonly startEpochMs: number
  readonly endEpochMs: number
}

/** A change may be so far away: 29 February falls on one week day again after 40 years at most. */
const HORIZON_DAYS = 40 * 366

/**
 * What the schedule asks for at `epochMs`. Each change happens once, also where clocks are changed: what falls into a
 * skipped hour happens when it is skipped, and an hour that comes again takes nothing back.
 */
export function entryAt(schedule: Schedule, epochMs: number): DayPlanEntry {
  const latest = latestLocalTime(schedule.timeZone, epochMs)
  const minuteOfDay = latest.hour * 60 + latest.minute
  const { entries } = dayPlanOn(schedule, latest.toPlainDate())
  const entry = entries.findLast(({ startMinuteOfDay }) => startMinuteOfDay <= minuteOfDay)
  invariant(entry, `a day plan begins at midnight`)
  return entry
}

/** The pattern that the schedule asks for at `epochMs`. */
export const patternAt = (schedule: Schedule, epochMs: number): PatternId => entryAt(schedule, epochMs).pattern

/** When an entry begins next after `epochMs`, whatever it asks for: until then nothing changes. Within two days. */
export function nextEntryEpochMs(schedule: Schedule, epochMs: number): number {
  const today = zoned(schedule.timeZone, epochMs).toPlainDate()
  const starts = [0, 1, 2].flatMap((days) => startsOn(schedule, today.add({ days })))
  const next = starts.find((startEpochMs) => startEpochMs > epochMs)
  invariant(next !== undefined, 'a day plan begins at midnight')
  return next
}

/** The next change of pattern after `epochMs`; null when the schedule never changes again. */
export function nextChange(schedule: Schedule, epochMs: number): ScheduledChange | null {
  const now = patternAt(schedule, epochMs)
  const today = zoned(schedule.timeZone, epochMs).toPlainDate()
  if (!mayChange(schedule, today, now)) return null
  for (let days = 0; days <= HORIZON_DAYS; days++) {
    const date = today.add({ days })
    if (asksOnlyFor(dayPlanOn(schedule, date), now)) continue
    for (const startEpochMs of startsOn(schedule, date)) {
      if (startEpochMs <= epochMs) continue
      const pattern = patternAt(schedule, startEpochMs)
      if (pattern !== now) return { epochMs: startEpochMs, pattern }
    }
  }
  return null
}

/** The local day that holds `epochMs`. */
export function localDayAt(timeZone: string, epochMs: number): LocalDay {
  const start = zoned(timeZone, epochMs).startOfDay()
  const end = start.toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone)
  return { startEpochMs: start.epochMilliseconds, endEpochMs: end.epochMilliseconds }
}

const zoned = (timeZone: string, epochMs: number) =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone)

/** What the clock on the wall shows, or has shown before it was set back. */
function latestLocalTime(timeZone: string, epochMs: number): Temporal.PlainDateTime {
  const now = zoned(timeZone, epochMs)
  const shown = now.toPlainDateTime()
  const change = now.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
  if (change === null) return shown
  const before = change.subtract({ nanoseconds: 1 }).toPlainDateTime()
  return Temporal.PlainDateTime.compare(before, shown) > 0 ? before : shown
}

/** The day plan of the first date rule that holds, else that of the week day. */
export function dayPlanOn(schedule: Schedule, date: Temporal.PlainDate): DayPlan {
  const rule = schedule.dates.find((candidate) => holdsOn(candidate, date))
  return dayPlanOf(schedule, rule?.dayPlan ?? at(schedule.week, date.dayOfWeek - 1))
}

function dayPlanOf({ dayPlans }: Schedule, number: number): DayPlan {
  const dayPlan = dayPlans.find((candidate) => candidate.number === number)
  invariant(dayPlan, `day plan ${number} exists`)
  return dayPlan
}

/** False where no day to come asks for anything else: it need not be looked for over the years. */
function mayChange(schedule: Schedule, today: Temporal.PlainDate, now: PatternId): boolean {
  const rules = schedule.dates.filter((rule) => !isOver(rule, today))
  const numbers = [...schedule.week, ...rules.map(({ dayPlan }) => dayPlan)]
  return numbers.some((number) => !asksOnlyFor(dayPlanOf(schedule, number), now))
}

const asksOnlyFor = ({ entries }: DayPlan, asked: PatternId): boolean =>
  entries.every(({ pattern }) => pattern === asked)

/** When the entries of that date begin, ascending. */
function startsOn(schedule: Schedule, date: Temporal.PlainDate): number[] {
  const starts = dayPlanOn(schedule, date).entries.map(({ startMinuteOfDay }) => {
    const time = new Temporal.PlainTime(Math.floor(startMinuteOfDay / 60), startMinuteOfDay % 60)
    return firstInstantOf(date.toPlainDateTime(time), schedule.timeZone)
  })
  return starts.toSorted((a, b) => a - b)
}

/** The first instant at which the clock on the wall shows that time, or has skipped it. */
function firstInstantOf(local: Temporal.PlainDateTime, timeZone: string): number {
  const first = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (first.toPlainDateTime().equals(local)) return first.epochMilliseconds
  const skip = first.getTimeZoneTransition('next')
  invariant(skip, 'a local time that does not exist is skipped by a change of clocks')
  return skip.epochMilliseconds
}
