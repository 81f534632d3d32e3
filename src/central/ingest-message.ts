/** Reads one message of an edge: a batch with its good and its bad rows, or the reason why it is none. */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { crc32 } from 'node:zlib'
import {
  Batch,
  EVENT_ROW_FIELDS,
  EVENT_SOURCES,
  EventRow,
  isVersionAccepted,
  MESSAGE_VERSION,
} from '#contract/messages.ts'
import { parseTopic } from '#contract/topics.ts'
import type { StoredEvent } from './store/port.ts'

export interface ReceivedBatch {
  readonly topic: string
  readonly edge: string
  readonly epoch: string
  readonly first: number
  readonly last: number
  /** Nothing between this sequence and `first` will ever come. */
  readonly after: number
  /** The request of which it is a part of the answer; null for what the edge sends by itself. */
  readonly fetch: string | null
  readonly events: readonly StoredEvent[]
  readonly badRows: readonly BadRow[]
}

export interface BadRow {
  readonly sequence: number
  readonly reason: string
  readonly payload: string
}

export type Received =
  | { readonly ok: true; readonly batch: ReceivedBatch }
  | { readonly ok: false; readonly reason: string }

/** Rows are looked at one by one: one bad row is no reason to refuse its neighbours. */
const envelope = Compile(Type.Object({ ...Batch.properties, rows: Type.Array(Type.Unknown(), { minItems: 1 }) }))
const eventRow = Compile(EventRow)
type Envelope = Omit<Batch, 'rows'> & { readonly rows: readonly unknown[] }

export function readBatch(site: string, topic: string, payload: Buffer): Received {
  const place = parseTopic(topic)
  if (place?.kind !== 'batch' || place.site !== site) return refuse('the topic is not one for batches of this site')
  const value = parseJson(payload)
  if (!envelope.Check(value)) return refuse('it is no batch by the schema')
  const { v, first, last, after, digest, rows } = value
  if (!isVersionAccepted(v)) return refuse(`its version ${v} is not within one of ${MESSAGE_VERSION}`)
  if (!Number.isSafeInteger(last) || last - first + 1 !== rows.length)
    return refuse(`it says ${first}-${last} and holds ${rows.length} rows`)
  if (after !== undefined && after >= first) return refuse(`it says that it follows ${after} and begins at ${first}`)
  if (digestOf(rows) !== digest) return refuse('its rows do not match its digest')
  return { ok: true, batch: sortOut({ topic, site, edge: place.edge }, value) }
}

/** As the schema of a batch defines it: CRC-32 of the rows as JSON. */
const digestOf = (rows: readonly unknown[]): string => crc32(JSON.stringify(rows)).toString(16).padStart(8, '0')

const refuse = (reason: string): Received => ({ ok: false, reason })

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined
  }
}

function sortOut({ topic, site, edge }: { topic: string; site: string; edge: string }, batch: Envelope): ReceivedBatch {
  const { epoch, first, last, after = first - 1, fetch = null } = batch
  const events: StoredEvent[] = []
  const badRows: BadRow[] = []
  batch.rows.forEach((row, index) => {
    const sequence = first + index
    // A newer edge may tell more of an event behind what we know: that is no reason to refuse the rest.
    const known = batch.v > MESSAGE_VERSION && Array.isArray(row) ? row.slice(0, EVENT_ROW_FIELDS) : row
    const reason = faultOf(known, sequence)
    if (reason === null) events.push(eventOf({ site, edge, epoch }, known as EventRow))
    else badRows.push({ sequence, reason, payload: JSON.stringify(row) })
  })
  return { topic, edge, epoch, first, last, after, fetch, events, badRows }
}

function faultOf(row: unknown, sequence: number): string | null {
  if (!eventRow.Check(row)) return 'the row is no event by the schema'
  if (row[0] !== sequence) return `the row says sequence ${row[0]} in the place of ${sequence}`
  return Number.isSafeInteger(row[1]) && Number.isSafeInteger(row[6]) ? null : 'the row has a number beyond 2^53'
}

/** One row by itself, as the dead letters keep it. */
export function readRow(origin: RowOrigin, row: unknown): StoredEvent | { readonly fault: string } {
  const fault = faultOf(row, origin.sequence)
  const { site, edge, epoch } = origin
  return fault === null ? eventOf({ site, edge, epoch }, row as EventRow) : { fault }
}

interface RowOrigin {
  readonly site: string
  readonly edge: string
  readonly epoch: string
  readonly sequence: number
}

function eventOf(origin: { site: string; edge: string; epoch: string }, row: EventRow): StoredEvent {
  const [sequence, epochMs, intersection, code, parameter, source, deviceSequence] = row
  const name = EVENT_SOURCES[source] ?? 'edge'
  return { ...origin, sequence, intersection, epochMs, code, parameter, source: name, deviceSequence }
}
