/** Measures that can be reckoned by hand: what red takes from whom, who never got in, and that nobody is forgotten. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intersectionId, phaseId } from '#base/id.ts'
import type { Walker } from '#sim/traffic/walker.ts'
import { KIND_KEYS } from '#sim/traffic/vehicle-kind.ts'
import { STUCK_MS } from '#sim/traffic/measures/run-measures.ts'
import { streets, type Lamp, type TripWish } from './hand-made.ts'
import { APPROACH, CITY, figure, measure, MOVEMENT, straightApproach, withApproaches } from './measured.ts'

const IN_OUT = ['in', 'out']
const cars = (count: number, everyMs = 0): TripWish[] =>
  Array.from({ length: count }, (_, i) => ({ departMs: i * everyMs, route: IN_OUT }))
const redUntil =
  (untilS: number) =>
  (_: number, nowS: number): Lamp =>
    nowS < untilS ? 'stop' : 'go'
const green = (): Lamp => 'go'
/** 300 m at 13.9 m/s: whoever is not held is at the line after so long. */
const FREE_S = 300 / 13.9
/** What it takes to be up to speed again, at the 2.6 m/s² of which a driver uses three quarters. */
const START_S = 13.9 / (2 * 0.75 * 2.6)

describe('one vehicle', () => {
  test('before a red that ends 30 s after it came loses these 30 s, and what it takes to speed up again', () => {
    const run = measure({ trips: cars(1), untilS: 120, lamps: redUntil(FREE_S + 30) })
    const expectedS = 30 + START_S
    expect(figure(run, MOVEMENT, 'controlDelayS')).toBeGreaterThan(expectedS)
    // The driver's reaction, the dice of the way, and his own speed: at 13.9 m/s he would have come a little later.
    expect(figure(run, MOVEMENT, 'controlDelayS')).toBeLessThan(expectedS + 4)
    expect(figure(run, MOVEMENT, 'stops')).toBe(1)
    expect(figure(run, MOVEMENT, 'queueMax')).toBe(1)
    // A car, and the metre that it keeps to the line.
    expect(figure(run, MOVEMENT, 'queueMaxM')).toBe(6)
  })

  test('on green loses next to nothing, and never stops', () => {
    const run = measure({ trips: cars(1), untilS: 120, lamps: green })
    expect(figure(run, CITY, 'totalDelayS')).toBeLessThan(2)
    expect(figure(run, CITY, 'stops')).toBe(0)
    expect(figure(run, MOVEMENT, 'queueMax')).toBe(0)
  })

  test('has as much travel time as its way takes at its own speed, and what it lost', () => {
    const run = measure({ trips: cars(1), untilS: 120, lamps: redUntil(50) })
    const lostS = figure(run, CITY, 'totalDelayS')!
    const drivingS = figure(run, CITY, 'travelTimeS')! - lostS
    const speedFactor = (300 + 15 + 300 - 5) / 13.9 / drivingS
    expect(speedFactor).toBeGreaterThan(0.7)
    expect(speedFactor).toBeLessThan(1.3)
    expect(figure(run, CITY, 'meanSpeedKph')).toBeCloseTo((3.6 * 610) / figure(run, CITY, 'travelTimeS')!, -1)
  })
})

test('of two vehicles before the red the second waits as long, stands behind the first, and both are counted', () => {
  const run = measure({ trips: cars(2, 2_000), untilS: 120, lamps: redUntil(FREE_S + 30) })
  expect(figure(run, MOVEMENT, 'vehicles')).toBe(2)
  expect(figure(run, MOVEMENT, 'queueMax')).toBe(2)
  // Two cars, the gap of 2.5 m, the metre to the line.
  expect(figure(run, MOVEMENT, 'queueMaxM')).toBeCloseTo(5 + 2.5 + 5 + 1, -0.5)
  expect(figure(run, MOVEMENT, 'controlDelayS')).toBeGreaterThan(29)
  expect(figure(run, MOVEMENT, 'controlDelayS')).toBeLessThan(40)
  expect(figure(run, MOVEMENT, 'throughputPerH')).toBe(60)
})

describe('who never gets in', () => {
  // 60 m hold 8 cars; 20 want in at once before a red that never ends.
  const run = measure({ network: straightApproach(1, 60), trips: cars(20), untilS: 600, lamps: () => 'stop' })

  test('is counted with the delay that he has', () => {
    expect(run).toMatchObject({ wanted: 20, left: 0, inside: 8, outside: 12 })
    expect(figure(run, APPROACH, 'neverIn')).toBe(12)
    expect(figure(run, APPROACH, 'outsideMax')).toBeGreaterThanOrEqual(12)
    // All want in at 0 s: the twelve outside have 600 s each, those inside up to that.
    expect(figure(run, CITY, 'totalDelayS')).toBeGreaterThan(580)
    expect(figure(run, CITY, 'totalDelayS')).toBeLessThan(600)
    expect(figure(run, APPROACH, 'totalDelayS')).toBeCloseTo(figure(run, CITY, 'totalDelayS')!, 10)
  })

  test('stands behind a queue that reaches back to the rim for nearly all of the time', () => {
    expect(figure(run, APPROACH, 'spillbackShare')).toBeGreaterThan(0.9)
  })

  test('and those inside are stuck, each once, as soon as they stand for longer than any cycle', () => {
    expect(run).toMatchObject({ stuck: 8, stuckAtEnd: 8 })
    const before = measure({
      network: straightApproach(1, 60),
      trips: cars(1),
      untilS: STUCK_MS / 1_000,
      lamps: () => 'stop',
    })
    expect(before).toMatchObject({ stuck: 0, stuckAtEnd: 0 })
  })
})

test('a queue that has room flows, and does not reach back', () => {
  const run = measure({ trips: cars(20, 3_000), untilS: 200, lamps: redUntil(30) })
  expect(figure(run, APPROACH, 'spillbackShare')).toBe(0)
  expect(figure(run, APPROACH, 'neverIn')).toBe(0)
  expect(figure(run, MOVEMENT, 'blockedStarts')).toBe(0)
})

test('who has green and no room behind the junction is a blocked start, once', () => {
  const network = withApproaches(
    streets({ in: { to: 0 }, mid: { from: 0, to: 1, lengthM: 60 }, out: { from: 1 } }, [
      { from: ['in', 0], to: ['mid', 0] },
      { from: ['mid', 0], to: ['out', 0], junction: 1 },
    ]),
    { in: 'S', mid: 'N' },
  )
  const trips = Array.from({ length: 15 }, (_, i) => ({ departMs: i * 2_500, route: ['in', 'mid', 'out'] }))
  const run = measure({ network, trips, untilS: 150, lamps: (way) => (way === 0 ? 'go' : 'stop') })
  expect(figure(run, MOVEMENT, 'blockedStarts')).toBe(1)
  expect(figure(run, { ...APPROACH, approach: 'N' }, 'spillbackShare')).toBeGreaterThan(0.3)
  // The delay of those in the second queue is that of the second line.
  const second = { ...MOVEMENT, approach: 'N' }
  expect(figure(run, second, 'queueMax')).toBe(8)
  expect(figure(run, second, 'controlDelayS')).toBeGreaterThan(60)
})

test('what came in the warm-up is left out, though it still delays those who come after it', () => {
  const trips = [...cars(3), { departMs: 60_000, route: IN_OUT }]
  const run = measure({ trips, untilS: 200, lamps: redUntil(110), warmUpS: 50 })
  expect(run.fromMs).toBe(50_000)
  expect(figure(run, CITY, 'vehicles')).toBe(1)
  expect(figure(run, MOVEMENT, 'vehicles')).toBe(1)
  expect(figure(run, MOVEMENT, 'queueMax')).toBe(4)
  // All four cross in the 150 s that are measured.
  expect(figure(run, MOVEMENT, 'throughputPerH')).toBeCloseTo(4 * 24, 6)
  expect(run.wanted).toBe(4)
})

test('buses and fire engines are told apart, and a bus of 30 people weighs as 20 cars do', () => {
  const trips: TripWish[] = [
    { route: IN_OUT, kind: 'bus' },
    { route: IN_OUT, departMs: 4_000, kind: 'emergency' },
  ]
  const run = measure({ trips, untilS: 150, lamps: redUntil(60) })
  const [bus, emergency] = [figure(run, CITY, 'busDelayS')!, figure(run, CITY, 'emergencyDelayS')!]
  expect(figure(run, CITY, 'totalDelayS')).toBeCloseTo((bus + emergency) / 2, 10)
  expect(figure(run, CITY, 'personDelayS')).toBeCloseTo((30 * bus + 3 * emergency) / 33, 10)
  expect(figure(run, CITY, 'personDelayH')).toBeCloseTo((30 * bus + 3 * emergency) / 3_600, 10)
  const noBus = measure({ trips: cars(1), untilS: 60, lamps: green })
  expect(figure(noBus, CITY, 'busDelayS')).toBeUndefined()
})

test('a bus at its stop does not wait in a queue, and loses nothing by its passengers', () => {
  const atStop = { route: IN_OUT, kind: 'bus', stops: [{ edge: 0, atM: 150, dwellMs: 40_000 }] } as const
  const run = measure({ trips: [atStop], untilS: 200, lamps: green })
  expect(figure(run, MOVEMENT, 'queueMax')).toBe(0)
  expect(figure(run, CITY, 'busDelayS')).toBeLessThan(25)
  expect(figure(run, CITY, 'travelTimeS')).toBeGreaterThan(40 + 610 / 13.9)
})

test('people at the kerb are counted with their waits, those who still stand there among them', () => {
  const crossing = {
    junction: 0,
    approach: 'S',
    lengthM: 12,
    head: { kind: 'pedestrian', phase: phaseId(4) },
    phase: 4,
  } as const
  const network = withApproaches(
    streets({ in: { to: 0 }, out: { from: 0 } }, [{ from: ['in', 0], to: ['out', 0] }], [crossing]),
    { in: 'S' },
  )
  const walkers = [10_000, 20_000].map((departMs): Walker => ({
    departMs,
    crossing: 0,
    speedMps: 1.2,
    pushes: true,
    fromExit: false,
  }))
  // The hand-driven street never shows a walk: both stand until the end, at 70 s.
  const run = measure({ network, trips: [], untilS: 70, lamps: green, waiting: walkers })
  expect(figure(run, APPROACH, 'walkers')).toBe(2)
  expect(figure(run, APPROACH, 'walkWaitS')).toBe(55)
  expect(figure(run, CITY, 'walkWaitMaxS')).toBe(60)
  expect(figure(run, CITY, 'personDelayH')).toBeCloseTo(110 / 3_600, 10)
  expect(figure(run, { level: 'intersection', intersection: intersectionId('IX-T') }, 'walkers')).toBe(2)
})

test('a quarter-hour is reported as soon as it is over, and all of them are the whole', () => {
  const run = measure({ trips: cars(600, 4_000), untilS: 2_700, lamps: (_, s) => (s % 60 < 30 ? 'go' : 'stop') })
  expect(run.quarters.map(({ fromMs, untilMs }) => [fromMs, untilMs])).toEqual([
    [0, 900_000],
    [900_000, 1_800_000],
    [1_800_000, 2_700_000],
  ])
  const perQuarter = run.quarters.map((quarter) => figure(quarter, CITY, 'throughputPerH')!)
  // One in four seconds.
  for (const perHour of perQuarter.slice(0, 2)) expect(Math.abs(perHour - 900)).toBeLessThan(60)
  expect(figure(run, CITY, 'vehicles')).toBe(600)
})

const wish = fc.record({ departMs: fc.nat(200_000), kind: fc.constantFrom(...KIND_KEYS) })
const anyStreet = fc.record({
  wishes: fc.array(wish, { maxLength: 120 }),
  lanes: fc.constantFrom(1, 2, 3),
  lengthM: fc.constantFrom(30, 100, 300),
  greenS: fc.integer({ min: 0, max: 60 }),
  stepMs: fc.constantFrom(100, 500, 1_000),
})

test('whatever comes and whatever the lamp does, everybody is counted once: left, inside or outside', () => {
  fc.assert(
    fc.property(anyStreet, ({ wishes, lanes, lengthM, greenS, stepMs }) => {
      const trips = wishes.toSorted((a, b) => a.departMs - b.departMs).map((each) => ({ ...each, route: IN_OUT }))
      const lamps = (_: number, nowS: number): Lamp => (nowS % 60 < greenS ? 'go' : 'stop')
      const network = straightApproach(lanes, lengthM)
      const run = measure({ network, trips, untilS: 240, lamps, start: { stepMs } })
      expect(run.wanted).toBe(trips.length)
      expect(run.left + run.inside + run.outside).toBe(trips.length)
      expect(figure(run, CITY, 'vehicles')).toBe(trips.length)
      // On its way to the line, over it, or outside: each is in the one movement once.
      expect(figure(run, MOVEMENT, 'vehicles')).toBe(trips.length)
      expect(figure(run, CITY, 'unfinished')).toBe(run.inside + run.outside)
      expect(figure(run, CITY, 'neverIn')).toBe(run.outside)
      if (trips.length > 0) expect(figure(run, CITY, 'totalDelayS')).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 60 },
  )
})

test('the same trips under the same lamps are reported alike, digit for digit', () => {
  const again = () =>
    JSON.stringify(measure({ trips: cars(80, 1_700), untilS: 300, lamps: (_, s) => (s % 50 < 20 ? 'go' : 'stop') }))
  expect(again()).toBe(again())
})

test('nobody on the streets, nothing to tell: means are left out, counts are 0', () => {
  const run = measure({ trips: [], untilS: 60, lamps: green })
  expect(figure(run, CITY, 'vehicles')).toBe(0)
  expect(figure(run, CITY, 'totalDelayS')).toBeUndefined()
  expect(figure(run, MOVEMENT, 'throughputPerH')).toBe(0)
})
