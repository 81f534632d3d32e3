/** The event log as a ring of registers: which slots to read, and which of what was read may be believed. */
import type { LogRecord } from '../device.ts'
import { decodeWhole, encodeWhole, type Registers } from '../profile/codec.ts'
import { LOG_RECORD_REGISTERS } from '../profile/registers.ts'
import type { ModbusLog } from '../profile/schema.ts'
import { newestRun } from './agreement.ts'
import type { Agree } from './doubt.ts'

/** Sequences `first … last`; empty where `first > last`. */
export interface LogSpan {
  readonly first: number
  readonly last: number
}

export interface SlotRead {
  /** Sequence of the record that is expected in the first slot. */
  readonly first: number
  readonly address: number
  /** Registers. */
  readonly length: number
}

/** What the ring can still give after `after`, at most `max` records; records up to `head - capacity` are overwritten. */
export function spanToRead(head: number, capacity: number, wanted: { after: number; max: number }): LogSpan {
  const first = Math.max(wanted.after + 1, head - capacity + 1)
  return { first, last: Math.min(head, first + wanted.max - 1) }
}

/** Reads that cover the span: whole records, none across the end of the ring. */
export function slotReads(log: ModbusLog, span: LogSpan, maxRegistersPerRead: number): SlotRead[] {
  const recordsPerRead = Math.floor(maxRegistersPerRead / LOG_RECORD_REGISTERS)
  const reads: SlotRead[] = []
  for (let first = span.first; first <= span.last;) {
    const slot = first % log.capacity
    const records = Math.min(recordsPerRead, log.capacity - slot, span.last - first + 1)
    const address = log.address + slot * LOG_RECORD_REGISTERS
    reads.push({ first, address, length: records * LOG_RECORD_REGISTERS })
    first += records
  }
  return reads
}

/**
 * What answers to one read agree on, record by record; a record that the ring has meanwhile written over is agreed to be gone,
 * and so is one that none of them has.
 */
export const agreedSlots =
  (read: SlotRead, { capacity }: ModbusLog): Agree<Registers> =>
  (answers, needed) => {
    const slots = Array.from({ length: read.length / LOG_RECORD_REGISTERS }, (_, i) =>
      newestRun(
        answers.map((words) => words.slice(i * LOG_RECORD_REGISTERS, (i + 1) * LOG_RECORD_REGISTERS)),
        needed,
        (before, after) => isSameSlot(before, after, { expected: read.first + i, capacity }),
      ),
    )
    return slots.every((slot) => slot !== null) ? slots.flat() : null
  }

function isSameSlot(
  before: Registers,
  after: Registers,
  { expected, capacity }: { readonly expected: number; readonly capacity: number },
): boolean {
  if (before.every((word, i) => word === after[i])) return true
  const [then, now] = [decodeRecord(before)?.sequence, decodeRecord(after)?.sequence ?? 0]
  if (then !== expected && now !== expected) return true
  return now > expected && (now - expected) % capacity === 0
}

/**
 * Appends the records of one answered read to `run`, which stays one unbroken run of sequences. A slot with a newer record
 * was overwritten meanwhile: before the run it is skipped, inside it ends the run. A slot with an older one is not written
 * yet, and ends it too. False = the run has ended.
 */
export function appendSlots(run: LogRecord[], read: SlotRead, words: Registers): boolean {
  for (let i = 0; i < read.length / LOG_RECORD_REGISTERS; i++) {
    const expected = read.first + i
    const record = decodeRecord(words.slice(i * LOG_RECORD_REGISTERS, (i + 1) * LOG_RECORD_REGISTERS))
    if (record?.sequence === expected) run.push(record)
    else if (!record || record.sequence < expected || run.length > 0) return false
  }
  return true
}

/** Whether the slot that was read alone holds its record, or already a newer one. */
export const holdsSlot = (read: SlotRead, words: Registers): boolean =>
  (decodeRecord(words)?.sequence ?? 0) >= read.first

/** Whether the ring may have come round to the span while it was read: less than half of it was left. */
export const mayBeTorn = (head: number, capacity: number, span: LogSpan): boolean =>
  span.first <= head - capacity + capacity / 2

/** Records that the ring, at its head of after the reading, cannot have begun to overwrite. */
export const untorn = (run: readonly LogRecord[], headAfter: number, capacity: number): readonly LogRecord[] =>
  // The slot next to be written may be half written already.
  run.filter((record) => record.sequence > headAfter + 1 - capacity)

export function encodeRecord(record: LogRecord): number[] {
  return [
    ...encodeWhole(record.sequence, 2),
    ...encodeWhole(record.epochMs, 4),
    ...encodeWhole(record.code, 1),
    ...encodeWhole(record.parameter, 1),
  ]
}

/** null where the words mean no record. */
function decodeRecord(words: Registers): LogRecord | null {
  const sequence = decodeWhole(words.slice(0, 2))
  const epochMs = decodeWhole(words.slice(2, 6))
  const [code, parameter] = words.slice(6)
  if (sequence === null || epochMs === null || code === undefined || parameter === undefined) return null
  return { sequence, epochMs, code, parameter }
}
