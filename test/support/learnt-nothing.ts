/** What is kept of a lane, and of an approach, whose discharge and travel time nobody has learnt yet. */
import { HEADWAY, START_UP, YIELDING } from '#control/queues/discharge.ts'
import { KEEPING } from '#control/queues/lane-keeping.ts'
import { TRAVEL } from '#control/queues/travel.ts'

export const NO_DISCHARGE_LEARNT = {
  headwayMs: HEADWAY.assumed,
  headways: 0,
  startUpMs: START_UP.assumed,
  startUps: 0,
  yielding: YIELDING.assumed,
  yielded: 0,
} as const

export const NO_TRAVEL_LEARNT = { travel: TRAVEL.assumed, travels: 0, kept: KEEPING.assumed, keepers: 0 } as const
