/** What the site's schedule asks for now: looked up once a minute, for it speaks in whole minutes. */
import type { PatternId } from '#base/id.ts'
import { entryAt } from '#signal/calendar/schedule-clock.ts'
import { PATTERN_FLASH, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'

/** The minute is the same in every time zone. */
export interface Scheduled {
  readonly minute: number
  readonly pattern: PatternId
  /** The maximum green in effect while the intersection is free. */
  readonly maximum: 1 | 2
}

const MINUTE_MS = 60_000

/** `before`: what the last step found. */
export function scheduledNow({ schedule, nowEpochMs }: IntersectionView, before: Scheduled | null): Scheduled {
  const minute = Math.floor(nowEpochMs / MINUTE_MS)
  if (before?.minute === minute) return before
  const { pattern, maximum } = entryAt(schedule, nowEpochMs)
  return { minute, pattern, maximum }
}

/**
 * What to ask for where the strategy would run `wanted`: a flash that the schedule asks for is the cabinet's own to begin
 * and to end, so that supervision stands by for it. Flash is never asked for over the wire.
 */
export const askedPattern = ({ pattern }: Scheduled, wanted: PatternId): PatternId =>
  pattern === PATTERN_FLASH ? PATTERN_STANDBY : wanted
