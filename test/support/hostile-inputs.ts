/** The worst that may happen to a controller from outside: everything that it can be told, by chance and without any sense. */
import { withBit } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { nextUniform, nextWord, type RandomStream } from '#base/random.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '#signal/command.ts'
import type { ControllerInputs } from '#signal/controller.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { PATTERN_FLASH } from '#signal/timing-plan.ts'
import { CLOSED_PANEL, type PanelInputs } from '#signal/unit/panel.ts'
import { patternsOf } from './random-junctions.ts'

/**
 * Loops that come, go and break, buttons held down, control bits, patterns and flash, preempts and buses, an officer and a
 * technician at the panels, a clock that is set now and then.
 */
export class HostileInputs implements ControllerInputs {
  readonly occupied = new Uint8Array(65)
  pedestrianButtons = 0
  maximum: 1 | 2 = 1
  preempts = 0
  priorities = 0
  readonly detectorFaults = new Uint8Array(65)
  readonly latenessS = new Int16Array(17)
  panel = CLOSED_PANEL
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
    for (const { id } of this.#database.intersection.detectors)
      if (chance(0.0005)) this.detectorFaults[id] = chance(0.5) ? 0 : 1 << (nextWord(this.#random) % 5)
    if (chance(0.02)) this.pedestrianButtons = chance(0.5) ? 0 : withBit(0, 1 + (nextWord(this.#random) % 8))
    if (chance(0.03)) this.control = chance(0.4) ? NO_PHASE_CONTROL : this.#drawControl()
    if (chance(0.002)) this.maximum = chance(0.5) ? 1 : 2
    if (chance(0.005)) this.preempts = chance(0.6) ? 0 : nextWord(this.#random) & 0b111
    if (chance(0.01)) this.priorities = chance(0.4) ? 0 : nextWord(this.#random) & 0b11
    if (chance(0.01)) this.latenessS[1 + (nextWord(this.#random) % 2)] = chance(0.5) ? 60 : -60
    if (chance(0.005)) this.panel = chance(0.6) ? CLOSED_PANEL : this.#drawPanel()
    if (chance(0.05)) this.panel = { ...this.panel, intervalAdvance: !this.panel.intervalAdvance }
    const patterns = [...patternsOf(this.#database), PATTERN_FLASH]
    if (chance(0.002)) this.pattern = patterns[nextWord(this.#random) % patterns.length]!
  }

  #drawControl(): PhaseControl {
    const some = () => nextWord(this.#random) & nextWord(this.#random) & 0xff
    const few = () => some() & nextWord(this.#random)
    return {
      hold: few(),
      forceOff: some(),
      phaseOmit: few(),
      pedestrianOmit: some(),
      vehicleCall: some(),
      pedestrianCall: some(),
    }
  }
  #drawPanel(): PanelInputs {
    const chance = (share: number) => nextUniform(this.#random) < share
    const flash = chance(0.15) ? (chance(0.5) ? 'local' : 'technician') : 'none'
    return { manualControl: chance(0.5), intervalAdvance: false, stopTime: chance(0.2), flash }
  }
}
