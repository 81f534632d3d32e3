/** From points to the street: the controller's and the cards' images become lamps, unit, detectors and buttons with their quality. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { oncePer } from '#base/once-per.ts'
import { bad, good, stale, type Known } from '#base/known.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
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
import { NO_NEIGHBOURS } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { DetectorWiring } from './detector-wiring.ts'
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
  readonly adaptiveLimits: LimitsByPlan
}

/**
 * The whole tick works on what this returns. A missing point that control depends on makes its group `bad`. Whoever looks at the
 * same street again and again hands in the wiring of its detectors: what does not change is then the same object.
 */
export function wire(
  { database, limits, adaptiveLimits }: SiteFacts,
  image: ProcessImage,
  wiredDetectors = new DetectorWiring(database.intersection),
): StreetImage {
  const controller = image.devices.get(CONTROLLER)
  const detectors = wiredDetectors.read(image)
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
      detectors: detectors.readings,
      cardButtons: readCardButtons(image),
      omittable: limits.omittable,
      adaptiveLimits,
      neighbours: image.neighbours ?? NO_NEIGHBOURS,
    },
    configurationHash: from((points) => points.required('identity.configurationHash')),
    detectorFaults: detectors.faults,
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
const arrowsOf = oncePer(({ intersection }: ControllerDatabase) =>
  bitsOf(intersection.overlaps.filter(({ kind }) => kind === 'flashingYellowArrow').map(({ id }) => id)),
)

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
    rings: readRings(points),
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

const RINGS = ([1, 2, 3, 4] as const).map(
  (n) =>
    ({
      phase: `ring.${n}.phase`,
      interval: `ring.${n}.interval`,
      elapsedMs: `ring.${n}.elapsedMs`,
      termination: `ring.${n}.termination`,
    }) as const,
)

function readRings(points: PointReader): RingStatus[] {
  const rings: RingStatus[] = []
  for (const { phase, interval, elapsedMs, termination } of RINGS)
    if (points.has(phase))
      rings.push({
        phase: points.required(phase),
        interval: points.named(INTERVALS, interval),
        elapsedMs: points.required(elapsedMs),
        termination: points.named(TERMINATIONS, termination),
      })
  return rings
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
