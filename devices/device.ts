/** What a driver offers, whatever the wire: points in, points out, faults as values; no retries, no logging, no policy. */
import type { FilledRow } from './point-row.ts'
import type { PointImage, PointName, PointValue } from './points.ts'
import type { DeviceProfile } from './profile/schema.ts'
import type { TimingRequest } from './timing.ts'

export type DeviceFault =
  | { readonly code: 'CONNECT_FAILED'; readonly detail: string }
  /** One side does not take the other for what it is: keys, certificates, or a way that is not secure enough. */
  | { readonly code: 'NOT_TRUSTED'; readonly detail: string }
  | { readonly code: 'NOT_CONNECTED' }
  | { readonly code: 'TIMED_OUT'; readonly afterMs: number }
  | { readonly code: 'CONNECTION_LOST'; readonly detail: string }
  /** The device answered with a protocol error: a Modbus exception code, an OPC UA status code. */
  | { readonly code: 'REFUSED_BY_DEVICE'; readonly protocolCode: number; readonly detail: string }
  /** The answer does not fit the request or the profile. */
  | { readonly code: 'BAD_REPLY'; readonly detail: string }
  /** The answer came from another unit than was asked. */
  | { readonly code: 'WRONG_UNIT'; readonly detail: string }
  /** It answers, and what it says is of a moment that is gone: its clock, or the stamps of its values, stand still. */
  | { readonly code: 'FROZEN'; readonly detail: string }
  /** The profile does not have what was asked for. */
  | { readonly code: 'NOT_IN_PROFILE'; readonly detail: string }

export type DeviceResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: DeviceFault }

/** One record of a controller's own high-resolution log. */
export interface LogRecord {
  /** Increases by one with each record since the device's first power-up. */
  readonly sequence: number
  readonly epochMs: number
  readonly code: number
  readonly parameter: number
}

/** Reading side of a device. One request is in flight at a time; a call after its deadline returns `TIMED_OUT`. */
export interface FieldDevice {
  readonly profile: DeviceProfile
  /** Begins a connection; may be called again after a loss, a refusal or `close`, and then begins a new one. */
  connect(timeoutMs: number): Promise<DeviceResult<void>>
  /** All points of access `scan` that the profile has. */
  scan(timeoutMs: number): Promise<DeviceResult<PointImage>>
  /** The named points, whatever their access but `control`. */
  read(names: readonly PointName[], timeoutMs: number): Promise<DeviceResult<PointImage>>
  /** Records after `sequence`, oldest first, at most `max`; the first may be later when the ring has overrun. */
  readLog(after: number, max: number, timeoutMs: number): Promise<DeviceResult<readonly LogRecord[]>>
  /** Ends the connection; pending calls return `CONNECTION_LOST`. Never throws, may be called twice. */
  close(): Promise<void>
}

/** Writing side, handed to the command gate alone. The whole control group goes in one atomic request. */
export interface CommandPort {
  write(values: ReadonlyMap<PointName, number>, timeoutMs: number): Promise<DeviceResult<void>>
}

export interface OpenDevice {
  readonly device: FieldDevice
  /** null where the profile has no control points (a loop card). */
  readonly commands: CommandPort | null
}

export interface DeviceAddress {
  readonly host: string
  readonly port: number
  /** Modbus unit identifier; ignored by OPC UA. */
  readonly unit: number
}

/** The device's own side: what a virtual device offers to a server, or to the in-memory driver. */
export interface PointSource {
  /** false = it has no power: nobody answers, and what was connected is gone. Missing = it always has. */
  readonly isUp?: boolean
  readPoint(name: PointName): PointValue
  /** All that a scan reads at once, each at its number, and whatever else it has there; asked only after `isUp` was. */
  readonly fill?: (row: FilledRow) => void
  /** A control write; false = the values were refused (the reason is in `supervision.refusedCode`). */
  writeControl(values: ReadonlyMap<PointName, number>): boolean
  readLog(after: number, max: number): readonly LogRecord[]
  /** A request of a transaction; false = refused (the reason is in `database.fault`). Missing where the device takes no timing. */
  askForTiming?(request: TimingRequest): boolean
}
