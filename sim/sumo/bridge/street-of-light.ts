/** What the street of one light gives to its cabinet: loops tenth by tenth, and camera zones step by step. */
import type { DetectorId } from '#base/id.ts'
import type { StreetInputs } from '../../cabinet/cabinet-start.ts'
import { DETECTOR_MOST } from '#signal/detector.ts'
import type { DerivedLight } from '../derive/derive-lights.ts'
import type { Network } from '../network/network.ts'
import type { Subscription } from '../traci/commands.ts'
import type { Report } from '../traci/replies.ts'
import type { LoopPictures } from './loop-pictures.ts'
import { placeKey } from './loops-in-street.ts'
import { ZoneCells, zoneSubscriptions } from './zone-cells.ts'

interface Wired {
  readonly detector: DetectorId
  /** Loops by their names in SUMO. */
  readonly loops: readonly string[]
}

export class StreetOfLight {
  readonly subscriptions: readonly Subscription[]
  readonly #wired: readonly Wired[]
  readonly #zones: ZoneCells
  readonly #light: DerivedLight
  readonly #inputs: StreetInputs & { readonly occupied: Uint8Array; readonly vehicles: Uint16Array }

  /** `loopIds`: names by place. */
  constructor(light: DerivedLight, network: Network, loopIds: ReadonlyMap<string, string>) {
    this.#light = light
    this.#zones = new ZoneCells(light, network)
    this.subscriptions = zoneSubscriptions(light, network)
    this.#wired = light.detectors.map(({ detector, places }) => ({
      detector,
      loops: places.flatMap((place) => loopIds.get(placeKey(place)) ?? []),
    }))
    this.#inputs = {
      occupied: new Uint8Array(DETECTOR_MOST + 1),
      vehicles: new Uint16Array(DETECTOR_MOST + 1),
      pedestrianButtons: 0,
      cells: this.#zones.words,
    }
  }

  get loops(): readonly string[] {
    return this.#wired.flatMap(({ loops }) => loops)
  }

  /** After a step: who is near its junctions. */
  look(reports: ReadonlyMap<string, Report>): void {
    if (this.subscriptions.length === 0) return
    this.#zones.look(this.subscriptions.flatMap(({ id }) => reports.get(id) ?? []))
    for (const { detector } of this.#light.zones) {
      const vehicles = this.#zones.vehiclesIn(detector)
      this.#inputs.vehicles[detector] = vehicles
      this.#inputs.occupied[detector] = vehicles > 0 ? 1 : 0
    }
  }

  /** At a moment of the last step; good until it is asked again. */
  at(pictures: LoopPictures, atS: number): StreetInputs {
    for (const { detector, loops } of this.#wired) {
      const on = loops.some((loop) => pictures.isOccupied(loop, atS))
      this.#inputs.occupied[detector] = on ? 1 : 0
      this.#inputs.vehicles[detector] = on ? 1 : 0
    }
    return this.#inputs
  }
}
