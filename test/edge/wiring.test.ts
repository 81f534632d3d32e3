/** From points to the street: what is known of it, and how well. */
import { describe, expect, test } from 'vitest'
import { detectorId, phaseId } from '#base/id.ts'
import type { PointName, PointValue } from '#devices/points.ts'
import type { DeviceImage } from '#edge/process-image.ts'
import { wire } from '#edge/wiring.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { EIGHT_PHASES, junction } from '#test/support/junctions.ts'
import { DATABASE, LIMITS, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'

const CONTROLLER_POINTS: [PointName, PointValue][] = [
  ['identity.configurationHash', 77],
  ['unit.controlStatus', 1],
  ['unit.flashCause', 0],
  ['unit.clockEpochMs', NOON_EPOCH_MS - 250],
  ['phase.reds', 0b1000_1000],
  ['phase.yellows', 0],
  ['phase.greens', 0b0010_0010],
  ['phase.walks', 0],
  ['phase.pedClears', 0],
  ['phase.dontWalks', 0b1010_1010],
  ['phase.vehicleCalls', 0b1000],
  ['phase.pedestrianCalls', 0],
  ['phase.ons', 0b0010_0010],
  ['phase.nexts', 0b1000],
  ['ring.1.phase', 2],
  ['ring.1.interval', 2],
  ['ring.1.elapsedMs', 4_200],
  ['ring.1.termination', 1],
  ['coordination.pattern', 3],
  ['coordination.cycleMs', 80_000],
  ['coordination.localCycleMs', 4_200],
  ['coordination.offsetMs', 10_000],
  ['coordination.transition', 1],
  ['supervision.epoch', 9],
  ['supervision.sequence', 4],
  ['supervision.leaseRemainingMs', 2_400],
  ['supervision.localCycles', 0],
  ['detector.occupied', [0, 1, 0, 0]],
  ['detector.actuationCounts', [5, 6, 7, 8]],
  ['detector.faults', [0, 0, 86, 0]],
]

const CARD_POINTS: [PointName, PointValue][] = [
  ['detector.occupied', [1, 0]],
  ['detector.actuationCounts', [31, 32]],
  ['pedestrian.occupied', 0b1000],
]

const readAt = (points: [PointName, PointValue][], readAtMonoMs: number): DeviceImage => ({
  sample: { points: new Map(points), readAtMonoMs, answeredAtMonoMs: readAtMonoMs, readAtEpochMs: NOON_EPOCH_MS },
  link: 'up',
  log: [],
})

interface Ages {
  readonly controllerMs?: number
  readonly cardMs?: number
}

/** Everything is read at 50,000 ms and looked at as much later as given. */
function look(points: [PointName, PointValue][], { controllerMs = 0, cardMs = 0 }: Ages = {}) {
  const nowMonoMs = 50_000
  const devices = new Map([
    ['controller', readAt(points, nowMonoMs - controllerMs)],
    ['loops', readAt(CARD_POINTS, nowMonoMs - cardMs)],
  ])
  return wire(
    { database: DATABASE, limits: LIMITS, adaptiveLimits: NO_LIMITS },
    { nowMonoMs, nowEpochMs: NOON_EPOCH_MS, devices },
  )
}

const without = (name: PointName) => CONTROLLER_POINTS.filter(([each]) => each !== name)
const changed = (name: PointName, value: PointValue) => [...without(name), [name, value] as [PointName, PointValue]]

test('the points of a controller become lamps, unit and clock', () => {
  const street = look(CONTROLLER_POINTS, { controllerMs: 60 })
  expect(street.view.signal).toMatchObject({
    quality: 'good',
    ageMs: 60,
    value: {
      greens: 0b0010_0010,
      rings: [{ phase: 2, interval: 'green', elapsedMs: 4_200, termination: 'gapOut' }],
      coordination: { pattern: 3, transition: 'inStep' },
      overlapGreens: 0,
    },
  })
  expect(street.view.unit).toMatchObject({
    value: { controlStatus: 'supervised', leaseEpoch: 9, leaseRemainingMs: 2_400 },
  })
  expect(street.configurationHash).toMatchObject({ quality: 'good', value: 77 })
  expect(street.clockDriftMs).toMatchObject({ value: -250 })
})

test('an arrow that is neither red, yellow nor green flashes, where the controller reports overlaps at all', () => {
  const arrow = junction({
    ...EIGHT_PHASES,
    overlaps: { 1: [2], 2: [6] },
    overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
  })
  const flashesOf = (points: [PointName, PointValue][]) => {
    const devices = new Map([['controller', readAt(points, 0)]])
    const image = { nowMonoMs: 0, nowEpochMs: NOON_EPOCH_MS, devices }
    return wire({ database: { ...DATABASE, intersection: arrow }, limits: LIMITS, adaptiveLimits: NO_LIMITS }, image)
      .view.signal
  }
  const shown = (reds: number): [PointName, PointValue][] => [...without('overlap.reds'), ['overlap.reds', reds]]
  expect(flashesOf(shown(0b10))).toMatchObject({ value: { overlapFlashes: 0b01 } })
  expect(flashesOf(shown(0b11))).toMatchObject({ value: { overlapFlashes: 0 } })
  expect(flashesOf(without('overlap.reds'))).toMatchObject({ value: { overlapFlashes: 0 } })
})

describe('age', () => {
  test.each([
    [200, 'good'],
    [201, 'stale'],
    [10_000, 'stale'],
    [10_001, 'bad'],
  ])('lamps read %d ms ago are %s', (controllerMs, quality) => {
    const { view, configurationHash, clockDriftMs } = look(CONTROLLER_POINTS, { controllerMs })
    const groups = [view.signal, view.unit, configurationHash, clockDriftMs, view.detectors.get(detectorId(2))]
    expect(groups.map((group) => group?.quality)).toEqual(Array(5).fill(quality))
    expect(view.detectors.get(detectorId(11))?.quality).toBe('good')
  })

  test('a silent card makes its own detectors stale, and no others', () => {
    const { view } = look(CONTROLLER_POINTS, { cardMs: 500 })
    expect(view.detectors.get(detectorId(11))).toEqual({
      quality: 'stale',
      last: { occupied: true, actuationCount: 31 },
      ageMs: 500,
    })
    expect(view.detectors.get(detectorId(2))?.quality).toBe('good')
    expect(view.cardButtons.quality).toBe('stale')
  })

  test('a device that never answered is bad, not empty', () => {
    const never: DeviceImage = { sample: null, link: 'starting', log: [] }
    const street = wire(
      { database: DATABASE, limits: LIMITS, adaptiveLimits: NO_LIMITS },
      {
        nowMonoMs: 0,
        nowEpochMs: 0,
        devices: new Map([['controller', never]]),
      },
    )
    expect(street.view.signal).toEqual({ quality: 'bad', reason: 'never read' })
    expect(street.view.detectors.get(detectorId(12))).toEqual({ quality: 'bad', reason: 'never read' })
    expect(street.view.cardButtons).toEqual({ quality: 'good', value: 0, ageMs: 0 })
    expect(street.sampledAtEpochMs).toBeNull()
  })
})

describe('detectors', () => {
  test('are found by device and channel', () => {
    const { detectors } = look(CONTROLLER_POINTS).view
    expect(detectors.get(detectorId(2))).toMatchObject({ value: { occupied: true, actuationCount: 6 } })
    expect(detectors.get(detectorId(11))).toMatchObject({ value: { occupied: true, actuationCount: 31 } })
    expect(detectors.get(detectorId(12))).toMatchObject({ value: { occupied: false, actuationCount: 32 } })
  })

  test('that report a fault, or have no channel, are bad', () => {
    const { detectors } = look(CONTROLLER_POINTS).view
    expect(detectors.get(detectorId(3))).toEqual({ quality: 'bad', reason: 'the detector reports fault 86' })
    expect(detectors.get(detectorId(13))).toEqual({ quality: 'bad', reason: 'the device has no detector channel 3' })
  })

  test('of a device that does not count are still seen', () => {
    const { detectors } = look(without('detector.actuationCounts')).view
    expect(detectors.get(detectorId(2))).toMatchObject({ value: { occupied: true, actuationCount: 0 } })
  })
})

test('the buttons of cards are those that the controller does not see', () => {
  expect(look(CONTROLLER_POINTS).view.cardButtons).toEqual({ quality: 'good', value: 0b1000, ageMs: 0 })
})

describe('a controller that leaves something out', () => {
  test.each<PointName>(['phase.greens', 'ring.1.elapsedMs', 'coordination.pattern'])(
    '%s: its lamps are not known',
    (name) => {
      expect(look(without(name)).view.signal).toEqual({ quality: 'bad', reason: `the device does not offer ${name}` })
    },
  )

  test.each<PointName>(['unit.controlStatus', 'supervision.leaseRemainingMs', 'supervision.localCycles'])(
    '%s: its unit is not known',
    (name) => {
      expect(look(without(name)).view.unit).toEqual({ quality: 'bad', reason: `the device does not offer ${name}` })
    },
  )

  test('door and mains: they are unknown rather than shut and present', () => {
    const street = look(CONTROLLER_POINTS)
    expect([street.doorOpen, street.mainsPower]).toEqual([null, null])
    expect(look(changed('unit.doorOpen', 1)).doorOpen).toMatchObject({ value: true })
  })
})

test.each<[PointName, number]>([
  ['unit.controlStatus', 7],
  ['unit.flashCause', 99],
])('%s %d has no meaning, so that the unit is not known', (name, value) => {
  expect(look(changed(name, value)).view.unit).toEqual({
    quality: 'bad',
    reason: `${name} is ${value}, which has no meaning`,
  })
})
