/** What must hold of any unit, whatever is switched, pressed, scheduled and brought in: flash and all red whole, lamps lawful. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withBit } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import { nextUniform, nextWord, randomStream, type RandomStream } from '#base/random.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { createController, QUIET_UNIT, type ControllerInputs } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import type { UnitParameters } from '#signal/unit.ts'
import { CLOSED_PANEL } from '#signal/unit/panel.ts'
import { anyDatabase, patternsOf } from '#test/support/random-junctions.ts'
import { UnitWatch } from '#test/support/unit-watch.ts'

/** The nightly run multiplies the streets. */
const SCALE = process.env['NIGHTLY'] === undefined ? 1 : 40
const STREETS = 40 * SCALE
const STEPS = 3_000
const TIMEOUT_MS = 60_000 * SCALE

const tickMs = fc.constantFrom(100, 100, 100, 10, 50, 70, 250, 1_000)
const ms = fc.integer({ min: 0, max: 100 }).map((tenths) => tenths * 100)

const anyUnit = ({ intersection }: ControllerDatabase): fc.Arbitrary<UnitParameters> => {
  const phases: fc.Arbitrary<readonly PhaseId[]> = fc.subarray(
    intersection.phases.map(({ id }) => id),
    { maxLength: 2 },
  )
  return fc.record({
    startupFlashMs: ms,
    startAllRedMs: ms,
    startPhases: phases,
    flashEntryPhases: phases,
    flashExitPhases: phases,
    flashYellowPhases: fc.constant([]),
    minFlashMs: ms,
  })
}

/** Nobody breaks in: preempts have a sceptic of their own. */
const anyStreet = anyDatabase
  .map((street) => ({ ...street, preempts: [], priorities: [] }))
  .chain((street) =>
    anyUnit(street).map((unit) => {
      const more = { ...street, unit }
      return checkDatabase(more).length === 0 ? more : street
    }),
  )

/** The same street with a longer minimum green everywhere; where no plan would bear that, with a longer passage. */
function another(street: ControllerDatabase): ControllerDatabase {
  const longer = (timing: 'minGreenMs' | 'passageMs', byMs: number): ControllerDatabase => ({
    ...street,
    intersection: {
      ...street.intersection,
      phases: street.intersection.phases.map((phase) => ({
        ...phase,
        timing: { ...phase.timing, [timing]: phase.timing[timing] + byMs },
      })),
    },
  })
  const greener = longer('minGreenMs', 1_000)
  return checkDatabase(greener).length === 0 ? greener : longer('passageMs', 100)
}

test(
  'no switch, no press, no schedule and no new timing makes lamps conflict, cuts a flash short or skips the all red',
  () => {
    let takenOver = 0
    fc.assert(
      fc.property(anyStreet, fc.integer(), tickMs, (street, seed, elapsedMs) => {
        const controller = createController(street)
        const watch = new UnitWatch(street)
        const inputs = new PeopleAtTheCabinet(street, randomStream(seed, 'people'))
        const timings = [another(street), street]
        for (let step = 0; step < STEPS; step++) {
          inputs.draw(elapsedMs)
          const before = controller.database
          if (inputs.bringsTiming()) controller.offered = timings.find((timing) => timing !== before) ?? null
          stepController(controller, inputs, elapsedMs, (code, parameter) => watch.record(code, parameter))
          const status = statusOf(controller)
          watch.see(status, elapsedMs)
          if (controller.database !== before) {
            watch.takeOver(controller.database, status)
            takenOver++
          }
          if (watch.faults.length > 0) expect.fail(`step ${step}: ${watch.faults.join('; ')}`)
        }
      }),
      { numRuns: STREETS, endOnFailure: true },
    )
    expect(takenOver).toBeGreaterThan(STREETS / 4)
  },
  TIMEOUT_MS,
)

/** Police, technicians, drivers, and a schedule that asks for flash now and then. */
class PeopleAtTheCabinet implements ControllerInputs {
  readonly occupied = new Uint8Array(65)
  readonly detectorFaults = QUIET_UNIT.detectorFaults
  pedestrianButtons = 0
  readonly maximum = 1
  readonly preempts = 0
  readonly priorities = 0
  readonly latenessS = QUIET_UNIT.latenessS
  panel = CLOSED_PANEL
  control = NO_PHASE_CONTROL
  pattern = PATTERN_FREE
  epochMs = Date.UTC(2026, 2, 21, 20)
  readonly #database: ControllerDatabase
  readonly #random: RandomStream

  constructor(database: ControllerDatabase, random: RandomStream) {
    this.#database = database
    this.#random = random
  }

  draw(elapsedMs: number): void {
    this.epochMs += elapsedMs
    for (const { id } of this.#database.intersection.detectors)
      if (this.#chance(0.03)) this.occupied[id] = this.#chance(0.4) ? 1 : 0
    if (this.#chance(0.02))
      this.pedestrianButtons = this.#chance(0.5) ? 0 : withBit(0, 1 + (nextWord(this.#random) % 8))
    if (this.#chance(0.004)) this.pattern = this.#drawPattern()
    if (this.#chance(0.01)) this.panel = this.#chance(0.6) ? CLOSED_PANEL : this.#drawPanel()
    else if (this.panel.manualControl && this.#chance(0.1))
      this.panel = { ...this.panel, intervalAdvance: !this.panel.intervalAdvance }
  }

  bringsTiming(): boolean {
    return this.#chance(0.002)
  }

  #drawPattern() {
    const patterns = [...patternsOf(this.#database), PATTERN_FLASH]
    return patterns[nextWord(this.#random) % patterns.length]!
  }

  #drawPanel(): typeof CLOSED_PANEL {
    const flash = this.#chance(0.2) ? (this.#chance(0.5) ? 'local' : 'technician') : 'none'
    return { manualControl: this.#chance(0.6), intervalAdvance: false, stopTime: this.#chance(0.2), flash }
  }

  #chance(share: number): boolean {
    return nextUniform(this.#random) < share
  }
}
