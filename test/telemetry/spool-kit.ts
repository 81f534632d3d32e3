/** Spools for tests: opened on a disk, filled with numbered events, read back as the uplink reads them. */
import { intersectionId } from '#base/id.ts'
import type { Batch } from '#contract/messages.ts'
import { backlogReader } from '#edge/telemetry/batch-reader.ts'
import type { ObservedEvent } from '#edge/telemetry/port.ts'
import { Spool, type SpoolOptions } from '#edge/telemetry/spool.ts'
import type { SpoolFault } from '#edge/telemetry/spool-fault.ts'
import type { ForgetfulDisk } from '#test/support/forgetful-disk.ts'

export interface OpenedSpool {
  readonly spool: Spool
  readonly faults: readonly SpoolFault[]
}

/** Some fifteen events, so that a test has several segments. */
export const SMALL_SEGMENT = { segmentBytes: 1_000 }

let epochs = 0

export function openSpool(disk: ForgetfulDisk, options: Partial<SpoolOptions> = {}): OpenedSpool {
  const faults: SpoolFault[] = []
  const newEpoch = (): string => (epochs += 1).toString(16).padStart(16, '0')
  return { spool: new Spool({ disk, newEpoch, report: (fault) => faults.push(fault), ...options }), faults }
}

/** The event of which `parameter` is the number, so that it is known again whatever its sequence. */
export function event(number: number, change: Partial<ObservedEvent> = {}): ObservedEvent {
  return {
    intersection: intersectionId(`IX-0${1 + (number % 3)}`),
    epochMs: 1_790_000_000_000 + number,
    code: 82,
    parameter: number,
    source: 'image',
    deviceSequence: 0,
    ...change,
  }
}

export const events = (first: number, last: number): ObservedEvent[] =>
  Array.from({ length: last - first + 1 }, (_, index) => event(first + index))

/** Appends and commits; how many became recorded. */
export function recordEvents(spool: Spool, first: number, last: number): number {
  spool.append(events(first, last))
  return spool.commit()
}

export interface ReadBack {
  readonly epoch: string
  readonly sequence: number
  /** The event's own number. */
  readonly number: number
}

export const batchesOf = (spool: Spool): Batch[] => {
  const reader = backlogReader(spool, { ordinal: Number.MAX_SAFE_INTEGER, offset: 0 })
  const batches: Batch[] = []
  for (let batch = reader.next(); batch; batch = reader.next()) batches.push(JSON.parse(batch.payload) as Batch)
  return batches
}

export const readBack = (spool: Spool): ReadBack[] =>
  batchesOf(spool).flatMap(({ epoch, rows }) => rows.map((row) => ({ epoch, sequence: row[0], number: row[4] })))

export const numbersOf = (spool: Spool): number[] => readBack(spool).map(({ number }) => number)

export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
