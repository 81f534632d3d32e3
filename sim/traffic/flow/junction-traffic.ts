/** What a cabinet gets from its street: detectors, push buttons, and those who ask for their green. */
import { withBit } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import type { JunctionNumber } from '../streets/street-network.ts'
import { noCalls, NOBODY_CALLABLE, type Callable, type Calls } from './calls.ts'
import type { Crosswalk } from './crosswalks.ts'
import type { Tracks } from './tracks.ts'
import { DetectorField, type CameraErrors, type DetectorPlace } from './loops.ts'

export interface JunctionFittings {
  readonly places: readonly DetectorPlace[]
  /** Those of the detectors that are cameras. */
  readonly cameras: ReadonlyMap<DetectorId, CameraErrors>
  readonly callable: Callable
}

export const NO_FITTINGS: JunctionFittings = { places: [], cameras: new Map(), callable: NOBODY_CALLABLE }

/** What the wires of a junction bring, by detector id (index 0 unused). */
export interface StreetReadings {
  readonly occupied: Uint8Array
  /** Vehicles in the detection area. */
  readonly vehicles: Uint16Array
  /** Push buttons held down: bit field by the phase that they call. */
  pedestrianButtons: number
  readonly breakIns: Calls
}

export interface JunctionTraffic {
  readonly number: JunctionNumber
  readonly field: DetectorField
  readonly callable: Callable
  readonly readings: StreetReadings
  readonly crosswalks: readonly Crosswalk[]
}

interface Fit {
  readonly tracks: Tracks
  readonly fittings: JunctionFittings
  readonly crosswalks: readonly Crosswalk[]
  /** Ticks in a step of the vehicles. */
  readonly parts: number
}

export function openJunction(number: JunctionNumber, { tracks, fittings, crosswalks, parts }: Fit): JunctionTraffic {
  const field = new DetectorField(tracks, fittings, parts)
  const { channels } = field
  return {
    number,
    field,
    callable: fittings.callable,
    readings: {
      occupied: new Uint8Array(channels),
      vehicles: new Uint16Array(channels),
      pedestrianButtons: 0,
      breakIns: noCalls(),
    },
    crosswalks: crosswalks.filter(({ crossing }) => crossing.junction === number),
  }
}

/** Writes the readings of that part of the step. */
export function readJunction({ field, readings, crosswalks }: JunctionTraffic, part: number, nowMs: number): void {
  const { occupied, vehicles } = readings
  field.read(part, nowMs, vehicles)
  for (let detector = 0; detector < vehicles.length; detector++) occupied[detector] = vehicles[detector] === 0 ? 0 : 1
  readings.pedestrianButtons = 0
  for (const { crossing, pushedUntilMs } of crosswalks)
    if (pushedUntilMs > nowMs) readings.pedestrianButtons = withBit(readings.pedestrianButtons, crossing.phase)
}
