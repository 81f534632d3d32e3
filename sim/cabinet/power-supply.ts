/** What feeds the cabinet: the mains, a battery where it has one, and for a moment the charge of its own power supply. */

/** NEMA TS 2 2.1.4: an interruption of 475 ms or less changes nothing at all. */
export const RIDE_THROUGH_MS = 475

export class PowerSupply {
  /** The power company. */
  mains = true
  /** A charged battery carries the cabinet as long as the mains are gone. */
  battery = false
  #isUp = true
  #missingMs = 0

  /** The controller has power. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** What became of the power in a step at the end of which mains and battery are as they are. */
  advance(elapsedMs: number): 'asBefore' | 'failed' | 'restored' {
    const fed = this.mains || this.battery
    this.#missingMs = fed ? 0 : this.#missingMs + elapsedMs
    const isUp = fed || (this.#isUp && this.#missingMs <= RIDE_THROUGH_MS)
    if (isUp === this.#isUp) return 'asBefore'
    this.#isUp = isUp
    return isUp ? 'restored' : 'failed'
  }
}
