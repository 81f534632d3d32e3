/** Detector options and diagnostics that no controller could keep. */
import { expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { checkDetectors } from '#signal/check/check-detectors.ts'
import { CONTROLLER_DEVICE, type DetectorDiagnostics, type DetectorOptions } from '#signal/detector.ts'
import { junction, TWO_PHASES } from '#test/support/junctions.ts'

const MINUTE_MS = 60_000

/** Faults of detector 4 with these options, at the controller or on a card. */
function faultsOf(detection: Partial<DetectorOptions & DetectorDiagnostics>, device = CONTROLLER_DEVICE) {
  const site = junction({ ...TWO_PHASES, detection: { 4: detection } })
  const detectors = site.detectors.map((detector) => (detector.id === 4 ? { ...detector, device } : detector))
  return checkDetectors({ ...site, detectors })
}

test.each([
  ['delayMs', 255_000],
  ['extensionMs', 25_500],
  ['queueLimitMs', 255_000],
  ['failTimeMs', 255_000],
  ['noActivityMs', 255 * MINUTE_MS],
  ['maxPresenceMs', 255 * MINUTE_MS],
] as const)('%s may be up to %i ms, in whole ones', (timing, mostMs) => {
  const fault = (ms: number) => ({ code: 'DETECTOR_TIMING_INVALID', detector: 4, timing, ms, mostMs })
  expect(faultsOf({ [timing]: mostMs })).toEqual([])
  for (const ms of [mostMs + 1, -1, 1_000.5]) expect(faultsOf({ [timing]: ms })).toEqual([fault(ms)])
})

test('erratic counts are a whole number up to 255; 0 watches nothing', () => {
  expect(faultsOf({ erraticCountsPerMinute: 255 })).toEqual([])
  expect(faultsOf({ erraticCountsPerMinute: 256 })).toEqual([
    { code: 'DETECTOR_COUNTS_INVALID', detector: 4, counts: 256, most: 255 },
  ])
  expect(faultsOf({ erraticCountsPerMinute: -1 })).toMatchObject([{ code: 'DETECTOR_COUNTS_INVALID' }])
})

test('a delay is over before the presence is a fault', () => {
  expect(faultsOf({ delayMs: 59_999, maxPresenceMs: MINUTE_MS })).toEqual([])
  expect(faultsOf({ delayMs: 60_000, maxPresenceMs: MINUTE_MS })).toEqual([
    { code: 'DETECTOR_DELAY_BEYOND_PRESENCE', detector: 4, delayMs: 60_000, maxPresenceMs: 60_000 },
  ])
})

test('a switch leads to another phase that exists', () => {
  expect(faultsOf({ switchPhase: phaseId(2) })).toEqual([])
  expect(faultsOf({ switchPhase: phaseId(4) })).toEqual([
    { code: 'DETECTOR_SWITCHES_TO_ITSELF', detector: 4, phase: 4 },
  ])
  expect(faultsOf({ switchPhase: phaseId(9) })).toEqual([{ code: 'DETECTOR_SWITCH_UNKNOWN', detector: 4, phase: 9 }])
})

test('a detector of a card has no options, for nobody would keep them', () => {
  const fault = [{ code: 'DETECTOR_OF_CARD_HAS_OPTIONS', detector: 4, device: 'camera' }]
  expect(faultsOf({}, 'camera')).toEqual([])
  expect(faultsOf({ delayMs: 1_000 }, 'camera')).toEqual(fault)
  expect(faultsOf({ calls: false }, 'camera')).toEqual(fault)
  expect(faultsOf({ failTimeMs: 1_000 }, 'camera')).toEqual(fault)
  expect(faultsOf({ switchPhase: phaseId(2) }, 'camera')).toEqual(fault)
})
