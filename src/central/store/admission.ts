/** Which events a store takes at all: the same for both, so that what one refuses the other refuses too. */
import type { StoredEvent } from './port.ts'

const DAY_MS = 86_400_000

/** Raw events are kept this long; roll-ups longer. */
export const RETENTION_DAYS = 90
/** A clock that runs ahead by more would write into a future that nobody reads, and would not be missed today. */
export const AHEAD_MAX_MS = 10 * 60_000

export interface AdmissionWindow {
  readonly nowEpochMs: number
  readonly retentionDays: number
}

/** Why a store does not take the event, in words for the dead-letter list; null when it does. */
export function refusal(event: StoredEvent, { nowEpochMs, retentionDays }: AdmissionWindow): string | null {
  if (event.epochMs <= nowEpochMs - retentionDays * DAY_MS)
    return `the event of ${instant(event)} is older than the ${retentionDays} days that are kept`
  if (event.epochMs > nowEpochMs + AHEAD_MAX_MS)
    return `the event of ${instant(event)} is more than ${AHEAD_MAX_MS / 60_000} min ahead of now`
  const name = [event.site, event.edge, event.intersection].find((text) => !isName(text))
  return name === undefined
    ? null
    : `${JSON.stringify(name)} is no name: empty, or with a control character or a backslash`
}

/** The first refusal among the events, null when all are taken. */
export function firstRefusal(events: readonly StoredEvent[], window: AdmissionWindow): string | null {
  for (const event of events) {
    const reason = refusal(event, window)
    if (reason !== null) return reason
  }
  return null
}

/** Line protocol has no way to write a line break in a tag, and reads a backslash before a comma as part of the comma. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const isName = (text: string): boolean => text !== '' && !/[\u0000-\u001f\u007f\\]/.test(text)

function instant({ epochMs }: StoredEvent): string {
  const date = new Date(epochMs)
  return Number.isNaN(date.getTime()) ? `${epochMs} ms` : date.toISOString()
}
