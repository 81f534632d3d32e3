/** What must hold on any street: the monitor never takes the lamps from a controller that is sound. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { good } from '#base/known.ts'
import { nextUniform, nextWord, randomStream, type RandomStream } from '#base/random.ts'
import { StreetMonitor } from '#edge/street-monitor.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { createCity, runCity } from '#sim/city.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { anyDatabase, patternsOf } from '#test/support/random-junctions.ts'
import { controlGroup } from './crossing-cabinet.ts'
import { loadHamadan, MORNING_EPOCH_MS } from './hamadan.ts'
import { configAround } from './monitored-cabinet.ts'

/** The nightly run multiplies the streets. */
const SCALE = process.env['NIGHTLY'] === undefined ? 1 : 40
const STEPS = 3_000
const STREETS = 40
/** For the property; a busy machine takes about a tenth of it. */
const TIME_MS = 30_000 * SCALE

test(
  'no street, no history and no supervisor makes the monitor trip on a controller that is sound, nor the edge’s own alarm',
  () => {
    fc.assert(
      fc.property(
        anyDatabase,
        fc.integer(),
        fc.constantFrom(100, 100, 100, 10, 50, 70, 250, 1_000),
        (database, seed, elapsedMs) => {
          const cabinet = createCabinet(configAround(database), { epochMs: NOON_EPOCH_MS })
          const street = new AnyStreet(cabinet, randomStream(seed, 'street'))
          const onWire = new MonitorOnWire(cabinet)
          for (let step = 0; step < STEPS; step++) {
            street.draw()
            cabinet.step(elapsedMs, street)
            if (cabinet.monitorTrip !== null)
              expect.fail(`step ${step}: ${JSON.stringify(cabinet.monitorTrip)} of ${JSON.stringify(cabinet.signal)}`)
            const found = onWire.look((step + 1) * elapsedMs)
            if (found !== null) expect.fail(`step ${step}: ${found} of ${JSON.stringify(cabinet.signal)}`)
          }
        },
      ),
      { numRuns: STREETS * SCALE, endOnFailure: true },
    )
  },
  TIME_MS,
)

test('an hour of the morning peak in the whole city: no monitor trips', async () => {
  const { intersections } = await loadHamadan()
  const city = createCity({ intersections, seed: 5, epochMs: MORNING_EPOCH_MS })
  runCity(city, 3_600_000)
  const trips = [...city.junctions].flatMap(([id, { cabinet }]) =>
    cabinet.monitorTrip ? [[id, cabinet.monitorTrip]] : [],
  )
  expect(trips).toEqual([])
})

/** The software monitor of an edge that reads the cabinet ten times a second, as far as its steps let it. */
class MonitorOnWire {
  readonly #cabinet: VirtualCabinet
  readonly #monitor: StreetMonitor
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(cabinet: VirtualCabinet) {
    this.#cabinet = cabinet
    this.#monitor = new StreetMonitor(cabinet.config.database.intersection)
  }

  /** What it has found, in words; null = nothing. */
  look(nowMonoMs: number): string | null {
    const { signal, unit, power } = this.#cabinet
    if (nowMonoMs - this.#lookedMs < SCAN_MS || !power.isUp) return null
    this.#lookedMs = nowMonoMs
    const sample = { points: LAMPS, readAtMonoMs: nowMonoMs, answeredAtMonoMs: nowMonoMs, readAtEpochMs: 0 }
    this.#monitor.step({ signal: good(signal, 0), unit: good(unit, 0), nowMonoMs }, sample)
    return this.#monitor.blocker === null ? null : JSON.stringify([...this.#monitor.standing])
  }
}

const SCAN_MS = 100
const LAMPS = new Map([['channel.reds', 0]] as const)

/** Loops that come and go, buttons, a supervisor that asks for anything and falls silent now and then, a clock that is set. */
class AnyStreet {
  readonly occupied = new Uint8Array(65)
  readonly vehicles = new Uint16Array(65)
  pedestrianButtons = 0
  readonly #cabinet: VirtualCabinet
  readonly #random: RandomStream
  #epoch = 1
  #sequence = 0

  constructor(cabinet: VirtualCabinet, random: RandomStream) {
    this.#cabinet = cabinet
    this.#random = random
  }

  draw(): void {
    const { detectors } = this.#cabinet.config.database.intersection
    for (const { id } of detectors) if (this.#chance(0.03)) this.occupied[id] = this.#chance(0.4) ? 1 : 0
    if (this.#chance(0.02)) this.pedestrianButtons = this.#chance(0.5) ? 0 : nextWord(this.#random) & 0xff
    if (this.#cabinet.power.isUp && this.#chance(0.05)) this.#ask()
    if (this.#chance(0.001)) this.#cabinet.syncClock(this.#cabinet.clock.epochMs + (nextWord(this.#random) % 200_000))
    if (this.#chance(0.001)) this.#cabinet.turnLocalKey(this.#chance(0.3))
    if (this.#chance(0.0005)) this.#cabinet.powerUp()
    const { panels, power } = this.#cabinet
    if (this.#chance(0.001)) panels.policeFlash = this.#chance(0.3)
    if (this.#chance(0.001)) panels.technicianFlash = this.#chance(0.3)
    if (this.#chance(0.002)) panels.manualControl = this.#chance(0.3)
    if (this.#chance(0.02)) panels.intervalAdvance = !panels.intervalAdvance
    if (this.#chance(0.002)) panels.stopTime = this.#chance(0.3)
    if (this.#chance(0.01)) power.mains = this.#chance(0.8)
  }

  #chance(share: number): boolean {
    return nextUniform(this.#random) < share
  }

  #ask(): void {
    if (this.#cabinet.asked === null) this.#epoch++
    const phases = () =>
      this.#cabinet.config.database.intersection.phases.map(({ id }) => id).filter(() => this.#chance(0.3))
    const patterns = [0, ...patternsOf(this.#cabinet.config.database)]
    const asked = controlGroup({
      epoch: this.#epoch,
      sequence: ++this.#sequence,
      leaseMs: 1 + (nextWord(this.#random) % 3_000),
      pattern: patterns[nextWord(this.#random) % patterns.length]!,
      hold: phases(),
      forceOff: phases(),
      phaseOmit: phases(),
      pedestrianOmit: phases(),
      vehicleCall: phases(),
      pedestrianCall: phases(),
    })
    this.#cabinet.controller.writeControl(asked)
  }
}
