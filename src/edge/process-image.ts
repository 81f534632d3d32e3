/** What one tick knows of its devices: the newest answer of each with the moment it was read, frozen until the next tick. */
import type { LogRecord } from '#devices/device.ts'
import type { PointImage } from '#devices/points.ts'
import type { IntersectionView } from '#signal/view.ts'

/** A value older than twice the period of its scan has missed a whole scan: it is stale, and never used. */
export const FRESH_MS_MAX = 200
/** After this a stale value says nothing about the street any more: it is not even shown. */
export const STALE_MS_MAX = 10_000

export interface DeviceSample {
  readonly points: PointImage
  /** When it was asked: values may be as old as that, … */
  readonly readAtMonoMs: number
  /** … and as young as its answer. */
  readonly answeredAtMonoMs: number
  readonly readAtEpochMs: number
}

/** `starting` until the first attempt has ended; `up` while the device answers. */
export type LinkState = 'starting' | 'up' | 'down'

export interface DeviceImage {
  /** null until the device has answered for the first time. */
  readonly sample: DeviceSample | null
  readonly link: LinkState
  /** Records of the device's own log that came with this tick, oldest first. */
  readonly log: readonly LogRecord[]
}

export interface ProcessImage {
  readonly nowMonoMs: number
  readonly nowEpochMs: number
  /** By device name; `controller` is always there. */
  readonly devices: ReadonlyMap<string, DeviceImage>
  /** What other intersections have said last; nothing where none speaks. */
  readonly neighbours?: IntersectionView['neighbours']
}
