/** A device in the same memory that is asked without a wire and without waiting: its points are handed over as the values that they are. */
import type { DeviceFault, DeviceResult, LogRecord, PointSource } from '../device.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '../points.ts'
import { controlGroup } from '../profile/control-group.ts'
import type { DeviceProfile } from '../profile/schema.ts'
import { PlacedImage } from './placed-image.ts'

/** What `FieldDevice` and `CommandPort` are to a wire; one asks and answers at a time, by nature. */
export interface DirectDevice {
  readonly hasLog: boolean
  connect(): DeviceResult<void>
  /** All points of access `scan` that the profile has. */
  scan(): DeviceResult<PointImage>
  readLog(after: number, max: number): DeviceResult<readonly LogRecord[]>
  /** null where the profile has no control points. */
  readonly write: ((values: ReadonlyMap<PointName, number>) => DeviceResult<void>) | null
}

/** Not connected yet. Takes and refuses what `openMemory` does, but for values that only registers or nodes cannot carry. */
export function openDirect(profile: DeviceProfile, source: PointSource): DirectDevice {
  const line = new DirectLine(source)
  const scanner = new Scanner(profile, source)
  const group = [...profile.points.keys()].filter((name) => POINTS[name].access === 'control')
  return {
    hasLog: profile.log !== null,
    connect: () => line.connect(),
    scan: () => line.ask(() => ({ ok: true, value: scanner.scan() })),
    readLog: (after, max) => line.ask(() => ({ ok: true, value: source.readLog(after, max) })),
    write:
      group.length === 0
        ? null
        : (values) => {
            const carried = isWhole(group, values)
              ? { ok: true as const, value: values }
              : controlGroup(group, values, isCarried)
            return carried.ok ? line.ask(() => taken(source.writeControl(carried.value))) : carried
          },
  }
}

/** A connection to whoever has power. */
class DirectLine {
  readonly #source: PointSource
  #connected = false

  constructor(source: PointSource) {
    this.#source = source
  }

  connect(): DeviceResult<void> {
    this.#connected = this.#source.isUp !== false
    return this.#connected ? DONE : failed({ code: 'CONNECT_FAILED', detail: NO_POWER })
  }

  ask<T>(asking: () => DeviceResult<T>): DeviceResult<T> {
    if (!this.#connected) return failed({ code: 'NOT_CONNECTED' })
    this.#connected = this.#source.isUp !== false
    return this.#connected ? asking() : failed({ code: 'CONNECTION_LOST', detail: NO_POWER })
  }
}

const NO_POWER = 'the device has no power'

/** What is scanned, each point at its place. */
class Scanner {
  readonly #readers: readonly (() => PointValue)[]
  readonly #places: ReadonlyMap<PointName, number>
  #last: readonly PointValue[] = []

  constructor(profile: DeviceProfile, source: PointSource) {
    const names = [...profile.points.keys()].filter((name) => POINTS[name].access === 'scan')
    this.#readers = names.map((name) => source.reader?.(name) ?? (() => source.readPoint(name)))
    this.#places = new Map(names.map((name, place) => [name, place]))
  }

  scan(): PointImage {
    const readers = this.#readers
    const values = this.#last.slice()
    for (let place = 0; place < readers.length; place++) {
      const value = readers[place]?.() ?? 0
      values[place] = typeof value === 'object' ? this.#kept(place, value) : value
    }
    this.#last = values
    return new PlacedImage(this.#places, values)
  }

  /** A list that has not changed since is handed over again; the device writes its own one over. */
  #kept(place: number, list: readonly number[]): readonly number[] {
    const last = this.#last[place]
    return isList(last) && isEqual(last, list) ? last : list.slice()
  }
}

const isList = (value: PointValue | undefined): value is readonly number[] => typeof value === 'object'

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The whole group and nothing else, as it nearly always is. */
function isWhole(group: readonly PointName[], values: ReadonlyMap<PointName, number>): boolean {
  if (values.size !== group.length) return false
  for (const name of group) if (!isCarried(name, values.get(name))) return false
  return true
}

const isCarried = (_: PointName, value: number | undefined): boolean =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0

const taken = (took: boolean): DeviceResult<void> => (took ? DONE : failed(REFUSED))

const DONE: DeviceResult<void> = { ok: true, value: undefined }

/** Modbus exception 4, as `openMemory` has it. */
const REFUSED: DeviceFault = { code: 'REFUSED_BY_DEVICE', protocolCode: 4, detail: 'the device refused the values' }

const failed = (fault: DeviceFault) => ({ ok: false, fault }) as const
