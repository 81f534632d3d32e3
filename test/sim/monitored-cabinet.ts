/** A cabinet with lamps on every channel, whose monitor is on, and a street that presses everything now and then. */
import { bitsOf } from '#base/bits.ts'
import { patternId, phaseId } from '#base/id.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { LogRecord } from '#devices/device.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import type { CabinetMemory } from '#sim/cabinet/cabinet-memory.ts'
import type { ControllerFault } from '#sim/cabinet/controller-unit.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { database, junction, plan } from '#test/support/junctions.ts'
import { STEP_MS } from './crossing-cabinet.ts'

const PEDESTRIANS = { timing: { walkMs: 6_000, pedClearMs: 8_000 } }

/**
 * Channels 1–5 the vehicles of phases 1, 2, 4, 6 and 8, channels 6 and 7 the pedestrians of 2 and 4, channel 8 a right turn
 * that is green with 4 and goes on with 1. Phase 4 has red-amber, and so has the right turn. The plan coordinates 2 and 6.
 */
export const MONITORED: ControllerDatabase = database(
  junction({
    rings: [
      [[1, 2], [4]],
      [[6], [8]],
    ],
    phases: {
      1: { recall: 'minimum' },
      2: { ...PEDESTRIANS, recall: 'minimum', pedestrianRecall: true, dualEntry: true },
      4: {
        timing: { ...PEDESTRIANS.timing, redAmberMs: 2_000 },
        recall: 'minimum',
        pedestrianRecall: true,
        dualEntry: true,
      },
      6: { recall: 'minimum', dualEntry: true },
      8: { recall: 'minimum', dualEntry: true },
    },
    overlaps: { 1: [4, 1] },
  }),
  [plan(3, { cycleS: 60, coordinated: [2, 6], splitsS: { 1: 12, 2: 22, 4: 26, 6: 34, 8: 26 } })],
  { unit: { ...PLAIN_UNIT, flashYellowPhases: [phaseId(2), phaseId(6)] } },
)

/** The cabinet around any controller, with nothing on cards. */
export const configAround = (controlled: ControllerDatabase): IntersectionConfig => ({
  database: controlled,
  limits: {
    phases: bitsOf(controlled.intersection.phases.map(({ id }) => id)),
    omittable: bitsOf(controlled.intersection.phases.map(({ id }) => id)),
    preempts: bitsOf(controlled.preempts.map(({ number }) => number)),
    priorities: bitsOf(controlled.priorities.map(({ number }) => number)),
    patterns: controlled.plans.map(({ pattern }) => patternId(pattern)),
    minGreenMs: Array.from({ length: 33 }, () => 0),
    configurationHash: 0xc0ffee02,
  },
  adaptiveLimits: NO_LIMITS,
  controller: {
    name: 'controller',
    profile: 'sabz-modbus-controller',
    address: { host: '127.0.0.1', port: 0, unit: 1 },
  },
  cards: [],
  demand: [],
})

export class MonitoredCabinet {
  readonly records: LogRecord[] = []
  readonly cabinet: VirtualCabinet
  readonly occupied = new Uint8Array(65)
  readonly vehicles = new Uint16Array(65)
  pedestrianButtons = 0
  elapsedMs = 0

  constructor(memory?: CabinetMemory, controlled = MONITORED, onFault?: (fault: ControllerFault) => void) {
    this.cabinet = createCabinet(configAround(controlled), {
      epochMs: NOON_EPOCH_MS,
      ...(memory && { memory }),
      onRecord: (record) => this.records.push(record),
      ...(onFault && { onFault }),
    })
  }

  run(ms: number, watch?: () => void): this {
    for (const endMs = this.elapsedMs + ms; this.elapsedMs < endMs;) {
      this.elapsedMs += STEP_MS
      this.cabinet.step(STEP_MS, this)
      watch?.()
    }
    return this
  }

  /** Runs until it holds; how long that took, or an error after `limitMs`. */
  runUntil(condition: () => boolean, limitMs: number): number {
    const beganMs = this.elapsedMs
    while (!condition()) {
      if (this.elapsedMs - beganMs >= limitMs) throw new Error(`not within ${limitMs} ms`)
      this.run(STEP_MS)
    }
    return this.elapsedMs - beganMs
  }

  /** Codes and parameters of the log since its record `from`. */
  codesSince(from: number): number[][] {
    return this.records.slice(from).map(({ code, parameter }) => [code, parameter])
  }
}
