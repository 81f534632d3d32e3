/** What the schedule asks for at an instant: the pattern now, when it changes next, and the local day that holds it. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { PatternId } from '#base/id.ts'
import type { DayPlan, Schedule } from '../schedule.ts'

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

/**
 * The pattern that the schedule asks for at `epochMs`. Each change happens once, also where clocks are changed: what
 * falls into a skipped hour happens when it is skipped, and an hour that comes again takes nothing back.
 */
export function patternAt(schedule: Schedule, epochMs: number): PatternId {
  const latest = latestLocalTime(schedule.timeZone, epochMs)
  const minuteOfDay = latest.hour * 60 + latest.minute
  const { entries } = dayPlanOf(schedule, latest.toPlainDate())
  const entry = entries.findLast(({ startMinuteOfDay }) => startMinuteOfDay <= minuteOfDay)
  invariant(entry, `a day plan begins at midnight`)
  return entry.pattern
}

/** The next change of pattern after `epochMs`; null when the schedule never changes. */
export function nextChange(schedule: Schedule, epochMs: number): ScheduledChange | null {
  const now = patternAt(schedule, epochMs)
  const today = zoned(schedule.timeZone, epochMs).toPlainDate()
  // Eight days hold every entry of a week, whatever the time of day is now.
  for (let days = 0; days <= 8; days++)
    for (const startEpochMs of startsOn(schedule, today.add({ days }))) {
      if (startEpochMs <= epochMs) continue
      const pattern = patternAt(schedule, startEpochMs)
      if (pattern !== now) return { epochMs: startEpochMs, pattern }
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

function dayPlanOf({ week, dayPlans }: Schedule, date: Temporal.PlainDate): DayPlan {
  const number = at(week, date.dayOfWeek - 1)
  const dayPlan = dayPlans.find((candidate) => candidate.number === number)
  invariant(dayPlan, `day plan ${number} of the week exists`)
  return dayPlan
}

/** When the entries of that date begin, ascending. */
function startsOn(schedule: Schedule, date: Temporal.PlainDate): number[] {
  const starts = dayPlanOf(schedule, date).entries.map(({ startMinuteOfDay }) => {
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
