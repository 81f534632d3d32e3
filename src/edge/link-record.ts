/** What is known of the connection to one device: its circuit, the newest answer, and what to tell of a loss. */
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { hashText, uniformFor } from '#base/random.ts'
import type { DeviceFault, LogRecord } from '#devices/device.ts'
import { asRow } from '#devices/point-row.ts'
import type { PointImage } from '#devices/points.ts'
import {
  afterFault,
  answered,
  connected,
  connecting,
  isOpen,
  isRetryDue,
  severed,
  unconnected,
  type Circuit,
} from './circuit.ts'
import { isFrozen, NO_HEARTBEAT, stepHeartbeat } from './heartbeat.ts'
import { FRESH_MS_MAX, type DeviceImage, type DeviceSample, type LinkState } from './process-image.ts'

export interface RecordParts {
  /** How messages name it, such as `IX-03 controller`. */
  readonly label: string
  readonly clock: Clock
  readonly log: Log
}

/** What keeps a device from being read: what its driver says, and what whoever asks it finds himself. */
export type LinkFault =
  | DeviceFault
  /** It has another map than its profile: what is read there would be taken for something else. */
  | { readonly code: 'WRONG_MAP'; readonly detail: string }
  /** A device that is lost does answer, but later than anybody can wait for it. */
  | { readonly code: 'ANSWERED_LATE'; readonly detail: string }

/** How a device has done since it was asked for last. */
export interface LinkHealth {
  readonly link: LinkState
  /** What was wrong last; null once it has answered. */
  readonly fault: LinkFault | null
  /** Scans that were answered in time to be used, and those that were not. */
  readonly timely: number
  readonly late: number
}

/** Records per tick: a busy controller writes about 10 a second, so a backlog of an hour drains in about three minutes. */
export const LOG_RECORDS_MAX = 100

/** The same whether the answers come over a wire or are there at once; whoever asks the device tells it what came. */
export class LinkRecord {
  readonly #parts: RecordParts
  #circuit: Circuit
  #sample: DeviceSample | null = null
  #heartbeat = NO_HEARTBEAT
  #records: readonly LogRecord[] = NO_RECORDS
  #link: LinkState = 'starting'
  #fault: LinkFault | null = null
  #failures = 0
  #timely = 0
  #late = 0

  constructor(parts: RecordParts) {
    this.#parts = parts
    this.#circuit = unconnected(parts.clock.monoMs())
  }

  get isConnected(): boolean {
    return this.#circuit.state === 'connected'
  }

  get isConnectionDue(): boolean {
    return isRetryDue(this.#circuit, this.#parts.clock.monoMs())
  }

  /** It has answered, and was not lost since. */
  get isUp(): boolean {
    return this.#link === 'up'
  }

  /** It was given up as lost, and is merely tried again now and then. */
  get isLost(): boolean {
    return isOpen(this.#circuit)
  }

  connecting(): void {
    this.#circuit = connecting(this.#circuit)
  }

  connected(): void {
    this.#circuit = connected(this.#circuit)
  }

  /** Values as old as the question, not as the answer; a fault where they cannot be, and are not taken. */
  scanned(image: PointImage, readAtMonoMs: number, readAtEpochMs: number): LinkFault | null {
    const points = asRow(image)
    this.#heartbeat = stepHeartbeat(this.#heartbeat, points, readAtMonoMs)
    if (isFrozen(this.#heartbeat, readAtMonoMs)) return FROZEN
    const answeredAtMonoMs = this.#parts.clock.monoMs()
    this.#sample = { points, readAtMonoMs, answeredAtMonoMs, readAtEpochMs }
    if (answeredAtMonoMs - readAtMonoMs > FRESH_MS_MAX) this.#late++
    else this.#timely++
    return null
  }

  /** Where the device's log has grown beyond `after`: the record after which it should be read; null = nothing new. */
  unreadAfter(after: number | null): number | null {
    const head = this.#sample?.points.get('eventLog.head')
    return after === null || typeof head !== 'number' || head <= after ? null : after
  }

  logged(records: readonly LogRecord[]): void {
    this.#records = this.#records.length === 0 ? records : [...this.#records, ...records]
  }

  answered(): void {
    this.#circuit = answered(this.#circuit)
    this.#fault = null
    if (this.#link === 'up') return
    if (this.#link === 'down') this.#parts.log('info', 'DEVICE_BACK', `${this.#parts.label} answers again.`)
    this.#link = 'up'
  }

  failed(fault: LinkFault): void {
    const { label, clock, log } = this.#parts
    this.#fault = fault
    // The same for the same device, so that a run repeats itself.
    const chance = uniformFor(hashText(label), this.#failures++)
    this.#circuit = afterFault(this.#circuit, clock.monoMs(), chance)
    if (!isOpen(this.#circuit)) return
    if (this.#link !== 'down') {
      const what = `${label} does not answer (${explain(fault)}).`
      log('warn', 'DEVICE_LOST', `${what} It is tried again every few seconds; see to its power, network and address.`)
    }
    this.#link = 'down'
  }

  /** After a write whose answer did not come: true where the connection is to be renewed, at once. */
  unanswered(fault: DeviceFault): boolean {
    if (CONNECTION_STANDS.has(fault.code) || !this.isConnected) return false
    this.#circuit = severed(this.#circuit, this.#parts.clock.monoMs())
    return true
  }

  /** The newest values, and the log records that have come since the last call. */
  takeImage(): DeviceImage {
    const log = this.#records
    this.#records = NO_RECORDS
    return { sample: this.#sample, link: this.#link, log }
  }

  /** How it has done since the last call. */
  takeHealth(): LinkHealth {
    const health = { link: this.#link, fault: this.#fault, timely: this.#timely, late: this.#late }
    this.#timely = 0
    this.#late = 0
    return health
  }
}

const FROZEN: LinkFault = { code: 'FROZEN', detail: 'it repeats itself, and its clock stands still' }

const NO_RECORDS: readonly LogRecord[] = []

/** Faults that say nothing against the connection. */
const CONNECTION_STANDS: ReadonlySet<string> = new Set<DeviceFault['code']>(['REFUSED_BY_DEVICE', 'NOT_IN_PROFILE'])

const explain = (fault: LinkFault): string => ('detail' in fault ? `${fault.code}: ${fault.detail}` : fault.code)
