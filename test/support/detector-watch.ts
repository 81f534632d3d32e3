/** The part of the sceptic that looks at detectors: from what lies on the loops, what the log may say and who must be called. */
import { hasBit, withBit, withoutBit } from '#base/bits.ts'
import type { Detector } from '#signal/detector.ts'
import { EVENT } from '#signal/events.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'

interface Watched {
  readonly detector: Detector
  /** On the loop, and for how long. */
  present: boolean
  presentMs: number
  /** For how long nobody was on it. */
  absentMs: number
  actuated: boolean
  faulty: boolean
}

const FAULTS = new Set<number>([
  EVENT.detectorFault,
  EVENT.detectorWatchdog,
  EVENT.detectorOpenLoop,
  EVENT.detectorShortedLoop,
  EVENT.detectorExcessiveChange,
])

export class DetectorWatch {
  readonly faults: string[] = []
  readonly #detectors: readonly Watched[]
  /** By the log, line by line. */
  #greens = 0

  constructor({ detectors }: Intersection) {
    this.#detectors = detectors.map((detector) => ({
      detector,
      present: false,
      presentMs: 0,
      absentMs: 0,
      actuated: false,
      faulty: false,
    }))
  }

  /** Before a step: what it will find on the loops. */
  prepare(occupied: Uint8Array, elapsedMs: number): void {
    for (const watched of this.#detectors) {
      const present = occupied[watched.detector.id] === 1
      watched.presentMs = present && watched.present ? watched.presentMs + elapsedMs : 0
      watched.absentMs = !present && !watched.present ? watched.absentMs + elapsedMs : 0
      watched.present = present
    }
  }

  record(code: number, parameter: number): void {
    if (code === EVENT.beginGreen) this.#greens = withBit(this.#greens, parameter)
    if (code === EVENT.greenTermination) this.#greens = withoutBit(this.#greens, parameter)
    if (code >= EVENT.detectorOff && code <= EVENT.detectorExcessiveChange) this.#recordDetector(code, parameter)
  }

  #recordDetector(code: number, parameter: number): void {
    const watched = this.#detectors.find(({ detector }) => detector.id === parameter)
    if (watched === undefined) return
    if (code === EVENT.detectorOn) this.#seeOn(watched)
    else if (code === EVENT.detectorOff) this.#seeOff(watched)
    else if (FAULTS.has(code)) watched.faulty = true
    else if (code === EVENT.detectorRestored) {
      if (!watched.faulty) this.#fault(watched, 'is restored without a fault')
      watched.faulty = false
    }
  }

  /** After a step: who stands at a believed detector that calls, and is past its delay, is called. Before it the status was `was`. */
  see({ vehicleCalls, greens }: SignalStatus, was: SignalStatus): void {
    for (const watched of this.#detectors) {
      const { detector, present, actuated } = watched
      const { phase, options, diagnostics } = detector
      const green = hasBit(was.greens, phase) || hasBit(greens, phase)
      if (present && !green && !actuated && options.delayMs === 0)
        this.#fault(watched, 'has no actuation although somebody is there')
      const switched = options.switchPhase !== null && hasBit(was.greens | greens, options.switchPhase)
      const calls = watched.faulty ? diagnostics.failTimeMs > 0 : actuated && options.calls && !switched
      if (calls && !green && !hasBit(vehicleCalls, phase)) this.#fault(watched, `does not call phase ${phase}`)
    }
  }

  #seeOn(watched: Watched): void {
    const { actuated, present, presentMs, detector } = watched
    watched.actuated = true
    if (actuated) this.#fault(watched, 'comes on twice')
    if (!present) this.#fault(watched, 'comes on with nobody there')
    const { phase, options } = detector
    const served = hasBit(this.#greens, phase) || hasBit(this.#greens, options.switchPhase ?? phase)
    if (!served && presentMs < options.delayMs) this.#fault(watched, `comes on ${presentMs} ms after a vehicle`)
  }

  #seeOff(watched: Watched): void {
    const { actuated, present, absentMs, detector } = watched
    watched.actuated = false
    if (!actuated) this.#fault(watched, 'goes off twice')
    const { phase, options } = detector
    const served = hasBit(this.#greens, phase) || hasBit(this.#greens, options.switchPhase ?? phase)
    if (present && (served || options.delayMs === 0)) this.#fault(watched, 'goes off under a vehicle')
    if (!present && served && absentMs < options.extensionMs)
      this.#fault(watched, `goes off ${absentMs} ms after a vehicle`)
  }

  #fault({ detector }: Watched, message: string): void {
    this.faults.push(`detector ${detector.id} ${message}`)
  }
}
