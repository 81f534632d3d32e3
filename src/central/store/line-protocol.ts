/**
 * Events as InfluxDB 1.x line protocol. Our own because the library escapes neither measurement names nor line breaks in
 * tags; everything written here was admitted before (`admission.ts`) and has one fixed type per field.
 */
import type { StoredEvent } from './port.ts'

export const MEASUREMENT = 'event'

const SEQUENCES_IN_MS = 1_000_000

/**
 * One line per event. Series and time are the identity: a point of the same series and nanosecond replaces the one before,
 * silently. The series says edge and epoch of its spool, the last six digits of the nanoseconds the sequence: two events of
 * the same millisecond stay two, and the same event written again stays one.
 */
export function toLines(events: readonly StoredEvent[]): string {
  const series = new SeriesTexts()
  let lines = ''
  for (const event of events) lines += toLine(series.of(event), event)
  return lines
}

function toLine(series: string, event: StoredEvent): string {
  const { code, parameter, sequence, deviceSequence } = event
  return `${series} code=${code}i,parameter=${parameter}i,sequence=${sequence}i,deviceSequence=${deviceSequence}i ${nanoseconds(event)}\n`
}

/** A group holds few series and many points: each series is escaped once. */
class SeriesTexts {
  readonly #texts = new Map<string, string>()

  of(event: StoredEvent): string {
    const { site, intersection, source, edge, epoch } = event
    const key = `${intersection}\n${source}\n${epoch}\n${edge}\n${site}`
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const text = `${MEASUREMENT},site=${tag(site)},intersection=${tag(intersection)},kind=${source},edge=${tag(edge)},epoch=${epoch}`
    this.#texts.set(key, text)
    return text
  }
}

/** epochMs × 10⁶ + sequence mod 10⁶, as digits: a double holds neither. */
function nanoseconds({ epochMs, sequence }: StoredEvent): string {
  return `${epochMs}${String(SEQUENCES_IN_MS + (sequence % SEQUENCES_IN_MS)).slice(1)}`
}

const tag = (text: string): string => text.replace(/[,= ]/g, '\\$&')
