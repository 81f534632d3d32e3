/** Traces of the model, read and replayed on the machine in its cabinet's order: command, step, lease. */
import { patternId } from '#base/id.ts'
import type { PointName } from '#devices/points.ts'
import { Supervision } from '#sim/cabinet/supervision.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { bitsOf } from '#base/bits.ts'
import { TICK_MS, type Street } from './streets.ts'

/** One step of a trace: everything that came, and everything that was to be seen after it. */
export interface TracedStep {
  readonly comes: Readonly<Record<string, string>>
  readonly shows: Readonly<Record<string, string>>
}

/** Lines such as `step occupied=2 … | greens=34 …`. */
export function readTrace(text: string): TracedStep[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('step '))
    .map((line) => {
      const [comes = '', shows = ''] = line.slice('step '.length).split('|')
      return { comes: readFields(comes), shows: readFields(shows) }
    })
}

function readFields(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)=(\w+)/g)].map(([, name = '', value = '']) => [name, value]))
}

/** Shows the machine what the model was shown; returns the first step at which the two differ, or null. */
export function firstDivergence(street: Street, trace: readonly TracedStep[]): string | null {
  const bench = new Bench(street)
  for (const [index, { comes, shows }] of trace.entries()) {
    const shown = bench.step(comes)
    const different = Object.keys(shows).filter((name) => shows[name] !== shown[name])
    if (different.length > 0)
      return `step ${index + 1}: ${different.map((name) => `${name} ${shown[name]}, the model has ${shows[name]}`).join('; ')}`
  }
  return null
}

/** An epoch from before the first one of the trace must exist, so that there is an older one. */
const EPOCH_BEFORE = 10

class Bench {
  readonly #controller: Controller
  readonly #supervision: Supervision
  readonly #occupied = new Uint8Array(65)

  constructor({ database }: Street) {
    const phases = bitsOf(database.intersection.phases.map(({ id }) => id))
    this.#controller = createController(database)
    this.#supervision = new Supervision({ phases, patterns: [], preempts: 0, priorities: 0 }, EPOCH_BEFORE)
  }

  step(comes: Readonly<Record<string, string>>): Record<string, string> {
    if (comes['writes'] === '1') this.#supervision.obey(this.#request(comes))
    const occupied = Number(comes['occupied'])
    for (let phase = 1; phase <= 8; phase++) this.#occupied[phase] = (occupied >> (phase - 1)) & 1
    const inputs = {
      ...QUIET_UNIT,
      epochMs: 0,
      pattern: patternId(254),
      occupied: this.#occupied,
      pedestrianButtons: Number(comes['pushed']),
      preempts: Number(comes['siren']),
      control: this.#supervision.command ?? NO_PHASE_CONTROL,
    }
    stepController(this.#controller, inputs, TICK_MS, () => undefined)
    const shown = statusOf(this.#controller)
    const state = shown.preempt.state === 'delay' ? 'none' : shown.preempt.state
    this.#supervision.keptBy(state === 'none' ? 'nobody' : 'preempt')
    this.#supervision.age(TICK_MS, TICK_MS)
    const seen = {
      greens: shown.greens,
      yellows: shown.yellows,
      reds_clearing: shown.phaseOns & ~shown.greens & ~shown.yellows,
      walks: shown.walks,
      ped_clears: shown.pedClears,
      nexts: shown.phaseNexts,
      vehicles_wait: shown.vehicleCalls,
      pedestrians_wait: shown.pedestrianCalls,
      lease: this.#supervision.lease.remainingMs / TICK_MS,
      preempt: state.toUpperCase(),
    }
    return Object.fromEntries(Object.entries(seen).map(([name, value]) => [name, String(value)]))
  }

  /** Epoch and sequence as the trace means them, relative to the newest ones. */
  #request(comes: Readonly<Record<string, string>>): Map<PointName, number> {
    const { epoch, sequence } = this.#supervision.lease
    const asked = (name: string) => Number(comes[name])
    return new Map<PointName, number>([
      ['control.epoch', epoch + { OLDER: -1, SAME: 0, NEWER: 1 }[comes['epoch'] as 'OLDER']],
      ['control.sequence', sequence + asked('newer_sequence')],
      ['control.leaseMs', asked('ticks') * TICK_MS],
      ['control.pattern', 254],
      ['control.hold', asked('holds')],
      ['control.forceOff', asked('force_offs')],
      ['control.phaseOmit', asked('omits')],
      ['control.pedestrianOmit', asked('pedestrian_omits')],
      ['control.vehicleCall', asked('vehicle_calls')],
      ['control.pedestrianCall', asked('pedestrian_calls')],
    ])
  }
}
