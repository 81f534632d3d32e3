/** The clock of a cabinet: it runs on through every power cut, and is set by a time server where it is off. */

/** Time servers leave a clock alone that is this good; the local cycle would jump with it. */
const CLOCK_TOLERANCE_MS = 500

export class CabinetClock {
  /** How far from true time it is set; takes effect when it is set next. */
  offsetMs = 0
  #epochMs: number
  #uptimeMs = 0

  constructor(epochMs: number) {
    this.#epochMs = epochMs
  }

  get epochMs(): number {
    return this.#epochMs
  }

  /** Since the controller got its power. */
  get uptimeMs(): number {
    return this.#uptimeMs
  }

  advance(elapsedMs: number): void {
    this.#epochMs += elapsedMs
    this.#uptimeMs += elapsedMs
  }

  powerUp(): void {
    this.#uptimeMs = 0
  }

  /** Sets it where it is off by more than a trifle; by how much, 0 where it was good enough. */
  sync(trueEpochMs: number): number {
    const setTo = trueEpochMs + this.offsetMs
    const correctionMs = Math.abs(setTo - this.#epochMs)
    if (correctionMs <= CLOCK_TOLERANCE_MS) return 0
    this.#epochMs = setTo
    return correctionMs
  }
}
