/** What a cabinet gets from its street: people at the kerb, cameras that err, fire engines and buses that ask for green. */
import { expect, test } from 'vitest'
import { detectorId, phaseId } from '#base/id.ts'
import { randomStream, nextWord } from '#base/random.ts'
import type { Preempt, PriorityStrategy } from '#signal/preempt.ts'
import { DARK_LAMPS, type Lamps } from '#sim/traffic/flow/lights.ts'
import { createTraffic, tickTraffic, type Traffic } from '#sim/traffic/flow/traffic.ts'
import type { Crossing, StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import type { Walker } from '#sim/traffic/walker.ts'
import { NOBODY_WALKS, straightOn, streets, tripsOf, type TripWish } from './hand-made.ts'

const RED: Lamps = { ...DARK_LAMPS, flashes: false }
const GREEN: Lamps = { ...RED, greens: 0b10 }
const CROSSING: Crossing = {
  junction: 0,
  approach: 'E',
  lengthM: 14,
  head: { kind: 'pedestrian', phase: phaseId(4) },
  phase: 4,
}

/** Somebody every so often. */
function walkers(count: number, everyMs: number, wish: Partial<Walker> = {}) {
  let next = 0
  return {
    take: (untilMs: number): Walker | null => {
      if (next >= count || next * everyMs >= untilMs) return null
      return { departMs: next++ * everyMs, crossing: 0, speedMps: 1.4, fromExit: true, pushes: true, ...wish }
    },
  }
}

function tick(traffic: Traffic, untilMs: number, lampsAt: (nowMs: number) => Lamps, seen?: () => void): void {
  while (traffic.nowMs < untilMs) {
    tickTraffic(traffic, () => lampsAt(traffic.nowMs))
    seen?.()
  }
}

test('people push the button once they come, wait for their walk, and all go with it', () => {
  const network = streets({ in: { to: 0 }, out: { from: 0 } }, [{ from: ['in', 0], to: ['out', 0] }], [CROSSING])
  const traffic = createTraffic({ network, trips: tripsOf(network, []), walkers: walkers(3, 4_000) })
  let pushed = ''
  tick(
    traffic,
    12_000,
    () => RED,
    () => {
      pushed += traffic.junctions[0]?.readings.pedestrianButtons === 0b1000 ? '#' : '.'
    },
  )
  expect(pushed.match(/#+/g)).toHaveLength(3)
  expect(traffic.crosswalks[0]?.waiting).toHaveLength(3)
  tick(traffic, 12_100, () => ({ ...RED, walks: 0b1000 }))
  expect(traffic.crosswalks[0]?.count).toMatchObject({ crossed: 3, longestWaitMs: 12_100 })
  tick(traffic, 22_000, () => RED)
  expect(traffic.crosswalks[0]?.onFoot).toHaveLength(3)
  tick(traffic, 22_300, () => RED)
  expect(traffic.crosswalks[0]?.onFoot).toEqual([])
})

/** A right turn over the crosswalk of the leg that it turns into. */
const OVER_CROSSWALK = streets(
  { in: { lengthM: 100, to: 0 }, out: { from: 0 } },
  [{ from: ['in', 0], to: ['out', 0], turn: 'right', speedMps: 6, crosses: [{ crossing: 0, atM: 12 }] }],
  [CROSSING],
)

/** When the one vehicle is past the crosswalk, ms. */
function overAtMs(people: ReturnType<typeof walkers>): number {
  const traffic = createTraffic({
    network: OVER_CROSSWALK,
    trips: tripsOf(OVER_CROSSWALK, [{ route: ['in', 'out'] }]),
    walkers: people,
  })
  let overMs = 0
  tick(
    traffic,
    60_000,
    () => ({ ...GREEN, walks: 0b1000 }),
    () => {
      const { cars, tracks } = traffic.flow
      if (overMs === 0 && tracks.edgeOf[cars.track[0]!] === 1) overMs = traffic.nowMs
    },
  )
  return overMs
}

test('a turning driver waits for whoever is on his lane of the crosswalk, and for nobody who is on the other side', () => {
  const alone = overAtMs(NOBODY_WALKS)
  expect(overAtMs(walkers(12, 2_000, { fromExit: true }))).toBeGreaterThan(alone + 8_000)
  // Ten metres away when he turns, and gone from there before they come.
  expect(overAtMs(walkers(1, 0, { fromExit: false, speedMps: 0.4 }))).toBe(alone)
})

test('a camera misses its share of the vehicles, each all the time, and sees ghosts on an empty street', () => {
  const stream = randomStream(3, 'personas')
  const wishes = Array.from({ length: 100 }, (_, i): TripWish => ({
    departMs: i * 6_000,
    route: ['in', 'out'],
    persona: nextWord(stream),
  }))
  const pulses = (errors: { missedShare: number; ghostsPerHour: number }, trips: readonly TripWish[]) => {
    const network = straightOn()
    const places = [{ detector: detectorId(1), track: 0, fromM: 200, toM: 210 }]
    const fittings = {
      places,
      cameras: new Map([[detectorId(1), errors]]),
      callable: { preempts: [], priorities: [], phasesOf: new Map() },
    }
    const traffic = createTraffic({
      network,
      trips: tripsOf(network, trips),
      walkers: NOBODY_WALKS,
      fittings: () => fittings,
    })
    let before = 0
    let most = 0
    tick(
      traffic,
      640_000,
      () => GREEN,
      () => {
        const now = traffic.junctions[0]?.readings.occupied[1] ?? 0
        if (now > before) most++
        before = now
      },
    )
    return most
  }
  const all = pulses({ missedShare: 0, ghostsPerHour: 0 }, wishes)
  expect(all).toBeGreaterThan(80)
  expect(pulses({ missedShare: 0.2, ghostsPerHour: 0 }, wishes)).toBeLessThan(0.9 * all)
  expect(pulses({ missedShare: 1, ghostsPerHour: 0 }, wishes)).toBe(0)
  const ghosts = pulses({ missedShare: 0, ghostsPerHour: 60 }, [])
  expect(ghosts).toBeGreaterThan(3)
  expect(ghosts).toBeLessThan(25)
})

test('a fire engine calls its preempt from 300 m before the line, a bus its priority from 150 m with its lateness, a car nobody', () => {
  const network: StreetNetwork = approachOf(straightOn(1, 500))
  const preempt = { number: 2, dwell: { phases: [phaseId(2)], minGreenMs: 0, walks: false } } as unknown as Preempt
  const priority = { number: 3, phases: [phaseId(2)] } as unknown as PriorityStrategy
  const callable = { preempts: [preempt], priorities: [priority], phasesOf: new Map([[0, 0b10]]) }
  const fittings = { places: [], cameras: new Map(), callable }
  const callsOf = (kind: 'car' | 'bus' | 'emergency') => {
    const trips = tripsOf(network, [{ kind, route: ['in', 'out'] }])
    const traffic = createTraffic({ network, trips, walkers: NOBODY_WALKS, fittings: () => fittings })
    const seen: { preempts: number; priorities: number; firstM: number; lateS: number } = {
      preempts: 0,
      priorities: 0,
      firstM: 0,
      lateS: 0,
    }
    tick(
      traffic,
      70_000,
      (nowMs) => (nowMs < 50_000 ? RED : GREEN),
      () => {
        const { breakIns } = traffic.junctions[0]!.readings
        if ((breakIns.preempts | breakIns.priorities) !== 0 && seen.firstM === 0)
          seen.firstM = 500 - traffic.flow.cars.positionM[0]!
        seen.preempts |= breakIns.preempts
        seen.priorities |= breakIns.priorities
        seen.lateS = Math.max(seen.lateS, breakIns.latenessS[3]!)
      },
    )
    expect(traffic.junctions[0]!.readings.breakIns).toMatchObject({ preempts: 0, priorities: 0 })
    return seen
  }
  expect(callsOf('car')).toEqual({ preempts: 0, priorities: 0, firstM: 0, lateS: 0 })
  const engine = callsOf('emergency')
  expect(engine).toMatchObject({ preempts: 0b10, priorities: 0 })
  expect(engine.firstM).toBeGreaterThan(285)
  expect(engine.firstM).toBeLessThanOrEqual(300)
  const bus = callsOf('bus')
  expect(bus).toMatchObject({ preempts: 0, priorities: 0b100 })
  expect(bus.firstM).toBeGreaterThan(135)
  expect(bus.firstM).toBeLessThanOrEqual(150)
  expect(bus.lateS).toBeGreaterThan(5)
})

/** Its first edge leads to an approach of the junction. */
const approachOf = (network: StreetNetwork): StreetNetwork => ({
  ...network,
  edges: network.edges.map((edge, number) =>
    number === 0 ? { ...edge, approach: { intersection: network.junctions[0]!.intersection!, approach: 'S' } } : edge,
  ),
})
