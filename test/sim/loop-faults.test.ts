/** Broken loops in a cabinet: what its wire shows of them, what its log says, and what the controller makes of them. */
import { expect, test } from 'vitest'
import { detectorId } from '#base/id.ts'
import type { PointName } from '#devices/points.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { EVENT } from '#signal/events.ts'
import { createCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { CabinetBench, CONFIG, STEP_MS } from './crossing-cabinet.ts'

const listOf = (bench: CabinetBench, name: PointName): number[] => [
  ...(bench.cabinet.controller.readPoint(name) as number[]),
]

/** Past the start-up. */
function started(): CabinetBench {
  const bench = new CabinetBench()
  bench.run(60_000)
  return bench
}

test('an open loop calls, and stands on the wire and in the log until it is mended', () => {
  const bench = started()
  bench.cabinet.loopFaults.plant(detectorId(4), 'openLoop')
  bench.run(1_000)
  expect(listOf(bench, 'detector.faults')).toEqual([0, 0, 0, DETECTOR_FAULT.openLoop])
  expect(listOf(bench, 'detector.occupied')).toEqual([0, 0, 0, 1])
  bench.cabinet.loopFaults.mend(detectorId(4))
  bench.run(1_000)
  expect(listOf(bench, 'detector.faults')).toEqual([0, 0, 0, 0])
  expect(bench.codes(EVENT.detectorOpenLoop, EVENT.detectorRestored)).toEqual([
    [EVENT.detectorOpenLoop, 4],
    [EVENT.detectorRestored, 4],
  ])
})

test.each([
  ['other', EVENT.detectorFault],
  ['watchdog', EVENT.detectorWatchdog],
  ['shortedLoop', EVENT.detectorShortedLoop],
  ['excessiveChange', EVENT.detectorExcessiveChange],
] as const)('a loop whose card reports %s has event %i', (fault, code) => {
  const bench = started()
  bench.cabinet.loopFaults.plant(detectorId(1), fault)
  bench.run(STEP_MS)
  expect(bench.codes(code)).toEqual([[code, 1]])
})

test('loops that lie see nobody, somebody, or both in turn', () => {
  const bench = started()
  bench.press([1])
  bench.cabinet.loopFaults.plant(detectorId(1), 'stuckOff')
  bench.cabinet.loopFaults.plant(detectorId(2), 'stuckOn')
  bench.cabinet.loopFaults.plant(detectorId(3), 'chatter')
  bench.run(2 * STEP_MS)
  expect(listOf(bench, 'detector.occupied')).toEqual([0, 1, 0, 0])
  expect(listOf(bench, 'detector.actuationCounts')).toEqual([0, 1, 1, 0])
  expect(listOf(bench, 'detector.faults')).toEqual([0, 0, 0, 0])
})

test('a loop that is stuck is found by a controller that watches it, and shown on its wire', () => {
  const { database } = CONFIG
  const { detectors } = database.intersection
  const watched = detectors.map((detector) => ({
    ...detector,
    diagnostics: detector.id === 4 ? { ...detector.diagnostics, maxPresenceMs: 120_000 } : detector.diagnostics,
  }))
  const intersection = { ...database.intersection, detectors: watched }
  const cabinet = createCabinet({ ...CONFIG, database: { ...database, intersection } }, { epochMs: NOON_EPOCH_MS })
  const street = { occupied: new Uint8Array(65), vehicles: new Uint16Array(65), pedestrianButtons: 0 }
  cabinet.loopFaults.plant(detectorId(4), 'stuckOn')
  for (let ms = 0; ms < 120_000; ms += STEP_MS) cabinet.step(STEP_MS, street)
  expect(cabinet.controller.readPoint('detector.faults')).toEqual([0, 0, 0, 0])
  for (let ms = 0; ms < 10_000; ms += STEP_MS) cabinet.step(STEP_MS, street)
  expect(cabinet.controller.readPoint('detector.faults')).toEqual([0, 0, 0, DETECTOR_FAULT.maxPresence])
})

test('a broken loop of a card shows on the card, and not at the controller', () => {
  const bench = started()
  bench.cabinet.loopFaults.plant(detectorId(12), 'shortedLoop')
  bench.run(1_000)
  const card = bench.cabinet.cards.get('loops')
  expect(card?.readPoint('detector.faults')).toEqual([0, DETECTOR_FAULT.shortedLoop, 0])
  expect(listOf(bench, 'detector.faults')).toEqual([0, 0, 0, 0])
  expect(bench.codes(EVENT.detectorShortedLoop)).toEqual([])
})
