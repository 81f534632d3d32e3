/** A cabinet at the test crossing, with loops at the controller and on a card, to be stepped through a picture of time. */
import { bitsOf } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { LogRecord } from '#devices/device.ts'
import type { PointName } from '#devices/points.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import type { CabinetMemory } from '#sim/cabinet/cabinet-memory.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { CROSSING, DATABASE, LIMITS, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'

export const CONFIG: IntersectionConfig = {
  database: DATABASE,
  limits: LIMITS,
  adaptiveLimits: NO_LIMITS,
  controller: {
    name: 'controller',
    profile: 'sabz-modbus-controller',
    address: { host: '127.0.0.1', port: 0, unit: 1 },
  },
  cards: [{ name: 'loops', profile: 'sabz-modbus-loop-card', address: { host: '127.0.0.1', port: 0, unit: 1 } }],
  demand: [],
}

export const STEP_MS = 100

export interface Asked {
  readonly epoch?: number
  readonly sequence: number
  readonly leaseMs?: number
  readonly pattern?: number
  /** Phases. */
  readonly hold?: readonly number[]
  readonly forceOff?: readonly number[]
  readonly phaseOmit?: readonly number[]
  readonly pedestrianOmit?: readonly number[]
  readonly vehicleCall?: readonly number[]
  readonly pedestrianCall?: readonly number[]
  readonly preempt?: readonly number[]
  readonly priority?: readonly number[]
}

export function controlGroup(asked: Asked): Map<PointName, number> {
  return new Map([
    ['control.epoch', asked.epoch ?? 1],
    ['control.sequence', asked.sequence],
    ['control.leaseMs', asked.leaseMs ?? 2_000],
    ['control.pattern', asked.pattern ?? 0],
    ['control.hold', bitsOf(asked.hold ?? [])],
    ['control.forceOff', bitsOf(asked.forceOff ?? [])],
    ['control.phaseOmit', bitsOf(asked.phaseOmit ?? [])],
    ['control.pedestrianOmit', bitsOf(asked.pedestrianOmit ?? [])],
    ['control.vehicleCall', bitsOf(asked.vehicleCall ?? [])],
    ['control.pedestrianCall', bitsOf(asked.pedestrianCall ?? [])],
    ['control.preempt', bitsOf(asked.preempt ?? [])],
    ['control.priority', bitsOf(asked.priority ?? [])],
  ])
}

/** The cabinet with everything that it ever logged, and a street whose loops the test presses. */
export class CabinetBench {
  readonly records: LogRecord[] = []
  readonly cabinet: VirtualCabinet
  readonly occupied = new Uint8Array(Math.max(...CROSSING.detectors.map(({ id }) => id)) + 1)
  readonly vehicles = new Uint16Array(this.occupied.length)
  pedestrianButtons = 0
  elapsedMs = 0
  #sequence = 0

  constructor(memory?: CabinetMemory, config = CONFIG) {
    this.cabinet = createCabinet(config, {
      epochMs: NOON_EPOCH_MS,
      ...(memory && { memory }),
      onRecord: (record) => this.records.push(record),
    })
  }

  press(detectors: readonly number[]): void {
    for (const id of detectors) this.occupied[id as DetectorId] = 1
  }

  release(detectors: readonly number[]): void {
    for (const id of detectors) this.occupied[id as DetectorId] = 0
  }

  /** Runs; `watch` sees the cabinet after each step. */
  run(durationMs: number, watch?: () => void): void {
    for (let ms = 0; ms < durationMs; ms += STEP_MS) {
      this.elapsedMs += STEP_MS
      this.cabinet.step(STEP_MS, this)
      watch?.()
    }
  }

  /** Runs under supervision: what `ask` says is written before every step, with the next sequence. */
  supervise(durationMs: number, ask: () => Omit<Asked, 'sequence'>, watch?: () => void): void {
    for (let ms = 0; ms < durationMs; ms += STEP_MS) {
      this.write({ ...ask(), sequence: ++this.#sequence })
      this.run(STEP_MS, watch)
    }
  }

  /** Whether the cabinet took it. */
  write(asked: Asked): boolean {
    return this.cabinet.controller.writeControl(controlGroup(asked))
  }

  read(name: PointName): number {
    const value = this.cabinet.controller.readPoint(name)
    if (typeof value !== 'number') throw new Error(`${name} is no number`)
    return value
  }

  codes(...codes: readonly number[]): number[][] {
    return this.records.filter(({ code }) => codes.includes(code)).map(({ code, parameter }) => [code, parameter])
  }
}
