/** What must hold on any street, with any history and under a supervisor that asks for the impossible. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withBit } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { nextUniform, nextWord, randomStream, type RandomStream } from '#base/random.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { createController, statusOf, stepController } from '#signal/phase-machine.ts'
import { LampWatch } from '#test/support/lamp-watch.ts'
import { anyDatabase, patternsOf } from '#test/support/random-junctions.ts'

/** The nightly run multiplies the streets: 10⁷ steps and more. */
const SCALE = process.env['NIGHTLY'] === undefined ? 1 : 40
const STEPS = 3_000
const STREETS = 60

const history = { seed: fc.integer(), elapsedMs: fc.constantFrom(100, 100, 100, 10, 50, 70, 250, 1_000) }

test('no street, no history and no supervisor makes lamps conflict, cuts a minimum or loses a line of the log', () => {
  fc.assert(
    fc.property(anyDatabase, fc.record(history), (database, { seed, elapsedMs }) => {
      const random = randomStream(seed, 'street')
      const controller = createController(database)
      const watch = new LampWatch(database)
      const inputs = new HostileInputs(database, random)
      for (let step = 0; step < STEPS; step++) {
        inputs.draw(elapsedMs)
        stepController(controller, inputs, elapsedMs, (code, parameter) => watch.record(code, parameter))
        watch.see(statusOf(controller), elapsedMs)
        if (watch.faults.length > 0) expect.fail(`step ${step}: ${watch.faults.join('; ')}`)
      }
    }),
    { numRuns: STREETS * SCALE, endOnFailure: true },
  )
})

/** Loops that come and go, buttons held down, control bits and patterns by chance, a clock that is set now and then. */
class HostileInputs {
  readonly occupied = new Uint8Array(65)
  pedestrianButtons = 0
  control: PhaseControl = NO_PHASE_CONTROL
  pattern = patternId(254)
  epochMs = Date.UTC(2026, 2, 21, 20)
  readonly #database: ControllerDatabase
  readonly #random: RandomStream

  constructor(database: ControllerDatabase, random: RandomStream) {
    this.#database = database
    this.#random = random
  }

  draw(elapsedMs: number): void {
    const chance = (share: number) => nextUniform(this.#random) < share
    this.epochMs += elapsedMs
    if (chance(0.001)) this.epochMs += Math.round((nextUniform(this.#random) - 0.5) * 200_000)
    for (const { id } of this.#database.intersection.detectors)
      if (chance(0.03)) this.occupied[id] = chance(0.4) ? 1 : 0
    if (chance(0.02)) this.pedestrianButtons = chance(0.5) ? 0 : withBit(0, 1 + (nextWord(this.#random) % 8))
    if (chance(0.03)) this.control = chance(0.4) ? NO_PHASE_CONTROL : this.#drawControl()
    const patterns = patternsOf(this.#database)
    if (chance(0.002)) this.pattern = patterns[nextWord(this.#random) % patterns.length]!
  }

  #drawControl(): PhaseControl {
    const bits = () => nextWord(this.#random) & nextWord(this.#random) & 0xff
    return {
      hold: bits() & nextWord(this.#random),
      forceOff: bits(),
      phaseOmit: bits() & nextWord(this.#random),
      pedestrianOmit: bits(),
      vehicleCall: bits(),
      pedestrianCall: bits(),
    }
  }
}
