/** One device of the closed loop and what is known of it: what the edge's link over a wire does, without anything to wait for. */
import type { DirectDevice } from '#devices/memory/direct.ts'
import type { DeviceResult } from '#devices/device.ts'
import type { PointName } from '#devices/points.ts'
import { LinkRecord, LOG_RECORDS_MAX, type LinkFault, type LinkHealth, type RecordParts } from '#edge/link-record.ts'
import type { DeviceImage } from '#edge/process-image.ts'
import type { AskedDevice } from '#edge/intersection-parts.ts'

export interface DirectLinkParts extends RecordParts {
  readonly device: DirectDevice
}

export class DirectLink implements AskedDevice {
  readonly #parts: DirectLinkParts
  readonly #record: LinkRecord

  constructor(parts: DirectLinkParts) {
    this.#parts = parts
    this.#record = new LinkRecord(parts)
  }

  /** Reads the device once, and its log after the record `logAfter`; a new connection is used from the next tick on. */
  poll(logAfter: number | null): void {
    if (this.#record.isConnectionDue) return this.#connect()
    if (!this.#record.isConnected) return
    const scanned = this.#scan(logAfter)
    if (scanned.ok) return this.#record.answered()
    this.#record.failed(scanned.fault)
    if (this.#record.isConnectionDue) this.#connect()
  }

  write(values: ReadonlyMap<PointName, number>): boolean {
    const { write } = this.#parts.device
    if (write === null || !this.#record.isConnected) return false
    const result = write(values)
    if (!result.ok && this.#record.unanswered(result.fault)) this.#connect()
    return result.ok
  }

  takeImage(): DeviceImage {
    return this.#record.takeImage()
  }

  takeHealth(): LinkHealth {
    return this.#record.takeHealth()
  }

  #scan(logAfter: number | null): DeviceResult<unknown> | { readonly ok: false; readonly fault: LinkFault } {
    const { device, clock } = this.#parts
    const scanned = device.scan()
    if (!scanned.ok) return scanned
    const fault = this.#record.scanned(scanned.value, clock.monoMs(), clock.epochMs())
    if (fault) return { ok: false, fault }
    const after = this.#record.unreadAfter(logAfter)
    if (after === null) return scanned
    const records = device.readLog(after, LOG_RECORDS_MAX)
    if (records.ok) this.#record.logged(records.value)
    // As over a wire: a log that is refused must not take the values with it.
    return records.ok || records.fault.code !== 'REFUSED_BY_DEVICE' ? records : scanned
  }

  #connect(): void {
    this.#record.connecting()
    const result = this.#parts.device.connect()
    if (result.ok) this.#record.connected()
    else this.#record.failed(result.fault)
  }
}
