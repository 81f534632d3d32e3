/** Detectors that are not believed: what a card reports, what the controller finds, and what stands in the log. */
import { expect, test } from 'vitest'
import { hasBit } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { DETECTOR_FAULT, type DetectorDiagnostics, type DetectorOptions } from '#signal/detector.ts'
import { BUTTON_STUCK_MS } from '#signal/detection/push-buttons.ts'
import type { Intersection } from '#signal/intersection.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { database, junction, TWO_PHASES } from '#test/support/junctions.ts'

const MINUTE_MS = 60_000
const TICK_MS = 100

/** Two one-way streets whose detector 4 is watched. */
class WatchedStreet {
  readonly #controller
  readonly #occupied = new Uint8Array(65)
  readonly #faults = new Uint8Array(65)
  #ms = 0
  #logged: string[] = []
  pedestrianButtons = 0

  constructor(detection: Partial<DetectorOptions & DetectorDiagnostics>, change = (site: Intersection) => site) {
    const facts = { ...TWO_PHASES, phases: { 4: { timing: { walkMs: 5_000, pedClearMs: 8_000 } } } }
    const site = junction({ ...facts, detection: { 4: detection } })
    this.#controller = createController(database(change(site)))
  }

  /** Events of detectors and buttons since it was asked last, as `code parameter`. */
  get log(): string[] {
    const log = this.#logged
    this.#logged = []
    return log
  }

  get calls(): number {
    return statusOf(this.#controller).vehicleCalls
  }

  get greens(): number {
    return statusOf(this.#controller).greens
  }

  get faults(): number {
    return this.#controller.calls.detection.diagnosis.faults[4]!
  }

  get arrivals(): number {
    return this.#controller.calls.detection.arrivals[4]!
  }

  run(ms: number): this {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      const inputs = {
        ...QUIET_UNIT,
        detectorFaults: this.#faults,
        occupied: this.#occupied,
        pedestrianButtons: this.pedestrianButtons,
        control: NO_PHASE_CONTROL,
        epochMs: (this.#ms += TICK_MS),
        pattern: patternId(254),
      }
      stepController(this.#controller, inputs, TICK_MS, (code, parameter) => {
        if (code > 80 && code < 93) this.#logged.push(`${code} ${parameter}`)
      })
    }
    return this
  }

  detect(occupied: boolean, ms: number): this {
    this.#occupied[4] = occupied ? 1 : 0
    return this.run(ms)
  }

  report(faults: number): this {
    this.#faults[4] = faults
    return this.run(TICK_MS)
  }
}

test('each fault that a card reports has its own code, and the last that goes away restores the detector', () => {
  const street = new WatchedStreet({})
  const { other, watchdog, openLoop, shortedLoop, excessiveChange } = DETECTOR_FAULT
  expect(street.report(openLoop).log).toEqual(['86 4'])
  expect(street.report(openLoop | shortedLoop).log).toEqual(['87 4'])
  expect(street.report(other | watchdog | excessiveChange).log).toEqual(['84 4', '85 4', '88 4'])
  expect(street.report(other).log).toEqual([])
  expect(street.report(0).log).toEqual(['83 4'])
})

test('a loop that has seen nobody for its time is at fault until the next vehicle', () => {
  const street = new WatchedStreet({ noActivityMs: 10 * MINUTE_MS })
  expect(street.detect(false, 10 * MINUTE_MS - TICK_MS).log).toEqual([])
  expect(street.run(TICK_MS).log).toEqual(['84 4'])
  expect(street.faults).toBe(DETECTOR_FAULT.noActivity)
  expect(street.detect(true, TICK_MS).log).toEqual(['83 4', '82 4'])
})

test('a loop that is occupied for too long is at fault until it is left', () => {
  const street = new WatchedStreet({ maxPresenceMs: 5 * MINUTE_MS })
  expect(street.detect(true, 5 * MINUTE_MS).log).toEqual(['82 4'])
  expect(street.run(TICK_MS).log).toEqual(['84 4'])
  expect(street.faults).toBe(DETECTOR_FAULT.maxPresence)
  expect(street.detect(false, TICK_MS).log).toEqual(['83 4', '81 4'])
})

test('a loop that chatters is at fault until a whole minute was quiet enough', () => {
  const street = new WatchedStreet({ erraticCountsPerMinute: 20 })
  const chatter = (times: number) => {
    for (let n = 0; n < times; n++) street.detect(true, TICK_MS).detect(false, TICK_MS)
    return street.log.filter((line) => line.startsWith('83') || line.startsWith('84'))
  }
  expect(chatter(20)).toEqual([])
  expect(chatter(1)).toEqual(['84 4'])
  expect(street.faults).toBe(DETECTOR_FAULT.erraticCounts)
  street.detect(false, MINUTE_MS - 21 * 2 * TICK_MS)
  expect(chatter(20)).toEqual([])
  street.run(MINUTE_MS - 20 * 2 * TICK_MS - TICK_MS)
  expect(street.log).toEqual([])
  expect(street.run(TICK_MS).log).toEqual(['83 4'])
})

test('a loop at fault with a fail time calls its phase for as long as it is at fault', () => {
  const street = new WatchedStreet({ failTimeMs: 3_000, maxPresenceMs: MINUTE_MS }).detect(false, 10 * MINUTE_MS)
  street.report(DETECTOR_FAULT.watchdog)
  const greens: number[] = []
  for (let s = 0; s < 120; s++) greens.push(hasBit(street.run(1_000).greens, 4) ? 1 : 0)
  expect(greens.includes(1)).toBe(true)
  street.report(0)
  street.run(MINUTE_MS)
  expect(hasBit(street.calls, 4)).toBe(false)
})

test('vehicles are counted while their phase is not green, unless their loop is at fault or does not count', () => {
  const come = (street: WatchedStreet, cars: number) => {
    for (let n = 0; n < cars; n++) street.detect(true, TICK_MS).detect(false, TICK_MS)
    return street.arrivals
  }
  const rested = (detection: Partial<DetectorOptions>) => new WatchedStreet(detection).run(1_000)
  expect(come(rested({}), 3)).toBe(3)
  expect(come(rested({ countsInitial: false }), 3)).toBe(0)
  expect(come(rested({}).report(DETECTOR_FAULT.other), 3)).toBe(0)
  expect(come(rested({ delayMs: 5_000 }), 3)).toBe(0)
})

test('a push button that is held for three minutes is stuck until it is let go', () => {
  const street = new WatchedStreet({})
  street.pedestrianButtons = 0b1000
  expect(street.run(BUTTON_STUCK_MS).log).toEqual(['90 4'])
  expect(street.run(TICK_MS).log).toEqual(['91 4'])
  expect(street.run(MINUTE_MS).log).toEqual([])
  street.pedestrianButtons = 0
  expect(street.run(TICK_MS).log).toEqual(['89 4', '92 4'])
  street.pedestrianButtons = 0b1000
  expect(street.run(TICK_MS).log).toEqual(['90 4'])
})

test('the log shows an actuation after delay and extension', () => {
  const delayed = new WatchedStreet({ delayMs: 2_000 }).run(1_000)
  expect(delayed.detect(true, 1_900).detect(false, 1_000).log).toEqual([])
  expect(delayed.detect(true, 2_100).log).toEqual(['82 4'])
})

test('a detector on a card is left to whoever forwards it', () => {
  const onCard = (site: Intersection): Intersection => ({
    ...site,
    detectors: site.detectors.map((detector) => ({ ...detector, device: 'camera' })),
  })
  const street = new WatchedStreet({ noActivityMs: MINUTE_MS }, onCard)
  expect(
    street
      .detect(true, 1_000)
      .report(DETECTOR_FAULT.openLoop)
      .run(2 * MINUTE_MS).log,
  ).toEqual([])
})
