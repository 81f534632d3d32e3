/** Reads the points of one image and keeps the first that is missing or has no meaning: a group is known whole or not at all. */
import type { PointImage, PointName } from '#devices/points.ts'

export class PointReader {
  /** What was wrong first; null while all that was asked for was there. */
  fault: string | null = null
  readonly #points: PointImage

  constructor(points: PointImage) {
    this.#points = points
  }

  has(name: PointName): boolean {
    return this.#points.has(name)
  }

  /** A point that the group depends on; 0 and a fault when the device does not offer it. */
  required(name: PointName): number {
    const value = this.#points.get(name)
    if (typeof value === 'number') return value
    this.fault ??= `the device does not offer ${name}`
    return 0
  }

  /** 0 where the profile does not have it: no such lamps, buttons or alarms. */
  optional(name: PointName): number {
    const value = this.#points.get(name)
    return typeof value === 'number' ? value : 0
  }

  /** A number that is an index of a list of names; outside the list it is an answer that nobody understands. */
  named<T>(names: readonly [T, ...T[]], name: PointName): T {
    const value = this.required(name)
    if (names[value] === undefined) this.fault ??= `${name} is ${value}, which has no meaning`
    return names[value] ?? names[0]
  }
}
