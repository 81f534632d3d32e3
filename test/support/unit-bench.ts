/** A controller stepped by hand: switches, patterns and calls as a test sets them, and the log that it writes. */
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT, type Controller, type ControllerInputs } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { CLOSED_PANEL, type PanelInputs } from '#signal/unit/panel.ts'
import { database, junction, plan, TWO_PHASES, type JunctionFacts } from '#test/support/junctions.ts'

export class Bench {
  readonly controller: Controller
  readonly log: [number, number][] = []
  readonly inputs: { -readonly [field in keyof ControllerInputs]: ControllerInputs[field] } = {
    ...QUIET_UNIT,
    epochMs: Date.UTC(2026, 0, 5, 8),
    occupied: new Uint8Array(65),
    pedestrianButtons: 0,
    control: NO_PHASE_CONTROL,
    pattern: PATTERN_FREE,
  }

  constructor(facts: Partial<UnitParameters>, junctionFacts: JunctionFacts = TWO_PHASES) {
    const plans =
      junctionFacts === TWO_PHASES ? [plan(1, { cycleS: 40, coordinated: [2], splitsS: { 2: 20, 4: 20 } })] : []
    this.controller = createController(database(junction(junctionFacts), plans, { unit: { ...PLAIN_UNIT, ...facts } }))
  }

  get status(): SignalStatus {
    return statusOf(this.controller)
  }

  run(ms: number): this {
    for (let left = ms; left > 0; left -= 100) {
      this.inputs.epochMs += 100
      stepController(this.controller, this.inputs, 100, (code, parameter) => this.log.push([code, parameter]))
    }
    return this
  }

  panel(panel: Partial<PanelInputs>): this {
    this.inputs.panel = { ...CLOSED_PANEL, ...panel }
    return this
  }

  codes(...codes: readonly number[]): [number, number][] {
    return this.log.filter(([code]) => codes.includes(code))
  }
}
