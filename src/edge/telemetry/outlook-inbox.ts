/** Takes in what other edges say of their intersections: what is malformed, strange, late, ahead of time or said before is passed over and counted. */
import { Compile } from 'typebox/compile'
import { intersectionId, type IntersectionId } from '#base/id.ts'
import { OUTLOOK_BYTES_MAX, OutlookMessage } from '#contract/outlook-message.ts'
import { OUTLOOK_FRESH_MS_MAX, type Outlook } from '#signal/outlook.ts'

/** Why a message was passed over; a lost one is one that never came, and is known by its number. */
export const OUTLOOK_FAULT_CODES = [
  'OUTLOOK_MALFORMED',
  'OUTLOOK_FOREIGN',
  'OUTLOOK_LATE',
  'OUTLOOK_AHEAD',
  'OUTLOOK_REPEATED',
  'OUTLOOK_LOST',
] as const
export type OutlookFaultCode = (typeof OUTLOOK_FAULT_CODES)[number]

export type OutlookCounts = Readonly<Record<OutlookFaultCode | 'heard', number>>

export const NOTHING_HEARD: OutlookCounts = {
  heard: 0,
  OUTLOOK_MALFORMED: 0,
  OUTLOOK_FOREIGN: 0,
  OUTLOOK_LATE: 0,
  OUTLOOK_AHEAD: 0,
  OUTLOOK_REPEATED: 0,
  OUTLOOK_LOST: 0,
}

export interface HeardOutlook {
  readonly intersection: IntersectionId
  readonly outlook: Outlook
}

/** A clock that is ahead by more puts its platoons where nobody is yet. */
const AHEAD_MS_MAX = 500
/** A sender that begins its numbers anew is the only one that skips so many. */
const LOST_MOST = 3_600

interface Sender {
  readonly epoch: string
  readonly seq: number
  readonly atEpochMs: number
  readonly heardAtEpochMs: number
}

export class OutlookInbox {
  readonly #expected: ReadonlyMap<string, IntersectionId>
  readonly #senders = new Map<IntersectionId, Sender>()
  readonly #counts: Record<OutlookFaultCode | 'heard', number> = { ...NOTHING_HEARD }

  /** `expected`: who speaks on which topic. */
  constructor(expected: ReadonlyMap<string, IntersectionId>) {
    this.#expected = expected
  }

  /** Since the beginning. */
  get counts(): OutlookCounts {
    return { ...this.#counts }
  }

  /** null where there is nothing to hand on. Never throws, whatever comes. */
  receive(topic: string, payload: Buffer, nowEpochMs: number): HeardOutlook | null {
    const message = parse(payload)
    if (message === null) return this.#passOver('OUTLOOK_MALFORMED')
    const intersection = this.#expected.get(topic)
    if (intersection === undefined || message.intersection !== intersection) return this.#passOver('OUTLOOK_FOREIGN')
    const ageMs = nowEpochMs - message.atEpochMs
    if (ageMs > OUTLOOK_FRESH_MS_MAX) return this.#passOver('OUTLOOK_LATE')
    if (ageMs < -AHEAD_MS_MAX) return this.#passOver('OUTLOOK_AHEAD')
    const before = this.#senders.get(intersection)
    if (before !== undefined && !follows(message, before, nowEpochMs)) return this.#passOver('OUTLOOK_REPEATED')
    if (before?.epoch === message.epoch)
      this.#counts.OUTLOOK_LOST += Math.min(LOST_MOST, Math.max(0, message.seq - before.seq - 1))
    const { epoch, seq, atEpochMs, movements, approaches } = message
    this.#senders.set(intersection, { epoch, seq, atEpochMs, heardAtEpochMs: nowEpochMs })
    this.#counts.heard++
    return { intersection, outlook: { atEpochMs, movements, approaches: approaches.map(branded) } }
  }

  #passOver(code: OutlookFaultCode): null {
    this.#counts[code]++
    return null
  }
}

/** After a silence any number is taken: one absurd number must not deafen us for ever. */
function follows({ epoch, seq, atEpochMs }: OutlookMessage, before: Sender, nowEpochMs: number): boolean {
  if (Math.abs(nowEpochMs - before.heardAtEpochMs) > OUTLOOK_FRESH_MS_MAX) return true
  return epoch === before.epoch ? seq > before.seq : atEpochMs > before.atEpochMs
}

const schema = Compile(OutlookMessage)

function parse(payload: Buffer): OutlookMessage | null {
  if (payload.length > OUTLOOK_BYTES_MAX) return null
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return schema.Check(value) && value.approaches.every(({ storage, free }) => free <= storage) ? value : null
  } catch {
    return null
  }
}

const branded = ({ feeders, ...room }: OutlookMessage['approaches'][number]): Outlook['approaches'][number] => ({
  ...room,
  feeders: feeders.map((feeder) => ({ ...feeder, intersection: intersectionId(feeder.intersection) })),
})
