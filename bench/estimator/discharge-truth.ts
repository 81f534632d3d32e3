/** How lanes truly discharged, and how long drivers truly took from the loops to the stop line: what the estimator learns, as the judge sees it. */
import { spreadOf } from '../report/spread.ts'

/** One vehicle over the stop line of its lane. */
export interface Crossed {
  readonly atS: number
  /** It had come to a stop behind the loops. */
  readonly stood: boolean
  /** From the loops; null for who was slowed down on the way. */
  readonly travelS: number | null
}

export interface LaneTruth {
  /** Of a queue, behind its fourth vehicle; null where too few stood. */
  readonly headwayS: number | null
  readonly travelS: number | null
}

/** Between two of one queue; longer, and there was a red. */
const ONE_QUEUE_S = 5
/** HCM 6 ch. 31: behind the fourth, a queue is at its saturation flow. */
const STARTING = 4
/** Fewer say little of a lane. */
const TOLD = 20

export class DischargeTruth {
  readonly #lanes = new Map<string, Crossed[]>()

  cross(lane: string, crossed: Crossed): void {
    const before = this.#lanes.get(lane)
    if (before === undefined) this.#lanes.set(lane, [crossed])
    else before.push(crossed)
  }

  of(lane: string): LaneTruth {
    const crossed = this.#lanes.get(lane) ?? []
    return {
      headwayS: meanOf(headwaysOf(crossed)),
      travelS: meanOf(crossed.flatMap(({ travelS }) => (travelS === null ? [] : [travelS]))),
    }
  }
}

function headwaysOf(crossed: readonly Crossed[]): number[] {
  const headways: number[] = []
  let [gone, lastS] = [0, -Infinity]
  for (const { atS, stood } of crossed.toSorted((a, b) => a.atS - b.atS)) {
    const headwayS = atS - lastS
    gone = stood ? (headwayS < ONE_QUEUE_S ? gone + 1 : 1) : 0
    if (gone > STARTING) headways.push(headwayS)
    lastS = atS
  }
  return headways
}

const meanOf = (values: readonly number[]): number | null => (values.length < TOLD ? null : spreadOf(values).mean)
