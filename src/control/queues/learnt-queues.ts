/** What the estimator of queues carries over a restart, a change of rungs and a step that missed something: what it learnt, not whom it counted. */
import { LANE_FACTS, LEARNT_VERSION, type Learnt } from '../learnt.ts'
import { NO_ARRIVALS_YET, worthOf } from './arrivals.ts'
import type { QueuesMemory } from './lane-queues.ts'
import { NOBODY_YET } from './stop-bar.ts'

export function learntOfQueues({ lanes, approaches, history }: QueuesMemory): Learnt {
  return {
    version: LEARNT_VERSION,
    // What a loop that chatters has made of it is bounded.
    lanes: eachOf(lanes, ({ share, flow }) => ({ share, flow: Math.min(LANE_FACTS.flow.most, flow) })),
    approaches: eachOf(approaches, (arrivals) => ({ worth: worthOf(arrivals) })),
    history: history.streams,
  }
}

/** Nobody waits and nobody comes, as far as is known; how the street usually is, is. */
export function beginQueues({ lanes, approaches, history }: Learnt): QueuesMemory {
  return {
    atMonoMs: null,
    lanes: eachOf(lanes, ({ share, flow }) => ({ vehicles: 0, share, flow, inView: false, stopBar: NOBODY_YET })),
    approaches: eachOf(approaches, ({ worth }) => ({ ...NO_ARRIVALS_YET, left: worth * NO_ARRIVALS_YET.entered })),
    history: { counting: null, streams: history },
  }
}

/** After a step that missed something. */
export const recount = (before: QueuesMemory): QueuesMemory => beginQueues(learntOfQueues(before))

const eachOf = <From, To>(
  record: Readonly<Record<string, From>>,
  make: (from: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([name, entry]) => [name, make(entry)] as const))
