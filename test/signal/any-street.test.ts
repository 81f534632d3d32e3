/** What must hold on any street, with any history, and under a supervisor that asks for the impossible. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasBit, withBit } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { nextUniform, nextWord, randomStream, type RandomStream } from '#base/random.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Phase } from '#signal/phase.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import { HostileInputs } from '#test/support/hostile-inputs.ts'
import { anyDatabase, patternsOf } from '#test/support/random-junctions.ts'
import { UnitWatch } from '#test/support/unit-watch.ts'

/** The nightly run multiplies the streets, to more than 10⁷ steps. */
const SCALE = process.env['NIGHTLY'] === undefined ? 1 : 40
const STREETS = 60 * SCALE
const STEPS = 3_000
/** Reading the lamps of a hundred streets takes seconds; the nightly run takes as many minutes. */
const TIMEOUT_MS = 60_000 * SCALE
/** A street is found at once or not at all: shrinking a history of thousands of steps would take hours. */
const SEARCH = { numRuns: STREETS, endOnFailure: true }

const tickMs = fc.constantFrom(100, 100, 100, 10, 50, 70, 250, 1_000)

test(
  'no street, no history and no supervisor makes lamps conflict, cuts a minimum or loses a line of the log',
  () =>
    fc.assert(
      fc.property(anyDatabase, fc.integer(), tickMs, (database, seed, elapsedMs) => {
        const controller = createController(database)
        const watch = new UnitWatch(database)
        const inputs = new HostileInputs(database, randomStream(seed, 'hostile'))
        for (let step = 0; step < STEPS; step++) {
          inputs.draw(elapsedMs)
          stepController(controller, inputs, elapsedMs, (code, parameter) => watch.record(code, parameter))
          watch.see(statusOf(controller), elapsedMs)
          if (watch.faults.length > 0) expect.fail(`step ${step}: ${watch.faults.join('; ')}`)
        }
      }),
      SEARCH,
    ),
  TIMEOUT_MS,
)

test(
  'whoever keeps waiting is served within the time that the plan, or the maximums, promise',
  () =>
    fc.assert(
      fc.property(anyDatabase, fc.integer(), fc.nat(), (database, seed, pick) => {
        const controller = createController(database)
        const patterns = patternsOf(database)
        const inputs = new PatientInputs(database, randomStream(seed, 'patient'), patterns[pick % patterns.length]!)
        const queue = new Queue(database, inputs.pattern)
        for (let step = 0; step < STEPS; step++) {
          inputs.draw(statusOf(controller))
          stepController(controller, inputs, 100, () => undefined)
          const late = queue.see(statusOf(controller), 100)
          if (late !== null) expect.fail(`step ${step}, pattern ${inputs.pattern}: ${late}`)
        }
      }),
      SEARCH,
    ),
  TIMEOUT_MS,
)

/** Cars that wait until their green has run for a while, and people who push once. */
class PatientInputs {
  readonly occupied = new Uint8Array(65)
  pedestrianButtons = 0
  readonly maximum = 1
  readonly preempts = 0
  priorities = 0
  readonly detectorFaults = new Uint8Array(65)
  readonly latenessS = QUIET_UNIT.latenessS
  readonly panel = QUIET_UNIT.panel
  readonly control = NO_PHASE_CONTROL
  readonly pattern: ReturnType<typeof patternId>
  epochMs: number
  readonly #database: ControllerDatabase
  readonly #random: RandomStream
  readonly #arrivals: number

  constructor(database: ControllerDatabase, random: RandomStream, pattern: ReturnType<typeof patternId>) {
    this.#database = database
    this.#random = random
    this.pattern = pattern
    this.#arrivals = nextUniform(random) * 0.02
    this.epochMs = Date.UTC(2026, 2, 21) + (nextWord(random) % 86_000) * 1000
  }

  draw({ greens }: SignalStatus): void {
    const chance = (share: number) => nextUniform(this.#random) < share
    this.epochMs += 100
    this.pedestrianButtons = 0
    if (chance(this.#arrivals / 4)) this.priorities = nextWord(this.#random) & 0b11
    for (const { id } of this.#database.intersection.detectors) {
      if (chance(this.#arrivals)) this.occupied[id] = 1
      if (hasBit(greens, id) && chance(0.05)) this.occupied[id] = 0
      if (chance(this.#arrivals / 4)) this.pedestrianButtons = withBit(this.pedestrianButtons, id)
    }
  }
}

/**
 * How long each call has waited, against a bound: one lap of the longest greens, and in a plan a cycle and a half more, as
 * long as the cycle may be in transition; buses may lengthen two greens of it. Whom the plan omits it does not serve.
 */
class Queue {
  readonly #waitedMs = new Map<string, number>()
  readonly #phases: readonly Phase[]
  readonly #boundMs: number

  constructor({ intersection, plans, priorities }: ControllerDatabase, pattern: number) {
    const plan = plans.find((candidate) => candidate.pattern === pattern)
    this.#phases = intersection.phases.filter(({ id }) => plan?.splitModes.get(id) !== 'omitted')
    const intergreenMs = Math.max(0, ...intersection.intergreens.map(({ ms }) => ms))
    const lapMs = intersection.phases.reduce((sum, phase) => sum + longestMs(phase) + intergreenMs, 0)
    const extensionsMs = priorities.reduce((sum, { maxExtensionMs }) => sum + maxExtensionMs, 0)
    this.#boundMs = lapMs + 2 * extensionsMs + 1.5 * (plan === undefined ? 0 : longestCycleMs(plan))
  }

  see({ vehicleCalls, pedestrianCalls }: SignalStatus, elapsedMs: number): string | null {
    for (const { id } of this.#phases) {
      const late =
        this.#wait(`vehicle at phase ${id}`, hasBit(vehicleCalls, id), elapsedMs) ??
        this.#wait(`pedestrian at phase ${id}`, hasBit(pedestrianCalls, id), elapsedMs)
      if (late !== null) return late
    }
    return null
  }

  #wait(who: string, waits: boolean, elapsedMs: number): string | null {
    const waitedMs = waits ? (this.#waitedMs.get(who) ?? 0) + elapsedMs : 0
    this.#waitedMs.set(who, waitedMs)
    return waitedMs > this.#boundMs ? `${who} has waited ${waitedMs} of ${this.#boundMs} ms` : null
  }
}

/** A timer that dwells stands still for up to a cycle; else what is lost is spread over the plan's bound of cycles. */
function longestCycleMs({ cycleMs, options: { transition } }: TimingPlan): number {
  return cycleMs * (transition.way === 'dwell' ? 2 : 1 + Math.max(0.2, 1 / transition.cyclesMost))
}

/** From its beginning to the moment at which it could begin again. */
function longestMs({ timing }: Phase): number {
  const { leadingPedMs, redAmberMs, minGreenMs, maxInitialMs, max1Ms, dynamicMaxLimitMs, redRevertMs } = timing
  const greenMs = Math.max(minGreenMs, maxInitialMs, max1Ms, dynamicMaxLimitMs)
  const onFootMs = leadingPedMs + timing.walkMs + timing.pedClearMs
  return redAmberMs + greenMs + onFootMs + timing.yellowMs + timing.redClearMs + redRevertMs
}
