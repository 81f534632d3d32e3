/** Pictures of vehicles on streets made by hand: they follow, stop, yield, change lanes and are lost by nobody. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectorId } from '#base/id.ts'
import { waitingOutside } from '#sim/traffic/flow/entries.ts'
import { DetectorField } from '#sim/traffic/flow/loops.ts'
import type { Traffic } from '#sim/traffic/flow/traffic.ts'
import { KIND_KEYS } from '#sim/traffic/vehicle-kind.ts'
import {
  cars,
  crossingsOf,
  cycle,
  drive,
  green,
  present,
  straightOn,
  streets,
  trafficOn,
  type Lamp,
} from './hand-made.ts'

test('whatever the lamp does, whoever drives and however many: nobody touches anybody on his track, and nobody is lost', () => {
  const trip = fc.record({ departMs: fc.nat(120_000), kind: fc.constantFrom(...KIND_KEYS) })
  const lamp = fc.record({ greenS: fc.integer({ min: 2, max: 40 }), redS: fc.integer({ min: 5, max: 40 }) })
  fc.assert(
    fc.property(
      fc.array(trip, { maxLength: 150 }),
      lamp,
      fc.constantFrom(1, 2, 3),
      fc.constantFrom(100, 500, 1_000),
      (wishes, { greenS, redS }, lanes, stepMs) => {
        const all = wishes
          .toSorted((a, b) => a.departMs - b.departMs)
          .map((wish) => ({ ...wish, route: ['in', 'out'] }))
        const traffic = trafficOn(straightOn(lanes, 150), all, { stepMs })
        drive(traffic, 240, cycle(greenS, greenS + 3 + redS), () => {
          expect(touching(traffic)).toEqual([])
          expect(traffic.entries.wanted).toBe(traffic.gone + present(traffic).length + waitingOutside(traffic.entries))
        })
      },
    ),
    { numRuns: 40 },
  )
})

/** Pairs on one track with less than nothing between them. */
function touching({ flow }: Traffic): string[] {
  const { cars: all, tracks } = flow
  const found: string[] = []
  for (let track = 0; track < tracks.count; track++)
    for (let slot = tracks.first[track]!; slot !== -1; slot = all.behind[slot]!) {
      const leader = all.ahead[slot]!
      if (leader !== -1 && all.positionM[leader]! - all.lengthM[leader]! < all.positionM[slot]!)
        found.push(`${slot} in ${leader} on ${track}`)
    }
  return found
}

test('nobody crosses the line on red who could have stopped, and a queue starts with the green', () => {
  const seen = crossingsOf(trafficOn(straightOn(), cars(60, 2_000)), 240, cycle(20, 60))
  const inCycle = seen.map(({ s }) => s % 60)
  expect(inCycle.every((s) => s <= 24)).toBe(true)
  expect(inCycle.filter((s) => s > 1 && s <= 4).length).toBeGreaterThan(0)
})

test('a queue flows at about 2,000 vehicles an hour and lane, as SUMO lets it', () => {
  const seen = crossingsOf(trafficOn(straightOn(1, 500), cars(60)), 240, (_, s) => (s < 100 ? 'stop' : 'go')).map(
    ({ s }) => s,
  )
  const [fifth = 0, thirtieth = 0] = [seen[4], seen[29]]
  expect(3_600 / ((thirtieth - fifth) / 25)).toBeGreaterThan(1_850)
  expect(3_600 / ((thirtieth - fifth) / 25)).toBeLessThan(2_150)
})

test('snow makes it flow more slowly', () => {
  const flowIn = (weather: { speed: number; headway: number; grip: number }) =>
    crossingsOf(trafficOn(straightOn(1, 500), cars(60), { weatherAt: () => weather }), 220, (_, s) =>
      s < 100 ? 'stop' : 'go',
    ).length
  expect(flowIn({ speed: 0.7, headway: 1.3, grip: 0.6 })).toBeLessThan(0.9 * flowIn({ speed: 1, headway: 1, grip: 1 }))
})

test('the same trips are driven to the same places, step by step; a change of the lamp shifts nobody’s dice', () => {
  const placesAfter = (lamps: (way: number, nowS: number) => Lamp) => {
    const traffic = trafficOn(straightOn(2), cars(40, 1_500))
    drive(traffic, 55, lamps)
    return present(traffic).map((slot) => traffic.flow.cars.positionM[slot])
  }
  expect(placesAfter(cycle(20, 60))).toEqual(placesAfter(cycle(20, 60)))
  const speedsOf = (lamps: (way: number, nowS: number) => Lamp) => {
    const traffic = trafficOn(straightOn(2), cars(10, 1_500))
    drive(traffic, 20, lamps)
    return [...traffic.flow.cars.speedFactor.subarray(0, 10)]
  }
  expect(speedsOf(green)).toEqual(speedsOf(() => 'stop'))
})

test('a driver in the wrong lane of a widening street changes in time, and a full pocket blocks the lane that feeds it', () => {
  const widening = streets(
    {
      in: { lanes: 1, lengthM: 200, to: 1 },
      pockets: { lanes: 2, lengthM: 40, from: 1, to: 0 },
      ahead: { from: 0 },
      left: { from: 0 },
    },
    [
      { from: ['in', 0], to: ['pockets', 0], junction: 1, turn: 'along', head: null, lengthM: 1 },
      { from: ['in', 0], to: ['pockets', 1], junction: 1, turn: 'along', head: null, lengthM: 1 },
      { from: ['pockets', 0], to: ['ahead', 0] },
      { from: ['pockets', 1], to: ['left', 0], turn: 'left' },
    ],
  )
  const trips = Array.from({ length: 24 }, (_, i) => ({
    departMs: i * 2_000,
    route: ['in', 'pockets', i % 3 === 0 ? 'ahead' : 'left'],
  }))
  const seen = crossingsOf(trafficOn(widening, trips), 60, (way) => (way === 3 ? 'stop' : 'go'))
  // Five lefts fill the pocket of 40 m; the sixth stands in the lane of those who go ahead.
  expect(seen.filter(({ way }) => way === 2).length).toBeLessThan(8)
  const later = crossingsOf(trafficOn(widening, trips), 200, (way, s) => (way === 3 && s < 60 ? 'stop' : 'go'))
  expect(later.filter(({ way }) => way === 3)).toHaveLength(16)
  expect(later.filter(({ way }) => way === 2)).toHaveLength(8)
})

test('on two lanes each driver ends in a lane of his turn, however they came in', () => {
  const fork = streets({ in: { lanes: 2, lengthM: 400, to: 0 }, right: { from: 0 }, left: { from: 0 } }, [
    { from: ['in', 0], to: ['right', 0], turn: 'right' },
    { from: ['in', 1], to: ['left', 0], turn: 'left' },
  ])
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (turns) => {
      const trips = turns.map((right, i) => ({ departMs: i * 1_200, route: ['in', right ? 'right' : 'left'] }))
      const seen = crossingsOf(trafficOn(fork, trips), 240, green)
      expect(seen.filter(({ way }) => way === 0)).toHaveLength(turns.filter(Boolean).length)
      expect(seen).toHaveLength(turns.length)
    }),
    { numRuns: 30 },
  )
})

test('a bus stands at its stop as long as people get in and out, and that is no time lost', () => {
  const traffic = trafficOn(straightOn(2), [
    { kind: 'bus', route: ['in', 'out'], stops: [{ edge: 0, atM: 150, dwellMs: 20_000 }] },
  ])
  const stood: number[] = []
  drive(traffic, 30, green, () => {
    for (const slot of present(traffic))
      if (traffic.flow.cars.speedMps[slot]! < 0.1) stood.push(traffic.flow.cars.positionM[slot]!)
  })
  expect(stood.length * 500).toBeGreaterThanOrEqual(14_000)
  expect(stood.every((m) => m > 147 && m <= 150)).toBe(true)
  const [seen] = crossingsOf(traffic, 70, green)
  expect(seen?.s).toBeGreaterThan(35)
})

test('a lane that an accident blocks is left by those who can, until it is free again', () => {
  const blockages = [{ track: 0, fromM: 200, toM: 215, fromMs: 0, untilMs: 90_000 }]
  const open = crossingsOf(trafficOn(straightOn(2), cars(20, 3_000), { blockages }), 80, green)
  expect(open.length).toBeGreaterThan(8)
  const alone = trafficOn(straightOn(1), cars(20, 3_000), { blockages })
  expect(crossingsOf(alone, 88, green)).toEqual([])
  expect(crossingsOf(alone, 200, green)).toHaveLength(20)
})

test('a loop gives one pulse for each vehicle, as long as it takes to drive over it', () => {
  const network = straightOn()
  const traffic = trafficOn(network, cars(12, 6_000))
  const places = [
    { detector: detectorId(1), track: 0, fromM: 240, toM: 242 },
    { detector: detectorId(2), track: 0, fromM: 296, toM: 299 },
  ]
  const field = new DetectorField(traffic.flow.tracks, { places, cameras: new Map() }, 5)
  const vehicles = new Uint16Array(3)
  const pictures = ['', '', '']
  drive(traffic, 120, green, () => {
    field.feel(traffic.flow)
    for (let part = 0; part < 5; part++) {
      field.read(part, traffic.nowMs, vehicles)
      vehicles.forEach((count, detector) => (pictures[detector] += count > 0 ? '#' : '.'))
    }
  })
  for (const picture of pictures.slice(1)) {
    const pulses = picture.match(/#+/g) ?? []
    expect(pulses).toHaveLength(12)
    // 7 or 8 m at 10 to 16 m/s.
    expect(pulses.every(({ length }) => length >= 4 && length <= 9)).toBe(true)
  }
})
