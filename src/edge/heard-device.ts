/** A device as it was heard last, at the moment of a tick: what it says in groups of points, each with its quality and its age. */
import { bad, good, stale, type Known } from '#base/known.ts'
import type { PointNumber } from '#devices/points.ts'
import { PointReader } from './point-reader.ts'
import { FRESH_MS_MAX, STALE_MS_MAX, type DeviceImage } from './process-image.ts'

/** What a group of points means. */
export type Group<T> = (points: PointReader, readAtEpochMs: number) => T

export class HeardDevice {
  /** null where it has never been heard. */
  readonly #points: PointReader | null
  readonly #ageMs: number
  readonly #readAtEpochMs: number

  constructor(device: DeviceImage | undefined, nowMonoMs: number) {
    const sample = device?.sample ?? null
    this.#points = sample && new PointReader(sample.points)
    this.#ageMs = sample === null ? 0 : nowMonoMs - sample.readAtMonoMs
    this.#readAtEpochMs = sample?.readAtEpochMs ?? 0
  }

  /** A point that only some devices have. */
  has(point: PointNumber): boolean {
    return this.#points?.has(point) === true
  }

  /** Bad where one of the points that the group depends on is missing, or has no meaning. */
  read<T>(group: Group<T>): Known<T> {
    const points = this.#points
    if (points === null) return bad('never read')
    if (this.#ageMs > STALE_MS_MAX) return bad('silent for too long')
    points.fault = null
    const value = group(points, this.#readAtEpochMs)
    if (points.fault !== null) return bad(points.fault)
    return this.#ageMs > FRESH_MS_MAX ? stale(value, this.#ageMs) : good(value, this.#ageMs)
  }
}
