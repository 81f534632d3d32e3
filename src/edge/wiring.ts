/** From points to the street: the controller's and the cards' images become lamps, unit, detectors and buttons with their quality. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { bad, good, stale, type Known } from '#base/known.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { Detector } from '#signal/detector.ts'
import {
  CONTROL_STATUSES,
  FLASH_CAUSES,
  INTERVALS,
  PREEMPT_STATES,
  TERMINATIONS,
  TRANSITIONS,
  type RingStatus,
  type SignalStatus,
  type UnitStatus,
} from '#signal/status.ts'
import { ZONE_CELLS, type DetectorReading, type IntersectionView, type ZoneCell } from '#signal/view.ts'
import { PointReader } from './point-reader.ts'
import { FRESH_MS_MAX, STALE_MS_MAX, type DeviceImage, type ProcessImage } from './process-image.ts'

export const CONTROLLER = 'controller'

export interface StreetImage {
  readonly view: IntersectionView
  /** Hash of the timing database that the controller runs. */
  readonly configurationHash: Known<number>
  /** What is reported against each detector now, as bits of `DETECTOR_FAULT`; 0 where nothing is, or nothing is known. */
  readonly detectorFaults: ReadonlyMap<DetectorId, Bits>
  /** What only some controllers report; null where the profile does not have it. */
  readonly doorOpen: Known<boolean> | null
  readonly mainsPower: Known<boolean> | null
  /** When the controller was read last; null = never. */
  readonly sampledAtEpochMs: number | null
  /** The device clock minus ours at that moment. */
  readonly clockDriftMs: Known<number>
}

/** What of the site's configuration the street is seen by. */
export interface SiteFacts {
  readonly database: ControllerDatabase
  readonly limits: Pick<CommandLimits, 'omittable'>
}

/** Pure; the whole tick works on what this returns. A missing point that control depends on makes its group `bad`. */
export function wire({ database, limits }: SiteFacts, image: ProcessImage): StreetImage {
  const controller = image.devices.get(CONTROLLER)
  const from = <T>(read: Read<T>) => known(controller, image.nowMonoMs, read)
  const offered = controller?.sample?.points
  return {
    view: {
      intersection: database.intersection,
      plans: database.plans,
      schedule: database.schedule,
      priorities: database.priorities,
      nowMonoMs: image.nowMonoMs,
      nowEpochMs: image.nowEpochMs,
      signal: from((points) => readSignal(points, arrowsOf(database))),
      unit: from(readUnit),
      detectors: new Map(database.intersection.detectors.map((each) => [each.id, readDetector(each, image)])),
      cardButtons: readCardButtons(image),
      omittable: limits.omittable,
    },
    configurationHash: from((points) => points.required('identity.configurationHash')),
    detectorFaults: new Map(database.intersection.detectors.map((each) => [each.id, readFaults(each, image)])),
    doorOpen: offered?.has('unit.doorOpen') ? from((points) => points.required('unit.doorOpen') !== 0) : null,
    mainsPower: offered?.has('unit.mainsPower') ? from((points) => points.required('unit.mainsPower') !== 0) : null,
    sampledAtEpochMs: controller?.sample?.readAtEpochMs ?? null,
    clockDriftMs: from((points, readAtEpochMs) => points.required('unit.clockEpochMs') - readAtEpochMs),
  }
}

type Read<T> = (points: PointReader, readAtEpochMs: number) => T

function known<T>(device: DeviceImage | undefined, nowMonoMs: number, read: Read<T>): Known<T> {
  const sample = device?.sample
  if (!sample) return bad('never read')
  const ageMs = nowMonoMs - sample.readAtMonoMs
  if (ageMs > STALE_MS_MAX) return bad('silent for too long')
  const points = new PointReader(sample.points)
  const value = read(points, sample.readAtEpochMs)
  if (points.fault !== null) return bad(points.fault)
  return ageMs > FRESH_MS_MAX ? stale(value, ageMs) : good(value, ageMs)
}

/** Overlaps whose arrow may flash. */
const arrowsOf = ({ intersection }: ControllerDatabase): Bits =>
  bitsOf(intersection.overlaps.filter(({ kind }) => kind === 'flashingYellowArrow').map(({ id }) => id))

/** An arrow of which a controller reports overlaps, but this one as neither red, yellow nor green, flashes. */
function readFlashes(points: PointReader, arrows: Bits): Bits {
  if (!points.has('overlap.reds')) return 0
  const shown = points.optional('overlap.reds') | points.optional('overlap.yellows') | points.optional('overlap.greens')
  return (arrows & ~shown) >>> 0
}

function readSignal(points: PointReader, arrows: Bits): SignalStatus {
  return {
    reds: points.required('phase.reds'),
    yellows: points.required('phase.yellows'),
    greens: points.required('phase.greens'),
    redAmbers: points.optional('phase.redAmbers'),
    walks: points.required('phase.walks'),
    pedClears: points.required('phase.pedClears'),
    dontWalks: points.required('phase.dontWalks'),
    vehicleCalls: points.required('phase.vehicleCalls'),
    pedestrianCalls: points.required('phase.pedestrianCalls'),
    phaseOns: points.required('phase.ons'),
    phaseNexts: points.required('phase.nexts'),
    overlapReds: points.optional('overlap.reds'),
    overlapYellows: points.optional('overlap.yellows'),
    overlapGreens: points.optional('overlap.greens'),
    overlapFlashes: readFlashes(points, arrows),
    channelReds: points.optional('channel.reds'),
    channelYellows: points.optional('channel.yellows'),
    channelGreens: points.optional('channel.greens'),
    rings: ([1, 2, 3, 4] as const).filter((n) => points.has(`ring.${n}.phase`)).map((n) => readRing(points, n)),
    coordination: {
      pattern: points.required('coordination.pattern'),
      cycleMs: points.required('coordination.cycleMs'),
      localCycleMs: points.required('coordination.localCycleMs'),
      offsetMs: points.required('coordination.offsetMs'),
      transition: points.named(TRANSITIONS, 'coordination.transition'),
    },
    preempt: {
      number: points.optional('preempt.active'),
      state: points.has('preempt.state') ? points.named(PREEMPT_STATES, 'preempt.state') : 'none',
      calls: points.optional('preempt.calls'),
      priorityCalls: points.optional('priority.calls'),
      priorityActive: points.optional('priority.active'),
    },
    flash: points.named(FLASH_CAUSES, 'unit.flashCause'),
  }
}

function readRing(points: PointReader, n: 1 | 2 | 3 | 4): RingStatus {
  return {
    phase: points.required(`ring.${n}.phase`),
    interval: points.named(INTERVALS, `ring.${n}.interval`),
    elapsedMs: points.required(`ring.${n}.elapsedMs`),
    termination: points.named(TERMINATIONS, `ring.${n}.termination`),
  }
}

function readUnit(points: PointReader): UnitStatus {
  return {
    controlStatus: points.named(CONTROL_STATUSES, 'unit.controlStatus'),
    flashCause: points.named(FLASH_CAUSES, 'unit.flashCause'),
    clockEpochMs: points.required('unit.clockEpochMs'),
    uptimeMs: points.optional('unit.uptimeMs'),
    alarmBits: points.optional('unit.alarmBits'),
    mainsPower: points.optional('unit.mainsPower') !== 0,
    doorOpen: points.optional('unit.doorOpen') !== 0,
    leaseEpoch: points.required('supervision.epoch'),
    leaseSequence: points.required('supervision.sequence'),
    leaseRemainingMs: points.required('supervision.leaseRemainingMs'),
    refusedCommandCode: points.optional('supervision.refusedCode'),
    localCyclesSinceLease: points.required('supervision.localCycles'),
  }
}

function readDetector({ kind, device, deviceChannel }: Detector, image: ProcessImage): Known<DetectorReading> {
  return known(image.devices.get(device), image.nowMonoMs, (points) => {
    const occupied = points.channel('detector.occupied', deviceChannel)
    if (occupied === null) points.fault ??= `the device has no detector channel ${deviceChannel}`
    const fault = points.channel('detector.faults', deviceChannel)
    if (fault) points.fault ??= `the detector reports fault ${fault}`
    const actuationCount = points.channel('detector.actuationCounts', deviceChannel) ?? 0
    const reading = { occupied: occupied !== null && occupied !== 0, actuationCount }
    return kind === 'zone' && points.has('detector.zoneCells')
      ? { ...reading, cells: readCells(points, deviceChannel) }
      : reading
  })
}

const CELL_VEHICLES_UNIT = 256
const KPH_A_MPS = 3.6

function readCells(points: PointReader, zone: number): ZoneCell[] {
  return Array.from({ length: ZONE_CELLS }, (_, cell) => {
    const word = points.channel('detector.zoneCells', (zone - 1) * ZONE_CELLS + cell + 1)
    if (word === null) points.fault ??= `the device has no cells of zone ${zone}`
    const vehicles = Math.floor((word ?? 0) / CELL_VEHICLES_UNIT)
    return { vehicles, speedMps: ((word ?? 0) % CELL_VEHICLES_UNIT) / KPH_A_MPS }
  })
}

function readFaults({ device, deviceChannel }: Detector, image: ProcessImage): Bits {
  const faults = known(
    image.devices.get(device),
    image.nowMonoMs,
    (points) => points.channel('detector.faults', deviceChannel) ?? 0,
  )
  return faults.quality === 'good' ? faults.value : 0
}

/** The buttons of all cards together; as little known as the least known card that has any. */
function readCardButtons(image: ProcessImage): Known<Bits> {
  let pressed: Bits = 0
  let oldestMs = 0
  for (const [name, device] of image.devices) {
    if (name === CONTROLLER || !device.sample?.points.has('pedestrian.occupied')) continue
    const buttons = known(device, image.nowMonoMs, (points) => points.required('pedestrian.occupied'))
    if (buttons.quality !== 'good') return buttons
    pressed = (pressed | buttons.value) >>> 0
    oldestMs = Math.max(oldestMs, buttons.ageMs)
  }
  return good(pressed, oldestMs)
}
