/** What was learnt of lanes, beside how they truly were, and beside what would have been assumed of each. */
import type { Judged } from './errors.ts'
import type { JudgedLane } from './lane-seconds.ts'
import { ASSUMED } from './own-estimator.ts'
import { spreadOf } from '../report/spread.ts'

export interface Learning {
  /** Seconds from one of a queue to the next; of lanes without who turns left, since in them nobody yields. */
  readonly headway: Compared | null
  /** Of the time that speed limit and distance give. */
  readonly travel: Compared | null
  /** Of which the simulator does not tell. */
  readonly startUpS: number
  readonly yielding: number
}

/** Means over the lanes of which the truth is told. */
export interface Compared {
  readonly lanes: number
  readonly truth: number
  readonly learnt: number
  /** From so many values a lane. */
  readonly seen: number
  /** How far it was off, and how far the assumption. */
  readonly off: number
  readonly assumedOff: number
}

/** Of the lanes that `isMeant`; null where there is none. */
export function learningOf(judged: Judged, isMeant: (lane: JudgedLane) => boolean): Learning | null {
  const meant = judged.lanes.flatMap((lane) => {
    const learnt = judged.learnt.get(lane.key)
    return learnt !== undefined && isMeant(lane) ? [{ lane, learnt, truth: judged.discharge.of(lane.key) }] : []
  })
  if (meant.length === 0) return null
  const headways = meant.flatMap(({ lane, learnt, truth }) =>
    truth.headwayS === null || lane.kind !== 'through'
      ? []
      : [
          {
            truth: truth.headwayS,
            learnt: learnt.headwayMs / MS,
            seen: learnt.headways,
            assumed: ASSUMED.headwayMs / MS,
          },
        ],
  )
  const travels = meant.flatMap(({ lane, learnt, truth }) =>
    truth.travelS === null
      ? []
      : [
          {
            truth: (truth.travelS * lane.cruiseMps) / lane.lookM,
            learnt: learnt.travel,
            seen: learnt.travels,
            assumed: ASSUMED.travel,
          },
        ],
  )
  return {
    headway: compared(headways),
    travel: compared(travels),
    startUpS: spreadOf(meant.map(({ learnt }) => learnt.startUpMs / MS)).mean,
    yielding: spreadOf(meant.map(({ learnt }) => learnt.yielding)).mean,
  }
}

const MS = 1_000

interface Known {
  readonly truth: number
  readonly learnt: number
  readonly seen: number
  readonly assumed: number
}

function compared(lanes: readonly Known[]): Compared | null {
  const mean = (of: (lane: Known) => number): number => spreadOf(lanes.map(of)).mean
  if (lanes.length === 0) return null
  return {
    lanes: lanes.length,
    truth: mean(({ truth }) => truth),
    learnt: mean(({ learnt }) => learnt),
    seen: mean(({ seen }) => seen),
    off: mean(({ learnt, truth }) => Math.abs(learnt - truth)),
    assumedOff: mean(({ assumed, truth }) => Math.abs(assumed - truth)),
  }
}
