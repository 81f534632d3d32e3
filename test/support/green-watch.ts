/** The part of the sceptic that looks at greens: by the log alone, none ends before those who waited, or who came, are through. */
import { EVENT } from '#signal/events.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'

/** What the log has said of one phase. */
interface Logged {
  readonly phase: Phase
  readonly detectors: readonly Detector[]
  green: boolean
  greenMs: number
  /** Since code 2: somebody waits. */
  checkMs: number
  arrivals: number
  /** Of the last green. */
  waited: number
  readonly occupied: Set<number>
  sinceLeftMs: number
  /** A preempt has broken into the green. */
  preempted: boolean
}

export class GreenWatch {
  readonly faults: string[] = []
  readonly #phases: readonly Logged[]
  readonly #faulty = new Set<number>()

  constructor({ phases, detectors }: Intersection) {
    this.#phases = phases.map((phase) => ({
      phase,
      detectors: detectors.filter((detector) => detector.phase === phase.id),
      green: false,
      greenMs: 0,
      checkMs: 0,
      arrivals: 0,
      waited: 0,
      occupied: new Set(),
      sinceLeftMs: 0,
      preempted: false,
    }))
  }

  record(code: number, parameter: number): void {
    if (code === EVENT.detectorOn || code === EVENT.detectorOff) this.#seeDetector(code, parameter)
    if (code >= EVENT.detectorFault && code <= EVENT.detectorExcessiveChange) this.#faulty.add(parameter)
    const logged = this.#phases.find(({ phase }) => phase.id === parameter)
    if (logged !== undefined) this.#seePhase(logged, code)
  }

  /** After the records of a step; all steps last as long. */
  pass(elapsedMs: number): void {
    for (const logged of this.#phases) {
      logged.greenMs += elapsedMs
      logged.checkMs += elapsedMs
      logged.sinceLeftMs += elapsedMs
    }
  }

  #seeDetector(code: number, number: number): void {
    for (const logged of this.#phases) {
      const detector = logged.detectors.find(({ id }) => id === number)
      if (detector === undefined) continue
      if (code === EVENT.detectorOn) logged.occupied.add(number)
      else logged.occupied.delete(number)
      if (code === EVENT.detectorOff) logged.sinceLeftMs = 0
      else if (!logged.green && detector.options.countsInitial) logged.arrivals++
    }
  }

  #seePhase(logged: Logged, code: number): void {
    if (code === EVENT.beginGreen) {
      Object.assign(logged, { green: true, greenMs: 0, waited: logged.arrivals, arrivals: 0, preempted: false })
    } else if (code === EVENT.phaseCheck) logged.checkMs = 0
    else if (code === EVENT.preemptForceOff) logged.preempted = true
    else if (code === EVENT.maxOut) this.#checkMaxOut(logged)
    else if (code === EVENT.gapOut) this.#checkGapOut(logged)
    else if (code === EVENT.greenTermination) this.#checkInitial(logged)
  }

  #checkInitial(logged: Logged): void {
    const { phase, greenMs, waited, preempted } = logged
    logged.green = false
    const { addedInitialMs, maxInitialMs } = phase.timing
    const neededMs = Math.min(waited * addedInitialMs, maxInitialMs)
    if (greenMs < neededMs && !preempted && this.#isPlain(logged))
      this.faults.push(
        `phase ${phase.id} cuts its initial green for ${waited} vehicles to ${greenMs} of ${neededMs} ms`,
      )
  }

  #checkMaxOut({ phase, checkMs }: Logged): void {
    const { max1Ms, max2Ms, dynamicMaxLimitMs } = phase.timing
    const leastMs = Math.min(max1Ms, max2Ms, dynamicMaxLimitMs > 0 ? dynamicMaxLimitMs : Infinity)
    if (checkMs < leastMs) this.faults.push(`phase ${phase.id} maxes out ${checkMs} ms after somebody waits`)
  }

  #checkGapOut(logged: Logged): void {
    const { phase, occupied, sinceLeftMs } = logged
    if (!phase.simultaneousGapOut || !this.#isPlain(logged)) return
    const { passageMs, minGapMs, timeToReduceMs } = phase.timing
    const leastMs = timeToReduceMs > 0 ? minGapMs : passageMs
    if (occupied.size > 0) this.faults.push(`phase ${phase.id} gaps out with a vehicle at its detector`)
    if (sinceLeftMs < leastMs) this.faults.push(`phase ${phase.id} gaps out ${sinceLeftMs} ms after a vehicle`)
  }

  /** All of its detectors call, extend and count as they see, and are believed. */
  #isPlain({ detectors }: Logged): boolean {
    return detectors.every(
      ({ id, options }) =>
        !this.#faulty.has(id) && options.extends && options.queueLimitMs === 0 && options.switchPhase === null,
    )
  }
}
