/** What a plan shows when nobody is left out: its signals, second by second through one cycle, as the controller runs them. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { IntersectionId } from '#base/id.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { DETECTOR_MOST } from '#signal/detector.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SplitMode, TimingPlan } from '#signal/timing-plan.ts'
import { skipStartupFlash } from '#signal/unit/stages.ts'
import type { Lamps } from '../../traffic/flow/lights.ts'

/** Fixed time: the same steps in each cycle, whoever comes. The first begins at the master zero, midnight of the clock. */
export interface FixedProgram {
  readonly intersection: IntersectionId
  readonly cycleMs: number
  readonly steps: readonly ProgramStep[]
}

export interface ProgramStep {
  readonly durationMs: number
  readonly lamps: Lamps
}

export type ProgramFault =
  | { readonly code: 'EXPORT_PLAN_UNKNOWN'; readonly plan: string; readonly known: readonly string[] }
  | { readonly code: 'EXPORT_PLAN_NOT_IN_STEP'; readonly intersection: IntersectionId; readonly plan: string }

const TICK_MS = 100
/** A transition takes five cycles at most; after twice as many, and the start, a plan that fits its splits is in step. */
const CYCLES_TO_STEP_MOST = 12
/** Splits are ms since midnight, whatever the day: of an ordinary Monday, without a change of the clocks. */
const DAY = '2026-11-23'

/**
 * Runs the real controller under the plan, with every phase called to its maximum, until it is in step with its offset, and
 * writes down one cycle. So overlaps, red-amber, intergreens and whatever else the controller does are in it.
 */
export function fixedProgram(database: ControllerDatabase, key: string): Outcome<FixedProgram, ProgramFault> {
  const { id } = database.intersection
  const plan = database.plans.find((one) => one.key === key)
  if (plan === undefined)
    return failed({ code: 'EXPORT_PLAN_UNKNOWN', plan: key, known: database.plans.map((one) => one.key) })
  const controller = createController({
    ...database,
    plans: [withoutGaps(plan, database)],
    preempts: [],
    priorities: [],
  })
  skipStartupFlash(controller.unit)
  const run = new Run(controller, plan)
  for (let cycle = 0; cycle < CYCLES_TO_STEP_MOST; cycle++) run.cycle(() => {})
  if (statusOf(controller).coordination.transition !== 'inStep')
    return failed({ code: 'EXPORT_PLAN_NOT_IN_STEP', intersection: id, plan: key })
  return ok({ intersection: id, cycleMs: plan.cycleMs, steps: run.record() })
}

/** The lamps of a program at a moment of the clock, ms since midnight. */
export function lampsOf({ cycleMs, steps }: FixedProgram, clockMs: number): Lamps {
  let intoMs = ((clockMs % cycleMs) + cycleMs) % cycleMs
  for (const { durationMs, lamps } of steps) {
    if (intoMs < durationMs) return lamps
    intoMs -= durationMs
  }
  throw new Error('invariant broken: the steps of a program fill its cycle')
}

/** As before, but that every phase which the plan serves goes to its force-off. */
function withoutGaps(plan: TimingPlan, { intersection }: ControllerDatabase): TimingPlan {
  const splitModes = intersection.phases.map(({ id }) => [id, atMaximum(plan.splitModes.get(id) ?? 'none')] as const)
  return { ...plan, splitModes: new Map(splitModes), options: { ...plan.options, coordinatedActuatedMs: 0 } }
}

function atMaximum(mode: SplitMode): SplitMode {
  if (mode === 'omitted') return mode
  return mode === 'pedestrianRecall' || mode === 'maximumAndPedestrianRecall'
    ? 'maximumAndPedestrianRecall'
    : 'maximumRecall'
}

class Run {
  readonly #controller: Controller
  readonly #plan: TimingPlan
  readonly #midnightEpochMs: number
  #clockMs = 0

  constructor(controller: Controller, plan: TimingPlan) {
    this.#controller = controller
    this.#plan = plan
    const { timeZone } = controller.database.schedule
    this.#midnightEpochMs = Temporal.PlainDate.from(DAY).toZonedDateTime(timeZone).epochMilliseconds
  }

  /** From one master zero to the next; what is shown from a moment on is seen there. */
  cycle(see: (lamps: Lamps) => void): void {
    for (let ms = 0; ms < this.#plan.cycleMs; ms += TICK_MS) {
      this.#step()
      see(shownBy(this.#controller))
    }
  }

  record(): ProgramStep[] {
    const steps: { durationMs: number; lamps: Lamps }[] = []
    this.cycle((lamps) => {
      const last = steps.at(-1)
      if (last && sameLamps(last.lamps, lamps)) last.durationMs += TICK_MS
      else steps.push({ durationMs: TICK_MS, lamps })
    })
    return steps
  }

  #step(): void {
    const inputs = {
      ...QUIET_UNIT,
      epochMs: this.#midnightEpochMs + this.#clockMs,
      occupied: new Uint8Array(DETECTOR_MOST + 1),
      pedestrianButtons: 0,
      pattern: this.#plan.pattern,
      control: NO_PHASE_CONTROL,
    }
    stepController(this.#controller, inputs, TICK_MS, () => {})
    this.#clockMs += TICK_MS
  }
}

function shownBy(controller: Controller): Lamps {
  const { greens, yellows, walks, overlapGreens, overlapYellows, overlapFlashes } = statusOf(controller)
  return { greens, yellows, walks, overlapGreens, overlapYellows, overlapFlashes }
}

const sameLamps = (a: Lamps, b: Lamps): boolean =>
  a.greens === b.greens &&
  a.yellows === b.yellows &&
  a.walks === b.walks &&
  a.overlapGreens === b.overlapGreens &&
  a.overlapYellows === b.overlapYellows &&
  a.overlapFlashes === b.overlapFlashes
