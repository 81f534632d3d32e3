/** What a run reports: its figures place by place, quarter-hour by quarter-hour, and whether anybody was stuck. */
import type { Figures } from './figures.ts'
import type { Place } from './places.ts'

export interface RunReport {
  /** The measured time, since the start of the run: the warm-up is left out. */
  readonly fromMs: number
  readonly untilMs: number
  /** Vehicles since the start, the warm-up included: `wanted` = `left` + `inside` + `outside`. */
  readonly wanted: number
  readonly left: number
  readonly inside: number
  /** Never got in. */
  readonly outside: number
  /** Times since the start that a vehicle stood for longer than `STUCK_MS`, buses at their stops not counted, and who stands so at the end. */
  readonly stuck: number
  readonly stuckAtEnd: number
  /** Movements, then approaches, then intersections, then the city. */
  readonly places: readonly PlaceReport[]
  readonly quarters: readonly QuarterReport[]
}

export interface PlaceReport extends Place {
  readonly figures: Figures
}

/** Of intersections and the city; who had not come to the end is counted in the quarter-hour in which he does. */
export interface QuarterReport {
  readonly fromMs: number
  readonly untilMs: number
  readonly places: readonly PlaceReport[]
}
