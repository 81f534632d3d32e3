/** Detectors that hang on nothing, or whose timing no controller could keep. */
import { isNumber, twice } from './check-numbers.ts'
import type { DetectorFault, DetectorTiming } from './database-fault.ts'
import { CONTROLLER_DEVICE, FAIL_TIME_MAXIMUM_MS, DETECTOR_MOST, type Detector } from '../detector.ts'
import type { Intersection } from '../intersection.ts'

/** NTCIP 1202 2.3.2 vehicleDetectorTable: tenths of a second in one or two bytes, diagnostics in minutes up to 255. */
const MOST_MS: Readonly<Record<DetectorTiming, number>> = {
  delayMs: 255_000,
  extensionMs: 25_500,
  queueLimitMs: 255_000,
  failTimeMs: FAIL_TIME_MAXIMUM_MS,
  noActivityMs: 255 * 60_000,
  maxPresenceMs: 255 * 60_000,
}
const COUNTS_MOST = 255

const TIMINGS = Object.keys(MOST_MS) as DetectorTiming[]

export function checkDetectors(intersection: Intersection): DetectorFault[] {
  const { detectors } = intersection
  return [
    ...twice(detectors.map(({ id }) => id)).map((detector) => ({ code: 'DETECTOR_TWICE' as const, detector })),
    ...detectors.flatMap((detector) => [
      ...checkPlace(detector, intersection),
      ...checkTimings(detector),
      ...checkSwitch(detector, intersection),
      ...checkCard(detector),
    ]),
  ]
}

function* checkPlace(detector: Detector, intersection: Intersection): Generator<DetectorFault> {
  const { id, phase, lanes, device, deviceChannel } = detector
  if (!isNumber(id, DETECTOR_MOST)) yield { code: 'DETECTOR_NUMBER_INVALID', detector: id, most: DETECTOR_MOST }
  if (!hasPhase(intersection, phase)) yield { code: 'DETECTOR_PHASE_UNKNOWN', detector: id, phase }
  for (const lane of lanes)
    if (!intersection.approaches.some((approach) => approach.lanes.some((known) => known.id === lane)))
      yield { code: 'DETECTOR_LANE_UNKNOWN', detector: id, lane }
  const first = intersection.detectors.find((other) => other.device === device && other.deviceChannel === deviceChannel)
  if (first !== undefined && first !== detector)
    yield { code: 'DETECTOR_INPUT_TWICE', detector: id, other: first.id, device, deviceChannel }
}

function* checkTimings({ id: detector, options, diagnostics }: Detector): Generator<DetectorFault> {
  const timings = { ...options, ...diagnostics }
  for (const timing of TIMINGS) {
    const ms = timings[timing]
    const mostMs = MOST_MS[timing]
    if (!Number.isInteger(ms) || ms < 0 || ms > mostMs)
      yield { code: 'DETECTOR_TIMING_INVALID', detector, timing, ms, mostMs }
  }
  const { delayMs, maxPresenceMs, erraticCountsPerMinute: counts } = timings
  if (counts !== 0 && !isNumber(counts, COUNTS_MOST))
    yield { code: 'DETECTOR_COUNTS_INVALID', detector, counts, most: COUNTS_MOST }
  if (maxPresenceMs > 0 && delayMs >= maxPresenceMs)
    yield { code: 'DETECTOR_DELAY_BEYOND_PRESENCE', detector, delayMs, maxPresenceMs }
}

function* checkSwitch(
  { id: detector, phase, options: { switchPhase } }: Detector,
  intersection: Intersection,
): Generator<DetectorFault> {
  if (switchPhase === null) return
  if (switchPhase === phase) yield { code: 'DETECTOR_SWITCHES_TO_ITSELF', detector, phase }
  else if (!hasPhase(intersection, switchPhase)) yield { code: 'DETECTOR_SWITCH_UNKNOWN', detector, phase: switchPhase }
}

/**
 * The controller never sees it, so that nobody would keep what stands there; but a supervisor makes calls of what it
 * sees, or, where it neither calls nor extends, only looks.
 */
function* checkCard({ id: detector, device, options, diagnostics }: Detector): Generator<DetectorFault> {
  if (device === CONTROLLER_DEVICE) return
  const { calls, extends: extending, countsInitial, switchPhase, ...times } = { ...options, ...diagnostics }
  const plain = calls === extending && calls === countsInitial && switchPhase === null
  if (!plain || Object.values(times).some((value) => value !== 0))
    yield { code: 'DETECTOR_OF_CARD_HAS_OPTIONS', detector, device }
}

const hasPhase = ({ phases }: Intersection, phase: number): boolean => phases.some(({ id }) => id === phase)
