/** A cabinet of any junction with its monitor on, all of whose loops are taken all the time. */
import type { ControllerDatabase } from '#signal/database.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { STEP_MS } from './crossing-cabinet.ts'
import { configAround } from './monitored-cabinet.ts'

export class CabinetOf {
  readonly cabinet: VirtualCabinet
  readonly occupied = new Uint8Array(65).fill(1)
  readonly vehicles = new Uint16Array(65)
  pedestrianButtons = 0

  constructor(database: ControllerDatabase) {
    this.cabinet = createCabinet(configAround(database), { epochMs: NOON_EPOCH_MS })
  }

  run(ms: number): this {
    for (let elapsedMs = 0; elapsedMs < ms; elapsedMs += STEP_MS) this.cabinet.step(STEP_MS, this)
    return this
  }
}
