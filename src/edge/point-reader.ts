/** Reads the points of one image and keeps the first that is missing or has no meaning: a group is known whole or not at all. */
import { asRow, type Row } from '#devices/point-row.ts'
import { POINT_NAMES, type PointImage, type PointNumber } from '#devices/points.ts'

export class PointReader {
  /** What was wrong first; null while all that was asked for was there. */
  fault: string | null = null
  readonly #row: Row

  constructor(points: PointImage) {
    this.#row = asRow(points).row
  }

  has(point: PointNumber): boolean {
    return this.#row[point] !== undefined
  }

  /** A point that the group depends on; 0 and a fault when the device does not offer it. */
  required(point: PointNumber): number {
    const value = this.#row[point]
    if (typeof value === 'number') return value
    this.fault ??= `the device does not offer ${POINT_NAMES[point]}`
    return 0
  }

  /** 0 where the profile does not have it: no such lamps, buttons or alarms. */
  optional(point: PointNumber): number {
    const value = this.#row[point]
    return typeof value === 'number' ? value : 0
  }

  /** A number that is an index of a list of names; outside the list it is an answer that nobody understands. */
  named<T>(names: readonly [T, ...T[]], point: PointNumber): T {
    const value = this.required(point)
    if (names[value] === undefined) this.fault ??= `${POINT_NAMES[point]} is ${value}, which has no meaning`
    return names[value] ?? names[0]
  }
}
