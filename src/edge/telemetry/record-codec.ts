/** One recorded event as text: the very row that goes into a batch, so that it is made once and never again. */
import { EVENT_SOURCES, type EventRow } from '#contract/messages.ts'
import type { ObservedEvent } from './port.ts'

/** `JSON.stringify` of the event's row (`EventRow`): batches are put together from such texts without parsing them. */
export function encodeRow(sequence: number, event: ObservedEvent): string {
  const row: EventRow = [
    sequence,
    event.epochMs,
    event.intersection,
    event.code,
    event.parameter,
    EVENT_SOURCES.indexOf(event.source),
    event.deviceSequence,
  ]
  return JSON.stringify(row)
}

/** The row of a text that `encodeRow` made and a checksum has vouched for. */
export const decodeRow = (text: string): EventRow => JSON.parse(text) as EventRow

/** Last sequence of the device's own log, by intersection. */
export type Cursors = Map<string, number>

export function advanceCursor(cursors: Cursors, intersection: string, deviceSequence: number): void {
  if (deviceSequence > (cursors.get(intersection) ?? 0)) cursors.set(intersection, deviceSequence)
}

export const encodeCursors = (cursors: Cursors): string => JSON.stringify([...cursors])

export const decodeCursors = (text: string): Cursors => new Map(JSON.parse(text) as [string, number][])
