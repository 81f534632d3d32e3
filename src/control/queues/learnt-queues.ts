/** What the estimator of queues carries over a restart, a change of rungs and a step that missed something: what it learnt, not whom it counted. */
import { LANE_FACTS, LEARNT_VERSION, type Learnt, type LearntLane } from '../learnt.ts'
import { NO_ARRIVALS_YET, worthOf } from './arrivals.ts'
import { NO_KEEPING_YET } from './lane-keeping.ts'
import type { LaneQueue, QueuesMemory } from './lane-queues.ts'
import { NOBODY_YET } from './stop-bar.ts'
import { NO_TRAVEL_YET } from './travel.ts'

export function learntOfQueues({ lanes, approaches, history }: QueuesMemory): Learnt {
  return {
    version: LEARNT_VERSION,
    lanes: eachOf(lanes, ({ share, flow, discharge: { headway, startUp, yielding } }) => ({
      share,
      // What a loop that chatters has made of it is bounded.
      flow: Math.min(LANE_FACTS.flow.most, flow),
      headwayMs: headway.value,
      headways: headway.seen,
      startUpMs: startUp.value,
      startUps: startUp.seen,
      yielding: yielding.value,
      yielded: yielding.seen,
    })),
    approaches: eachOf(approaches, (arrivals) => ({
      worth: worthOf(arrivals),
      travel: arrivals.travel.ratio.value,
      travels: arrivals.travel.ratio.seen,
      kept: arrivals.keeping.kept.value,
      keepers: arrivals.keeping.kept.seen,
    })),
    history: history.streams,
  }
}

/** Nobody waits and nobody comes, as far as is known; how the street usually is, is. */
export function beginQueues({ lanes, approaches, history }: Learnt): QueuesMemory {
  return {
    atMonoMs: null,
    lanes: eachOf(lanes, beginLane),
    approaches: eachOf(approaches, ({ worth, travel, travels, kept, keepers }) => ({
      ...NO_ARRIVALS_YET,
      left: worth * NO_ARRIVALS_YET.entered,
      travel: { ...NO_TRAVEL_YET, ratio: { value: travel, seen: travels } },
      keeping: { ...NO_KEEPING_YET, kept: { value: kept, seen: keepers } },
    })),
    history: { counting: null, streams: history },
  }
}

const beginLane = ({ share, flow, ...learnt }: LearntLane): LaneQueue => ({
  ...{ vehicles: 0, share, flow, inView: false, stopBar: NOBODY_YET },
  discharge: {
    headway: { value: learnt.headwayMs, seen: learnt.headways },
    startUp: { value: learnt.startUpMs, seen: learnt.startUps },
    yielding: { value: learnt.yielding, seen: learnt.yielded },
    run: null,
  },
})

/** After a step that missed something. */
export const recount = (before: QueuesMemory): QueuesMemory => beginQueues(learntOfQueues(before))

const eachOf = <From, To>(
  record: Readonly<Record<string, From>>,
  make: (from: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([name, entry]) => [name, make(entry)] as const))
