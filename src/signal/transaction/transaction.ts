/** A timing on its way into a controller: begun, written in parts, verified as a whole, and activated or dropped. */
import { checkDatabase } from '../check/check-database.ts'
import type { ControllerDatabase } from '../database.ts'
import { checkFloors, type SiteFloors } from './floors.ts'
import { refusalOf, type TimingRefusal } from './refusal.ts'
import { decodeTiming } from './timing-text.ts'
import { withTiming } from './timing.ts'

/**
 * The order is the wire's.
 * - `idle`: nothing is staged.
 * - `open`: parts are written.
 * - `verified`: it may be activated.
 * - `armed`: it is activated at the next moment at which the street is clear.
 */
export const TRANSACTION_STATES = ['idle', 'open', 'verified', 'armed'] as const
export type TransactionState = (typeof TRANSACTION_STATES)[number]

/** Plain data; every step returns a new one. What runs is never touched by it. */
export interface Transaction {
  readonly state: TransactionState
  readonly text: string
  /** Since the last request; since it was armed. */
  readonly quietMs: number
  /** What the text says; null before it is verified. */
  readonly database: ControllerDatabase | null
  /** Of the last request, or why the transaction has ended; `none` where it went well. */
  readonly refusal: TimingRefusal
  /** The first fault in words, for a person. */
  readonly detail: string
}

/** A timing of 32 phases with all plans of a city has about 60,000 characters. */
export const TIMING_TEXT_MAX = 131_072
/** Whoever stages a timing writes a part every second or so; one who has died must not keep others out. */
export const QUIET_MS_MAX = 30_000
/** An activation waits for a clear street: some cycles, of 255 s at most. */
export const ARMED_MS_MAX = 900_000

export const NO_TRANSACTION: Transaction = {
  state: 'idle',
  text: '',
  quietMs: 0,
  database: null,
  refusal: 'none',
  detail: '',
}

/** Drops what was staged before, unless it waits for its activation. */
export const begin = (transaction: Transaction): Transaction =>
  transaction.state === 'armed' ? refuse(transaction, 'outOfOrder') : { ...NO_TRANSACTION, state: 'open' }

/** Parts follow each other without a gap; one that is written again, for its answer was lost, must be the same. */
export function write(transaction: Transaction, offset: number, part: string): Transaction {
  const { state, text } = transaction
  if (state !== 'open') return refuse(transaction, 'outOfOrder')
  if (offset + part.length > TIMING_TEXT_MAX) return refuse(transaction, 'tooLong')
  const again = offset < text.length && text.slice(offset, offset + part.length) === part
  if (offset !== text.length && !again)
    return refuse(transaction, 'outOfOrder', `the next part begins at ${text.length}`)
  return { ...transaction, text: again ? text : text + part, quietMs: 0, refusal: 'none', detail: '' }
}

/** Judges the whole: its text, its street, its database and the floors of the site. A refused text must be written anew. */
export function verify(transaction: Transaction, running: ControllerDatabase, floors: SiteFloors): Transaction {
  if (transaction.state !== 'open') return refuse(transaction, 'outOfOrder')
  const judged = judge(transaction.text, running, floors)
  if ('database' in judged)
    return { ...transaction, ...judged, state: 'verified', quietMs: 0, refusal: 'none', detail: '' }
  return { ...NO_TRANSACTION, ...judged }
}

export const arm = (transaction: Transaction): Transaction =>
  transaction.state === 'verified'
    ? { ...transaction, state: 'armed', quietMs: 0, refusal: 'none', detail: '' }
    : refuse(transaction, 'outOfOrder')

/** Nothing staged is left of it, and `why` is what is read of it. */
export const abandon = (transaction: Transaction, why: TimingRefusal): Transaction =>
  transaction.state === 'idle' ? transaction : { ...NO_TRANSACTION, refusal: why }

/** A request that is not followed changes nothing but what is read of it. */
export const refuse = (transaction: Transaction, refusal: TimingRefusal, detail = ''): Transaction => ({
  ...transaction,
  refusal,
  detail,
})

/** Lets time pass: nobody keeps a transaction open for ever. */
export function age(transaction: Transaction, elapsedMs: number): Transaction {
  const { state } = transaction
  if (state === 'idle') return transaction
  const quietMs = transaction.quietMs + elapsedMs
  if (state === 'armed' && quietMs > ARMED_MS_MAX) return abandon(transaction, 'noLegalMoment')
  if (state !== 'armed' && quietMs > QUIET_MS_MAX) return abandon(transaction, 'timedOut')
  return { ...transaction, quietMs }
}

type Judged = { readonly database: ControllerDatabase } | { readonly refusal: TimingRefusal; readonly detail: string }

function judge(text: string, running: ControllerDatabase, floors: SiteFloors): Judged {
  const timing = decodeTiming(text)
  if (!timing.ok) {
    const [first] = timing.fault
    return { refusal: 'garbled', detail: `${first?.path || 'the text'} is not ${first?.expected}` }
  }
  const database = withTiming(running, timing.value)
  if (database === null) return { refusal: 'otherStreet', detail: `the text is of ${timing.value.intersection}` }
  const [fault] = checkDatabase(database)
  if (fault !== undefined) return { refusal: refusalOf(fault), detail: JSON.stringify(fault) }
  const [below] = checkFloors(database, floors)
  if (below !== undefined) {
    const { phase, time, ms, floorMs } = below
    return { refusal: 'floor', detail: `${time} of phase ${phase} is ${ms}, the floor of the site is ${floorMs}` }
  }
  return { database }
}
