/** Asks the event store a small question now and then, so that pages and health know whether history is there. */
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { PartWatch, type PartState } from './part-state.ts'
import type { EventStore } from './store/port.ts'

const PERIOD_MS = 2_000
/** Events of the last second: an answer of any store within milliseconds. */
const ASKED_MS = 1_000

export interface StoreWatch {
  readonly state: PartState
  close(): void
}

/** `place` names the store for the operator. Says once when it goes and once when it comes. */
export function watchStore(store: EventStore, place: string, { clock, log }: { clock: Clock; log: Log }): StoreWatch {
  const watch = new PartWatch(clock, `asking ${place}`)
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false
  const ask = async () => {
    const nowEpochMs = clock.epochMs()
    const answer = await store.count({ fromEpochMs: nowEpochMs - ASKED_MS, toEpochMs: nowEpochMs })
    if (closed) return
    const changed = answer.ok ? watch.set(true, place) : watch.set(false, `${place}: ${answer.fault.detail}`)
    if (changed) say(watch.state, log)
    timer = setTimeout(() => void ask(), PERIOD_MS)
  }
  void ask()
  return {
    get state() {
      return watch.state
    },
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

function say({ up, detail }: PartState, log: Log): void {
  if (up) log('info', 'STORE_READY', `The event store answers: ${detail}.`)
  else
    log('warn', 'STORE_UNREACHABLE', `${detail}. Live pages are not affected, edges keep their events; asking again.`)
}
