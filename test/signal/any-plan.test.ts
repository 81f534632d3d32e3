/** What must hold for any plan: the coordinated green keeps its time, and comes back to it within the bound of cycles. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { TimingPlan } from '#signal/timing-plan.ts'
import { LampWatch } from '#test/support/lamp-watch.ts'
import { anyDatabase } from '#test/support/random-junctions.ts'

const SCALE = process.env['NIGHTLY'] === undefined ? 1 : 40
const SEARCH = { numRuns: 12 * SCALE, endOnFailure: true }
const TIMEOUT_MS = 60_000 * SCALE
const TICK_MS = 100
/** Intervals end at the first step after their time, one after the other; more than a second is out of step. */
const TOLERANCE_MS = 1_000
const MIDNIGHT = Date.UTC(2026, 2, 21)

/** Junctions with a plan whose greens end by its force-offs alone, while everybody waits. */
const planned = anyDatabase
  .filter(({ plans }) => plans.length > 0)
  .map((database) => ({ ...plainStreet(database), plans: database.plans.map(withoutMaximum) }))

/** Those whose intergreens run, and whose overlaps trail, from one split into the next. */
const trailing = anyDatabase
  .map((database) => ({ ...plainTimes(database), plans: database.plans.map(withoutMaximum) }))
  .filter((database) => database.plans.length > 0 && checkDatabase(database).length === 0)

const withoutMaximum = (plan: TimingPlan): TimingPlan => ({
  ...plan,
  options: { ...plan.options, maximum: 'inhibit' },
})

test(
  'every coordinated green begins at its ideal time while everybody waits, and no cycle goes without',
  () =>
    fc.assert(
      fc.property(planned, fc.nat({ max: 40_000 }), (database, second) => {
        const street = new FullStreet(database, MIDNIGHT + second * 1000)
        const { plan } = street
        street.settle()
        street.begins.length = 0
        street.run(4 * plan.cycleMs)
        for (const phase of plan.coordinatedPhases) {
          const begins = street.begins.filter((begin) => begin.phase === phase)
          expect(begins.length, `coordinated greens of phase ${phase}`).toBeGreaterThanOrEqual(3)
          for (const { epochMs } of begins) {
            const lateMs = (epochMs - idealBeginMs(database.intersection, plan, phase)) % plan.cycleMs
            expect(Math.min(lateMs, plan.cycleMs - lateMs)).toBeLessThanOrEqual(TOLERANCE_MS)
          }
        }
      }),
      SEARCH,
    ),
  TIMEOUT_MS,
)

test(
  'whatever the clock is set to, the street is in step within the bound of its plan, and no lamp is cut for it',
  () =>
    fc.assert(
      fc.property(planned, fc.nat({ max: 40_000 }), fc.nat({ max: 600 }), (database, second, forwardS) => {
        const street = new FullStreet(database, MIDNIGHT + second * 1000)
        const { plan } = street
        street.settle()
        street.epochMs += forwardS * 1000
        street.zeros = 0
        street.run(TICK_MS)
        street.runUntilInStep()
        expect(statusOf(street.controller).coordination.transition).toBe('inStep')
        expect(street.zeros).toBeLessThanOrEqual(plan.options.transition.cyclesMost)
      }),
      SEARCH,
    ),
  TIMEOUT_MS,
)

test(
  'whoever keeps calling has a turn in every cycle, whatever trails into it',
  () =>
    fc.assert(
      fc.property(trailing, fc.nat({ max: 40_000 }), (database, second) => {
        const street = new FullStreet(database, MIDNIGHT + second * 1000)
        const { plan } = street
        street.settle()
        street.turns.length = 0
        street.run(4 * plan.cycleMs)
        for (const { id } of database.intersection.phases)
          if (plan.splitModes.get(id) !== 'omitted')
            expect(street.turns.filter((phase) => phase === id).length, `turns of phase ${id}`).toBeGreaterThanOrEqual(
              3,
            )
      }),
      SEARCH,
    ),
  TIMEOUT_MS,
)

/** Every phase is called all the time, by cars alone. */
class FullStreet {
  readonly controller: Controller
  readonly plan: TimingPlan
  readonly begins: { readonly phase: number; readonly epochMs: number }[] = []
  /** Phases, each time that one begins. */
  readonly turns: number[] = []
  epochMs: number
  zeros = 0
  readonly #watch: LampWatch
  readonly #control
  readonly #occupied = new Uint8Array(65)

  constructor(database: ControllerDatabase, epochMs: number) {
    this.controller = createController(database)
    this.plan = database.plans[0]!
    this.epochMs = epochMs
    this.#watch = new LampWatch(database)
    this.#control = { ...NO_PHASE_CONTROL, vehicleCall: bitsOf(database.intersection.phases.map(({ id }) => id)) }
  }

  /** At power-up every crossing is called once: whoever overruns his split has been served, and the street is back in step. */
  settle(): void {
    this.run(3 * this.plan.cycleMs)
    this.runUntilInStep()
    this.run(this.plan.cycleMs) // Whose turn was shortened or lengthened on the way, is over.
  }

  runUntilInStep(): void {
    const { cycleMs, options } = this.plan
    const boundMs = 2 * cycleMs * (options.transition.cyclesMost + 1)
    for (let ms = 0; ms < boundMs && statusOf(this.controller).coordination.transition !== 'inStep'; ms += TICK_MS)
      this.run(TICK_MS)
  }

  run(ms: number): void {
    for (let left = ms; left > 0; left -= TICK_MS) {
      this.epochMs += TICK_MS
      stepController(
        this.controller,
        {
          ...QUIET_UNIT,
          epochMs: this.epochMs,
          occupied: this.#occupied,
          pattern: this.plan.pattern,
          pedestrianButtons: 0,
          control: this.#control,
        },
        TICK_MS,
        (code, parameter) => this.#record(code, parameter),
      )
      this.#watch.see(statusOf(this.controller), TICK_MS)
      expect(this.#watch.faults).toEqual([])
    }
  }

  #record(code: number, parameter: number): void {
    this.#watch.record(code, parameter)
    if (code === EVENT.phaseOn) this.turns.push(parameter)
    if (code === EVENT.coordPhaseBegin) this.begins.push({ phase: parameter, epochMs: this.epochMs - MIDNIGHT })
    if (code === EVENT.cycleState && parameter === 5) this.zeros++
  }
}

/** Nothing but the plan and the minimums decides when a green begins: rings clear their barriers alike, and nothing trails. */
function plainStreet(database: ControllerDatabase): ControllerDatabase {
  const plain = plainTimes(database)
  const { intersection } = plain
  return {
    ...plain,
    intersection: {
      ...intersection,
      intergreens: [],
      overlaps: [],
      channels: intersection.channels.filter(({ source }) => !('overlap' in source)),
    },
  }
}

/** All clear in one time, and nobody takes a second turn. */
function plainTimes(database: ControllerDatabase): ControllerDatabase {
  const { intersection } = database
  return {
    ...database,
    intersection: {
      ...intersection,
      phases: intersection.phases.map((phase) => ({
        ...phase,
        conditionalService: false,
        timing: { ...phase.timing, yellowMs: 3_000, redClearMs: 0, redRevertMs: 2_000 },
      })),
      extraConflicts: [],
    },
  }
}

/** After midnight, modulo the cycle; reckoned from the splits, ring by ring, as an engineer draws them. */
function idealBeginMs(intersection: Intersection, plan: TimingPlan, phase: number): number {
  const begins = plan.coordinatedPhases.map((each) => greenBeginMs(intersection, plan, each))
  const yellows = plan.coordinatedPhases.map((each) => {
    const { yellowMs, redClearMs } = phaseOf(intersection, each).timing
    return turnBeginMs(intersection, plan, each) + plan.splitsMs.get(each)! - yellowMs - redClearMs
  })
  const zeroMs = { barrier: 0, startOfGreen: Math.min(...begins), startOfYellow: Math.min(...yellows) }
  return plan.offsetMs + greenBeginMs(intersection, plan, phase) - zeroMs[plan.options.offsetReference]
}

/** After the barrier before the coordinated phases. */
function turnBeginMs({ phases, sequences }: Intersection, plan: TimingPlan, phase: number): number {
  const { rings } = sequences.find(({ number }) => number === plan.sequence)!
  const ring = rings.find((members) => members.some((id) => id === phase))!
  const { barrier } = phases.find(({ id }) => id === phase)!
  const group = ring.filter((id) => phases.find((each) => each.id === id)!.barrier === barrier)
  return group
    .slice(0, group.indexOf(phase as (typeof group)[number]))
    .reduce((ms, id) => ms + plan.splitsMs.get(id)!, 0)
}

function greenBeginMs(intersection: Intersection, plan: TimingPlan, phase: number): number {
  const { timing, pedestrianRecall, id } = phaseOf(intersection, phase)
  const onFoot = pedestrianRecall || (plan.splitModes.get(id) ?? 'none').toLowerCase().includes('pedestrian')
  return turnBeginMs(intersection, plan, phase) + (onFoot ? timing.leadingPedMs : 0) + timing.redAmberMs
}

const phaseOf = ({ phases }: Intersection, phase: number): Phase => phases.find(({ id }) => id === phase)!
