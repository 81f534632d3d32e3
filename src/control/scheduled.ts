/** What the site's schedule asks for now: looked up once a minute, for it speaks in whole minutes. */
import type { PatternId } from '#base/id.ts'
import { entryAt } from '#signal/calendar/schedule-clock.ts'
import { PATTERN_FLASH, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'

/** The minute is the same in every time zone. */
export interface Scheduled {
  readonly minute: number
  /** The plan of a special event, which holds instead of the schedule's; null = none. */
  readonly ordered: PatternId | null
  readonly pattern: PatternId
  /** The maximum green in effect while the intersection is free. */
  readonly maximum: 1 | 2
}

const MINUTE_MS = 60_000
/** So little is an adjustment; whoever sets a clock back by more means another hour. */
const PUT_BACK_MINUTES = 1

/** `before`: what the last step found. */
export function scheduledNow(view: IntersectionView, before: Scheduled | null): Scheduled {
  const { schedule, specialPattern: ordered = null, nowEpochMs } = view
  const minute = Math.floor(nowEpochMs / MINUTE_MS)
  // A clock that is put back a little, for a leap second or by a time server, takes back no change that has happened.
  const putBack = before === null ? 0 : before.minute - minute
  if (putBack >= 0 && putBack <= PUT_BACK_MINUTES && before?.ordered === ordered) return before
  if (ordered !== null) return { minute, ordered, pattern: ordered, maximum: 1 }
  const { pattern, maximum } = entryAt(schedule, nowEpochMs)
  return { minute, ordered, pattern, maximum }
}

/**
 * What to ask for where the strategy would run `wanted`: a flash that the schedule asks for is the cabinet's own to begin
 * and to end, so that supervision stands by for it. Flash is never asked for over the wire.
 */
export const askedPattern = ({ pattern }: Scheduled, wanted: PatternId): PatternId =>
  pattern === PATTERN_FLASH ? PATTERN_STANDBY : wanted
