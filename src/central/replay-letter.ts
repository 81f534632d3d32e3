/** Tries a dead letter again: what was refused may be taken by a store, a clock or a version that has changed since. */
import { unreachable } from '#base/invariant.ts'
import { parseTopic } from '#contract/topics.ts'
import type { KeptLetter } from './dead-letters.ts'
import { readBatch, readRow } from './ingest-message.ts'
import type { EventStore, StoredEvent } from './store/port.ts'

export type Replayed =
  /** All of it is in the store: the letter may go. */
  | { readonly code: 'stored'; readonly events: number }
  /** It stays as it is. */
  | { readonly code: 'refused'; readonly reason: string }
  /** The store does not answer: the others need not be tried now. */
  | { readonly code: 'storeDown'; readonly detail: string }

/** Writing the same event twice changes nothing, so a letter may be tried as often as one likes. */
export async function replayLetter(letter: KeptLetter, store: EventStore): Promise<Replayed> {
  const read = eventsOf(letter)
  if ('reason' in read) return { code: 'refused', reason: read.reason }
  const outcome = await store.write(read.events)
  if (outcome.ok)
    return read.unread === null
      ? { code: 'stored', events: read.events.length }
      : { code: 'refused', reason: read.unread }
  return outcome.fault.code === 'STORE_REFUSED'
    ? { code: 'refused', reason: outcome.fault.detail }
    : { code: 'storeDown', detail: outcome.fault.detail }
}

type Read =
  /** `unread`: why a part of it is no event even now. */
  { readonly events: readonly StoredEvent[]; readonly unread: string | null } | { readonly reason: string }

function eventsOf({ form, topic, identity, payload, isCut }: KeptLetter): Read {
  if (isCut) return { reason: 'only the beginning of it was kept' }
  const place = parseTopic(topic)
  if (place === null) return { reason: `${topic} is no topic of ours` }
  switch (form) {
    case 'event':
      return { events: [JSON.parse(payload) as StoredEvent], unread: null }
    case 'row':
      return rowOf({ site: place.site, identity, payload })
    case 'message': {
      const received = readBatch(place.site, topic, Buffer.from(payload))
      if (!received.ok) return { reason: received.reason }
      return { events: received.batch.events, unread: received.batch.badRows[0]?.reason ?? null }
    }
    default:
      return unreachable(form)
  }
}

function rowOf({ site, identity, payload }: { site: string; identity: string; payload: string }): Read {
  const [edge = '', epoch = '', sequence] = identity.split('/')
  const row: unknown = JSON.parse(payload)
  const event = readRow({ site, edge, epoch, sequence: Number(sequence) }, row)
  return 'fault' in event ? { reason: event.fault } : { events: [event], unread: null }
}
