/**
 * Events as InfluxDB 1.x line protocol. Our own because the library escapes neither measurement names nor line breaks in
 * tags; everything written here was admitted before (`admission.ts`) and has one fixed type per field.
 */
import type { StoredEvent } from './port.ts'

export const MEASUREMENT = 'event'

const NS_DIGITS = 6

/**
 * One line per event. Series and time are the identity: a point of the same series and nanosecond replaces the one before,
 * silently. The series says edge and epoch of its spool, the last six digits of the nanoseconds the sequence: two events of
 * the same millisecond stay two, and the same event written again stays one.
 */
export function toLines(events: readonly StoredEvent[]): string {
  return events.map(toLine).join('\n')
}

function toLine(event: StoredEvent): string {
  const tags = `site=${tag(event.site)},intersection=${tag(event.intersection)},kind=${event.source},edge=${tag(event.edge)},epoch=${event.epoch}`
  const fields = `code=${event.code}i,parameter=${event.parameter}i,sequence=${event.sequence}i,deviceSequence=${event.deviceSequence}i`
  return `${MEASUREMENT},${tags} ${fields} ${nanoseconds(event)}`
}

/** epochMs × 10⁶ + sequence mod 10⁶, as digits: a double holds neither. */
function nanoseconds({ epochMs, sequence }: StoredEvent): string {
  return `${epochMs}${String(sequence % 10 ** NS_DIGITS).padStart(NS_DIGITS, '0')}`
}

const tag = (text: string): string => text.replace(/[,= ]/g, '\\$&')
