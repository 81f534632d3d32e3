/** From points to the street: the controller's and the cards' images become lamps, unit, detectors and buttons with their quality. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { DetectorId, PatternId } from '#base/id.ts'
import { oncePer } from '#base/once-per.ts'
import { good, type Known } from '#base/known.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import { BUTTONS, CONFIGURATION_HASH, UNIT } from '#devices/point-numbers.ts'
import type { PointNumber } from '#devices/points.ts'
import { NO_NEIGHBOURS } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { readSignal, readUnit } from './controller-image.ts'
import { DetectorWiring } from './detector-wiring.ts'
import { HeardDevice } from './heard-device.ts'
import type { ProcessImage } from './process-image.ts'

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
  /** See `IntersectionView`. */
  readonly specialPattern?: PatternId | null
}

/**
 * The whole tick works on what this returns. A missing point that control depends on makes its group `bad`. Whoever looks at the
 * same street again and again hands in the wiring of its detectors: what does not change is then the same object.
 */
export function wire(
  { database, limits, adaptiveLimits, specialPattern = null }: SiteFacts,
  image: ProcessImage,
  wiredDetectors = new DetectorWiring(database.intersection),
): StreetImage {
  const device = image.devices.get(CONTROLLER)
  const controller = new HeardDevice(device, image.nowMonoMs)
  const detectors = wiredDetectors.read(image)
  return {
    view: {
      intersection: database.intersection,
      plans: database.plans,
      schedule: database.schedule,
      specialPattern,
      priorities: database.priorities,
      nowMonoMs: image.nowMonoMs,
      nowEpochMs: image.nowEpochMs,
      signal: controller.read((points) => readSignal(points, arrowsOf(database))),
      unit: controller.read(readUnit),
      detectors: detectors.readings,
      cardButtons: readCardButtons(image),
      omittable: limits.omittable,
      adaptiveLimits,
      neighbours: image.neighbours ?? NO_NEIGHBOURS,
    },
    configurationHash: controller.read((points) => points.required(CONFIGURATION_HASH)),
    detectorFaults: detectors.faults,
    doorOpen: readSwitch(controller, UNIT.doorOpen),
    mainsPower: readSwitch(controller, UNIT.mainsPower),
    sampledAtEpochMs: device?.sample?.readAtEpochMs ?? null,
    clockDriftMs: controller.read((points, readAtEpochMs) => points.required(UNIT.clockEpochMs) - readAtEpochMs),
  }
}

const readSwitch = (controller: HeardDevice, point: PointNumber): Known<boolean> | null =>
  controller.has(point) ? controller.read((points) => points.required(point) !== 0) : null

/** Overlaps whose arrow may flash. */
const arrowsOf = oncePer(({ intersection }: ControllerDatabase) =>
  bitsOf(intersection.overlaps.filter(({ kind }) => kind === 'flashingYellowArrow').map(({ id }) => id)),
)

/** The buttons of all cards together; as little known as the least known card that has any. */
function readCardButtons(image: ProcessImage): Known<Bits> {
  let pressed: Bits = 0
  let oldestMs = 0
  for (const [name, device] of image.devices) {
    if (name === CONTROLLER) continue
    const card = new HeardDevice(device, image.nowMonoMs)
    if (!card.has(BUTTONS)) continue
    const buttons = card.read((points) => points.required(BUTTONS))
    if (buttons.quality !== 'good') return buttons
    pressed = (pressed | buttons.value) >>> 0
    oldestMs = Math.max(oldestMs, buttons.ageMs)
  }
  return good(pressed, oldestMs)
}
