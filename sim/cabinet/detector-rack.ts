/** The detectors of a cabinet: the loops that are wired to its controller, and the cards that are devices of their own. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { PointSource } from '#devices/device.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { cardPoints, type CardSide } from './card-points.ts'
import { identityOf } from './identity.ts'
import { LoopFaults } from './loop-faults.ts'
import { LoopInputs, type LoopReadings } from './loop-inputs.ts'

interface LoopCard extends CardSide {
  readonly name: string
}

export class DetectorRack {
  /** What is wrong with them, to be planted. */
  readonly faults = new LoopFaults()
  /** Those of the controller. */
  readonly loops: LoopInputs
  /** The cards on the wire, by device name. */
  readonly cards: ReadonlyMap<string, PointSource>
  /** The phases that have loops, but none by which the controller sees who waits. */
  readonly unseenPhases: Bits
  readonly #cards: readonly LoopCard[]

  /** The cards share the cabinet's clock. */
  constructor(
    { database, controller, cards }: IntersectionConfig,
    clock: CardSide['cabinet'],
    profiles: ReadonlyMap<string, DeviceProfile> | undefined,
  ) {
    const { detectors } = database.intersection
    this.loops = new LoopInputs(detectors, controller.name, this.faults)
    this.#cards = cards.map(({ name, profile }) => ({
      name,
      identity: identityOf(profiles?.get(profile)),
      loops: new LoopInputs(detectors, name, this.faults),
      cabinet: clock,
    }))
    this.cards = new Map(this.#cards.map((card) => [card.name, cardPoints(card)]))
    const calling = detectors.filter(({ device, options }) => device === controller.name && options.calls)
    const seen = bitsOf(calling.map(({ phase }) => phase))
    this.unseenPhases = (bitsOf(detectors.map(({ phase }) => phase)) & ~seen) >>> 0
  }

  sense(readings: LoopReadings): void {
    this.loops.sense(readings)
    for (const { loops } of this.#cards) loops.sense(readings)
  }

  /** The power was cut. */
  reset(): void {
    this.loops.reset()
    for (const { loops } of this.#cards) loops.reset()
  }
}
