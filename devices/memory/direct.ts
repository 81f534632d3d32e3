/** A device in the same memory that is asked without a wire and without waiting: its points are handed over as the values that they are. */
import type { DeviceFault, DeviceResult, LogRecord, PointSource } from '../device.ts'
import { emptyRow, PointRow, type FilledRow, type Row } from '../point-row.ts'
import {
  numberOf,
  POINT_NAMES,
  POINTS,
  type PointImage,
  type PointName,
  type PointNumber,
  type PointValue,
} from '../points.ts'
import { controlGroup } from '../profile/control-group.ts'
import type { DeviceProfile } from '../profile/schema.ts'
import { PoweredLine } from './powered-line.ts'

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

/** Questions that are answered at once, while the line stands. */
class DirectLine extends PoweredLine {
  ask<T>(asking: () => DeviceResult<T>): DeviceResult<T> {
    const fault = this.lost()
    return fault === null ? asking() : failed(fault)
  }
}

/** What is scanned, each point at its number. */
class Scanner {
  readonly #names: readonly PointName[]
  readonly #fill: (row: FilledRow) => void
  readonly #lists: readonly PointNumber[]
  /** What the source may fill in and the profile has not. */
  readonly #absent: readonly PointNumber[]
  #last: Row = emptyRow()

  constructor({ points }: DeviceProfile, source: PointSource) {
    const isScanned = (name: PointName) => points.has(name) && POINTS[name].access === 'scan'
    this.#names = [...points.keys()].filter(isScanned)
    this.#fill = source.fill ?? oneByOne(this.#names, source)
    this.#lists = this.#names.filter((name) => POINTS[name].shape === 'list').map(numberOf)
    this.#absent = POINT_NAMES.filter((name) => !isScanned(name)).map(numberOf)
  }

  scan(): PointImage {
    const row = this.#last.slice()
    this.#fill(row)
    for (const list of this.#lists) row[list] = this.#kept(list, row[list])
    for (const point of this.#absent) row[point] = undefined
    this.#last = row
    return new PointRow(this.#names, row)
  }

  /** A list that has not changed since is handed over again; the device writes its own one over. */
  #kept(point: PointNumber, list: PointValue | undefined): PointValue | undefined {
    if (!isList(list)) return list
    const last = this.#last[point]
    return isList(last) && isEqual(last, list) ? last : list.slice()
  }
}

const oneByOne =
  (names: readonly PointName[], source: PointSource) =>
  (row: FilledRow): void => {
    for (const name of names) row[numberOf(name)] = source.readPoint(name)
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
