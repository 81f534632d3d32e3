/** One device, one connection, one request at a time: reads it every tick, reconnects by itself, never delays the others. */
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { DeviceFault, DeviceResult, FieldDevice } from '#devices/device.ts'
import { LinkRecord, LOG_RECORDS_MAX, type LinkFault, type LinkHealth } from './link-record.ts'
import type { DeviceImage } from './process-image.ts'
import { wakeAfter } from './wake.ts'

/**
 * When a request is given up, and with it the connection. The tick itself waits far less (`scan-cycle.ts`), so that an
 * answer that is merely late on a busy network costs a stale image and no more.
 */
export const REQUEST_MS_MAX = 500
/** As long as the tick waits for answers. */
export const PROMPT_MS = 30
/** Nobody waits for a device that is lost: it is given longer, so that one that is late can be told from one that is silent. */
const PROBE_MS_MAX = 5_000
/** An OPC UA session with certificates takes over a second on a slow controller; nobody waits for it. */
const CONNECT_MS_MAX = 5_000
/** Of a device that is lost: ten questions and answers that each take their second. */
const PROBE_CONNECT_MS_MAX = 10_000
/** Drivers keep their own deadlines. One that breaks its word is cut off after this much more: it may be loading a library. */
const DRIVER_GRACE_MS = 15_000

export interface LinkParts {
  /** How messages name it, such as `IX-03 controller`. */
  readonly label: string
  readonly device: FieldDevice
  readonly clock: Clock
  readonly log: Log
}

/** The version of the register or node map, where a device tells it. */
const MAP_VERSION = 'identity.profileVersion'

type LinkAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: LinkFault }

/** A driver that broke its word. */
type Broken = { readonly ok: false; readonly fault: DeviceFault }

/** Not even sent: another write waits already (`BUSY`), or its turn came after its time (`TOO_LATE`). */
type NotSent = { readonly ok: false; readonly fault: { readonly code: 'BUSY' | 'TOO_LATE' } }

export type LinkResult = DeviceResult<void> | NotSent

export class DeviceLink {
  readonly #parts: LinkParts
  readonly #record: LinkRecord
  /** Resolves when the request that is under way has ended; null when none is. */
  #underWay: Promise<unknown> | null = null
  /** The last question was answered while the tick could wait for it. */
  #isPrompt = true
  #writeWaits = false
  #closed = false

  constructor(parts: LinkParts) {
    this.#parts = parts
    this.#record = new LinkRecord(parts)
  }

  /** The device keeps a high-resolution log of its own. */
  get hasLog(): boolean {
    return this.#parts.device.profile.log !== null
  }

  /**
   * Reads the device once, and its log after the record `logAfter` (null: leave the log alone). Resolves without a value
   * and never rejects, and at once where the device has not been prompt: nobody waits twice for whoever is late. What came
   * stands in the next `takeImage`. Does nothing while the last request is under way.
   */
  async poll(logAfter: number | null): Promise<void> {
    const isPrompt = this.#isPrompt
    const read = this.#read(logAfter)
    if (isPrompt) await read
  }

  async #read(logAfter: number | null): Promise<void> {
    const { device, clock } = this.#parts
    this.#connectIfDue()
    if (this.#underWay || !this.#record.isConnected) return
    const askedAtMonoMs = clock.monoMs()
    const result = await this.#alone(async () => {
      const readAtMonoMs = clock.monoMs()
      const readAtEpochMs = clock.epochMs()
      const scanned = await device.scan(this.#record.isLost ? PROBE_MS_MAX : REQUEST_MS_MAX)
      if (!scanned.ok) return scanned
      const tookMs = clock.monoMs() - readAtMonoMs
      if (tookMs > REQUEST_MS_MAX && this.#record.isLost) return answeredLate(tookMs)
      const fault = this.#record.scanned(scanned.value, readAtMonoMs, readAtEpochMs)
      if (fault) return this.#leave(fault)
      // A limit of its own: a device that took its time over the scan takes it over the log too.
      return this.#readLog(logAfter)
    })
    this.#isPrompt = result.ok && clock.monoMs() - askedAtMonoMs <= PROMPT_MS
    if (result.ok) this.#record.answered()
    else if (this.#record.isConnected) this.#record.failed(result.fault)
    // A single lost answer should cost no more than this tick.
    this.#connectIfDue()
  }

  /**
   * Writes once, behind the request that is under way, unless that ends after `latestMonoMs`. A device that refuses has
   * answered; without an answer the connection is renewed.
   */
  async write(latestMonoMs: number, send: () => Promise<DeviceResult<void>>): Promise<LinkResult> {
    if (this.#writeWaits) return notSent('BUSY')
    this.#writeWaits = true
    while (this.#underWay) await this.#underWay
    this.#writeWaits = false
    if (this.#parts.clock.monoMs() > latestMonoMs) return notSent('TOO_LATE')
    if (!this.#record.isConnected) return { ok: false, fault: { code: 'NOT_CONNECTED' } }
    const result = await this.#alone(send)
    if (!result.ok && this.#record.unanswered(result.fault)) void this.#connect()
    return result
  }

  /** The newest values, and the log records that have come since the last call. */
  takeImage(): DeviceImage {
    return this.#record.takeImage()
  }

  /** How the device has done since the last call. */
  takeHealth(): LinkHealth {
    return this.#record.takeHealth()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#parts.device.close()
  }

  /** The one request of its time. */
  async #alone<R extends LinkAnswer>(send: () => Promise<R>): Promise<R | Broken> {
    const request = this.#settled(REQUEST_MS_MAX, send)
    this.#underWay = request
    const result = await request
    this.#underWay = null
    return result
  }

  /** The connection looks sound, and is of no use: whoever connects next gets another one. */
  async #leave(fault: LinkFault): Promise<{ readonly ok: false; readonly fault: LinkFault }> {
    await this.#parts.device.close()
    return { ok: false, fault }
  }

  async #readLog(logAfter: number | null): Promise<DeviceResult<void>> {
    const after = this.#record.unreadAfter(logAfter)
    if (after === null) return DONE
    const records = await this.#parts.device.readLog(after, LOG_RECORDS_MAX, REQUEST_MS_MAX)
    if (records.ok) this.#record.logged(records.value)
    // The scan has succeeded: a log that is refused must not take the values with it.
    return records.ok || records.fault.code === 'REFUSED_BY_DEVICE' ? DONE : records
  }

  #connectIfDue(): void {
    if (this.#record.isConnectionDue) void this.#connect()
  }

  async #connect(): Promise<void> {
    const { device } = this.#parts
    if (this.#closed) return
    this.#record.connecting()
    const result = await this.#settled(CONNECT_MS_MAX, () => this.#connectKnown())
    if (this.#closed) return device.close()
    if (result.ok) this.#record.connected()
    else this.#record.failed(result.fault)
  }

  /**
   * A device with another map than its profile is not read at all. It is asked at the start and after each loss: another
   * firmware takes longer to load than a lost answer.
   */
  async #connectKnown(): Promise<LinkAnswer> {
    const { device } = this.#parts
    const { points, version } = device.profile
    const connected = await device.connect(this.#record.isLost ? PROBE_CONNECT_MS_MAX : CONNECT_MS_MAX)
    if (!connected.ok || this.#record.isUp || !points.has(MAP_VERSION)) return connected
    const read = await device.read([MAP_VERSION], PROBE_MS_MAX)
    if (!read.ok)
      return read.fault.code === 'REFUSED_BY_DEVICE' ? wrongMap('it does not tell the version of its map') : read
    const told = read.value.get(MAP_VERSION)
    return told === version ? read : wrongMap(`its map has version ${String(told)}, the profile's has ${version}`)
  }

  /** Drivers return their faults, and in time; one that throws or hangs has a bug, which must cost its own device only. */
  async #settled<R extends LinkAnswer>(limitMs: number, send: () => Promise<R>): Promise<R | Broken> {
    const { promise: hung, resolve } = Promise.withResolvers<Broken>()
    const afterMs = limitMs + DRIVER_GRACE_MS
    const callOff = wakeAfter(this.#parts.clock, afterMs, () => {
      void this.#parts.device.close()
      resolve({ ok: false, fault: { code: 'TIMED_OUT', afterMs } })
    })
    try {
      return await Promise.race([send(), hung])
    } catch (error) {
      return { ok: false, fault: { code: 'CONNECTION_LOST', detail: `the driver failed: ${String(error)}` } }
    } finally {
      callOff()
    }
  }
}

const notSent = (code: 'BUSY' | 'TOO_LATE'): NotSent => ({ ok: false, fault: { code } })

const wrongMap = (detail: string): LinkAnswer => ({ ok: false, fault: { code: 'WRONG_MAP', detail } })

const answeredLate = (tookMs: number): { readonly ok: false; readonly fault: LinkFault } => ({
  ok: false,
  fault: { code: 'ANSWERED_LATE', detail: `${Math.round(tookMs)} ms after the question` },
})

const DONE: DeviceResult<void> = { ok: true, value: undefined }
