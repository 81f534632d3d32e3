/** The facts that every profile has, whatever its protocol, and the rules that hold for the points of each kind of device. */
import { POINTS, type PointName } from '../points.ts'
import type { ReportFault } from './fault.ts'
import type { MapReader } from './map-reader.ts'
import { TIMING_POINTS } from '../timing.ts'
import type { DeviceProfile } from './schema.ts'

export const PROFILE_VERSION_MAX = 65_535 // One register.

/** Detector channels of a list: NTCIP 1202 counts them in one octet, a cabinet rarely wires more than 64. */
export const LIST_CHANNELS_MAX = 128

type ProfileFacts = Pick<DeviceProfile, 'version' | 'vendor' | 'model' | 'kind' | 'proven' | 'caveats'>

/** Points without which a device of its kind cannot be supervised, or is of no use. */
const MANDATORY: Readonly<Record<DeviceProfile['kind'], readonly PointName[]>> = {
  controller: [
    'identity.configurationHash',
    'unit.controlStatus',
    'unit.clockEpochMs',
    'phase.reds',
    'phase.yellows',
    'phase.greens',
    'phase.vehicleCalls',
    'ring.1.phase',
    'coordination.pattern',
    'supervision.epoch',
    'supervision.sequence',
    'supervision.leaseRemainingMs',
    'supervision.refusedCode',
    'supervision.localCycles',
    'control.epoch',
    'control.sequence',
    'control.leaseMs',
    'control.pattern',
  ],
  'loop-card': ['detector.occupied'],
  camera: ['detector.occupied', 'detector.zoneVehicles'],
}

const RING_POINTS = ['phase', 'interval', 'elapsedMs', 'termination'] as const

export function readFacts(file: MapReader): ProfileFacts | null {
  const vendor = file.text('vendor')
  const model = file.text('model')
  const kind = file.oneOf('kind', ['controller', 'loop-card', 'camera'])
  const version = file.whole('version', 1, PROFILE_VERSION_MAX)
  const proven = file.oneOf('proven', ['none', 'simulated', 'bench', 'street'])
  const caveats = file.texts('caveats')
  if (vendor === null || model === null || kind === null) return null
  if (version === null || proven === null || caveats === null) return null
  return { vendor, model, kind, version, proven, caveats }
}

/** What the file says under `points`: a reader for each point that the field contract has. */
export function readPointMaps(file: MapReader, report: ReportFault): ReadonlyMap<PointName, MapReader> {
  const readers = new Map<PointName, MapReader>()
  const points = file.map('points')
  for (const name of points?.keys() ?? []) {
    const reader = points?.map(name)
    if (!isPointName(name))
      report('PROFILE_POINT_UNKNOWN', ['points', name], 'no such point', 'Use a name of devices/points.ts')
    else if (reader) readers.set(name, reader)
  }
  return readers
}

/** Which points a device of its kind must and must not have. */
export function checkPointSet(kind: DeviceProfile['kind'], names: ReadonlySet<PointName>, report: ReportFault): void {
  const missing = (name: PointName, why: string) =>
    report('PROFILE_POINT_MISSING', ['points'], `${name} is missing: ${why}`, `Add ${name}`)

  for (const name of MANDATORY[kind]) if (!names.has(name)) missing(name, `a ${kind} cannot do without`)
  for (const ring of [1, 2, 3, 4] as const) {
    const group = RING_POINTS.map((what) => `ring.${ring}.${what}` as const)
    if (!group.some((name) => names.has(name))) continue
    for (const name of group) if (!names.has(name)) missing(name, `ring ${ring} has others of its four points`)
  }
  if (kind === 'controller') return
  for (const name of names) {
    const { access } = POINTS[name]
    if (access !== 'control' && access !== 'transaction') continue
    const rule = `a ${kind} takes no ${access === 'control' ? 'commands' : 'timing'}`
    report('PROFILE_POINT_OUT_OF_PLACE', ['points', name], rule, 'Remove the point, or correct kind')
  }
}

/** A log without a head cannot be read, a head without a log leads nowhere. */
export function checkLog(hasLog: boolean, names: ReadonlySet<PointName>, report: ReportFault): void {
  const hasHead = names.has('eventLog.head')
  if (hasLog && !hasHead) {
    const rule = 'there is a log, but no point eventLog.head'
    report('PROFILE_LOG_WRONG', ['log'], rule, 'Add eventLog.head, or remove log')
  }
  if (hasHead && !hasLog) {
    const rule = 'the profile has no log'
    report('PROFILE_LOG_WRONG', ['points', 'eventLog.head'], rule, 'Add log, or remove the point')
  }
}

/** A way in for a timing without all facts of its transaction leaves the writer blind, facts without a way in lead nowhere. */
export function checkTiming(hasTiming: boolean, names: ReadonlySet<PointName>, report: ReportFault): void {
  for (const name of TIMING_POINTS) {
    if (names.has(name) === hasTiming) continue
    if (hasTiming)
      report('PROFILE_TIMING_WRONG', ['timing'], `there is no point ${name}`, `Add ${name}, or remove timing`)
    else
      report('PROFILE_TIMING_WRONG', ['points', name], 'the profile has no timing', 'Add timing, or remove the point')
  }
}

/** A camera tells of so many cells of each zone. */
const CELLS_PER_ZONE = 10

/** Channel n of one detector list is channel n of the others: they have equal lengths; the cells ten times as many. */
export function checkDetectorLists(
  points: ReadonlyMap<PointName, { readonly length: number }>,
  report: ReportFault,
): void {
  const occupied = points.get('detector.occupied')
  if (!occupied) return
  for (const [name, { length }] of points) {
    const due = occupied.length * (name === 'detector.zoneCells' ? CELLS_PER_ZONE : 1)
    if (!name.startsWith('detector.') || length === due) continue
    const rule = `has ${length} channels, detector.occupied has ${occupied.length}`
    const remedy = 'Give all detector points the same length, and zoneCells ten times as much'
    report('PROFILE_LENGTH_WRONG', ['points', name, 'length'], rule, remedy)
  }
}

const isPointName = (name: string): name is PointName => Object.hasOwn(POINTS, name)
