/** A connection without a wire: it stands for as long as the other side has power. */
import type { DeviceFault, DeviceResult, PointSource } from '../device.ts'

export class PoweredLine {
  readonly #source: PointSource
  #connected = false

  constructor(source: PointSource) {
    this.#source = source
  }

  connect(): DeviceResult<void> {
    this.#connected = this.#source.isUp !== false
    return this.#connected ? { ok: true, value: undefined } : { ok: false, fault: CONNECT_FAILED }
  }

  close(): void {
    this.#connected = false
  }

  /** What keeps a question from being asked now; null = nothing. */
  lost(): DeviceFault | null {
    if (!this.#connected) return NOT_CONNECTED
    this.#connected = this.#source.isUp !== false
    return this.#connected ? null : CONNECTION_LOST
  }
}

const NO_POWER = 'the device has no power'
const NOT_CONNECTED: DeviceFault = { code: 'NOT_CONNECTED' }
const CONNECT_FAILED: DeviceFault = { code: 'CONNECT_FAILED', detail: NO_POWER }
const CONNECTION_LOST: DeviceFault = { code: 'CONNECTION_LOST', detail: NO_POWER }
