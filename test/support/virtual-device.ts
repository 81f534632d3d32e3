/** A device of which a test decides what it shows: the other side of every driver test. */
import type { LogRecord, PointSource } from '#devices/device.ts'
import { POINTS, type PointName, type PointValue } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'

export interface VirtualDevice extends PointSource {
  /** What it shows; every point has a value of its own at first. */
  readonly shows: Map<PointName, PointValue>
  /** Its log, the newest last; `keeps` limits what `readLog` still has. */
  readonly log: LogRecord[]
  /** Every control write that arrived. */
  readonly received: ReadonlyMap<PointName, number>[]
  /** Whether it takes what is written. */
  takes: boolean
}

const NAMES = Object.keys(POINTS) as PointName[]

export function virtualDevice(): VirtualDevice {
  const device: VirtualDevice = {
    shows: new Map(NAMES.map((name, i) => [name, valueOf(name, i)])),
    log: [],
    received: [],
    takes: true,
    readPoint: (name) => (name === 'eventLog.head' ? headOf(device) : (device.shows.get(name) ?? 0)),
    writeControl(values) {
      device.received.push(values)
      return device.takes
    },
    readLog: (after, max) => device.log.filter(({ sequence }) => sequence > after).slice(0, max),
  }
  return device
}

/** Stands before whichever device a test has now, so that a server which is slow to start outlives it. */
export const standIn = (now: () => PointSource): PointSource => ({
  get isUp() {
    return now().isUp !== false
  },
  readPoint: (name) => now().readPoint(name),
  writeControl: (values) => now().writeControl(values),
  readLog: (after, max) => now().readLog(after, max),
  askForTiming: (request) => now().askForTiming?.(request) ?? false,
})

export const headOf = (device: VirtualDevice): number => device.log.at(-1)?.sequence ?? 0

/** Adds records until `head` is the newest, and forgets those that a ring of `capacity` no longer has. */
export function logUpTo(device: VirtualDevice, head: number, capacity: number): void {
  const next = headOf(device) + 1
  const first = Math.max(next, head - capacity + 1)
  for (let sequence = first; sequence <= head; sequence++) device.log.push(recordOf(sequence))
  device.log.splice(0, Math.max(0, device.log.length - capacity))
}

export const recordOf = (sequence: number): LogRecord => ({
  sequence,
  epochMs: 1_790_000_000_000 + 100 * sequence,
  code: sequence % 200,
  parameter: sequence % 64,
})

/** What a driver must read of a point: lists come at the length of the profile, channels that are not wired read 0. */
export function expectedValue(profile: DeviceProfile, device: VirtualDevice, name: PointName): PointValue {
  const value = device.readPoint(name)
  const length = profile.points.get(name)?.length ?? 0
  return Array.isArray(value) ? Array.from({ length }, (_, i) => Number(value[i] ?? 0)) : value
}

/** The whole control group, each point with a value of its own. */
export function wholeControlGroup(profile: DeviceProfile): Map<PointName, number> {
  const names = [...profile.points.keys()].filter((name) => POINTS[name].access === 'control')
  return new Map(names.map((name) => [name, 100 + NAMES.indexOf(name)]))
}

function valueOf(name: PointName, i: number): PointValue {
  const { shape } = POINTS[name]
  if (shape === 'text') return `text ${i}`
  if (shape === 'number') return name === 'unit.clockEpochMs' ? 1_790_000_000_123 : 1000 + i
  return name === 'detector.occupied' ? [1, 0, 1, 1] : [i, 0, 65_535]
}
