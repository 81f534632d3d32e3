/** Sums over vehicles, in columns: one row for each movement and kind of vehicle, or for each kind alone. */
import { KIND_KEYS } from '../vehicle-kind.ts'

export const KINDS = KIND_KEYS.length

export class Tally {
  readonly vehicles: Float64Array
  /** Of these, those that have not come to the end of what is measured. */
  readonly unfinished: Float64Array
  /** And of these, those that never got in: all they have is their wait. */
  readonly neverIn: Float64Array
  /** Over the stop line, whenever they had come. */
  readonly crossed: Float64Array
  readonly lostS: Float64Array
  /** Of that, what the signal took: see `HELD_SHARE`. */
  readonly heldS: Float64Array
  /** Waited outside the network, for room to come in. */
  readonly outsideS: Float64Array
  readonly travelS: Float64Array
  readonly drivenM: Float64Array
  readonly stops: Float64Array
  readonly fuelMl: Float64Array

  constructor(rows: number) {
    this.vehicles = new Float64Array(rows)
    this.unfinished = new Float64Array(rows)
    this.neverIn = new Float64Array(rows)
    this.crossed = new Float64Array(rows)
    this.heldS = new Float64Array(rows)
    this.lostS = new Float64Array(rows)
    this.outsideS = new Float64Array(rows)
    this.travelS = new Float64Array(rows)
    this.drivenM = new Float64Array(rows)
    this.stops = new Float64Array(rows)
    this.fuelMl = new Float64Array(rows)
  }

  get rows(): number {
    return this.vehicles.length
  }

  copy(): Tally {
    const copy = new Tally(this.rows)
    copy.add(this)
    return copy
  }

  add(other: Tally): void {
    const [into, from] = [columnsOf(this), columnsOf(other)]
    into.forEach((column, i) => from[i]?.forEach((value, row) => (column[row]! += value)))
  }

  clear(): void {
    for (const column of columnsOf(this)) column.fill(0)
  }
}

/** Adds up the rows of a column that belong together. */
export function sumOf(column: Float64Array, rows: readonly number[]): number {
  let sum = 0
  for (const row of rows) sum += column[row]!
  return sum
}

const columnsOf = (tally: Tally): readonly Float64Array[] => [
  tally.vehicles,
  tally.unfinished,
  tally.neverIn,
  tally.crossed,
  tally.lostS,
  tally.heldS,
  tally.outsideS,
  tally.travelS,
  tally.drivenM,
  tally.stops,
  tally.fuelMl,
]
