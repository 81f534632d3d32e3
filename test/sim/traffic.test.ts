/** Pictures of the street: queues, pockets, spillback, yellow, loops, crossings; nobody collides and nobody is lost. */
import { expect, test } from 'vitest'
import { measureCity, measureLanes, measureMovements } from '#sim/traffic/measures.ts'
import type { Traffic } from '#sim/traffic/traffic.ts'
import { approachOf, GREEN, junctionOf, laneOf, oneStreet, RED, run, signalOf, streets, YELLOW } from './one-street.ts'

/** Free space between each two vehicles of a lane, m. */
function gapsM(traffic: Traffic): number[] {
  return approachOf(traffic).lanes.flatMap(({ vehicles }) =>
    vehicles.slice(1).map((vehicle, i) => {
      const leader = vehicles[i]
      return leader ? leader.positionM - leader.lengthM - vehicle.positionM : Infinity
    }),
  )
}

const isConserved = ({ arrived, left, inside, atEntry }: ReturnType<typeof measureCity>): boolean =>
  arrived === left + inside + atEntry

test('no two vehicles ever touch, whatever the lamp does, and none is lost', () => {
  const traffic = streets([
    oneStreet({
      vehiclesPerHour: 1_500,
      turnShares: { left: 0.3, through: 0.5, right: 0.2 },
      lanes: [{ turns: ['right'], lengthM: 40 }, { turns: ['through'] }, { turns: ['left'], lengthM: 60 }],
    }),
  ])
  let closestM = Infinity
  const watch = () => {
    closestM = Math.min(closestM, ...gapsM(traffic))
    expect(isConserved(measureCity(traffic))).toBe(true)
  }
  run(traffic, 1_200_000, { lampsAt: (nowMs) => signalOf(70_000, 40_000)(nowMs), watch })
  expect(closestM).toBeGreaterThan(0.5)
  expect(traffic.left).toBeGreaterThan(400)
})

test('arrivals come at the rate that is asked for, at random', () => {
  const traffic = streets([oneStreet({ vehiclesPerHour: 600 })])
  const perMinute: number[] = []
  for (let minute = 0; minute < 600; minute++) {
    const before = traffic.arrived
    run(traffic, 60_000, { lampsAt: () => GREEN })
    perMinute.push(traffic.arrived - before)
  }
  const mean = traffic.arrived / 600
  const variance = perMinute.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 600
  expect(mean).toBeCloseTo(10, 0)
  expect(variance / mean).toBeGreaterThan(0.8) // A Poisson count varies as much as its mean.
  expect(variance / mean).toBeLessThan(1.2)
})

test('turns are taken by their shares, and a vehicle keeps to its turn when the queue is longer', () => {
  const wish = {
    vehiclesPerHour: 900,
    turnShares: { left: 0.2, through: 0.7, right: 0.1 },
    lanes: [{ turns: ['right', 'through'] as const }, { turns: ['through'] as const }, { turns: ['left'] as const }],
  }
  const flowing = streets([oneStreet(wish)])
  const halting = streets([oneStreet(wish)])
  run(flowing, 3_600_000, { lampsAt: () => GREEN })
  run(halting, 3_600_000, { lampsAt: signalOf(60_000, 30_000) })
  const shares = measureMovements(junctionOf(flowing)).map(({ turn, crossed }) => [turn, crossed / flowing.left])
  expect(Object.fromEntries(shares)).toMatchObject({
    left: expect.closeTo(0.2, 1),
    through: expect.closeTo(0.7, 1),
    right: expect.closeTo(0.1, 1),
  })
  expect(halting.arrived).toBe(flowing.arrived)
})

test('a full turning pocket blocks the lane that feeds it, and the lane beside it flows on', () => {
  const traffic = streets([
    oneStreet({
      vehiclesPerHour: 1_200,
      turnShares: { left: 0.5, through: 0.5, right: 0 },
      lanes: [{ turns: ['through'] }, { turns: ['through'] }, { turns: ['left'], lengthM: 30, phase: 3 }],
    }),
  ])
  run(traffic, 120_000, { lampsAt: () => GREEN }) // Phase 3, the left turn, stays red.
  expect(laneOf(traffic, 'N3').vehicles).toHaveLength(4) // 30 m hold four cars of 4.5 m with 2 m between.
  const [blocked] = laneOf(traffic, 'N2').vehicles
  expect(blocked?.movement.turn).toBe('left')
  expect(blocked?.speedMps).toBeLessThan(0.1)
  expect(laneOf(traffic, 'N1').vehicles.every(({ speedMps }) => speedMps > 5)).toBe(true)
})

test('a street that is full holds the green upstream, and whoever cannot get in waits at the entry', () => {
  const traffic = streets([
    oneStreet({ id: 'IX-A', vehiclesPerHour: 900 }),
    oneStreet({ id: 'IX-B', lengthM: 100, upstream: { intersection: 'IX-A', distanceM: 165 } }),
  ])
  run(traffic, 420_000, { lampsAt: (_, junction) => (junction === 0 ? GREEN : RED) })
  const [upstream] = measureLanes(junctionOf(traffic, 0))
  expect(upstream?.queue).toBeGreaterThan(40)
  expect(upstream?.atEntry).toBeGreaterThan(0)
  expect(measureCity(traffic).left).toBe(0)
  expect(isConserved(measureCity(traffic))).toBe(true)
  const [link] = junctionOf(traffic, 1).incoming
  expect(link?.occupied).toBe(link?.capacity)

  run(traffic, 1_200_000, { lampsAt: () => GREEN })
  expect(measureLanes(junctionOf(traffic, 1))[0]?.queue).toBe(0)
  expect(isConserved(measureCity(traffic))).toBe(true)
})

test('at yellow a driver stops who can after a second, at 3 m/s²; the others drive on', () => {
  for (const { toLineM, stops } of [
    { toLineM: 45.5, stops: false },
    { toLineM: 46.5, stops: true },
  ]) {
    const traffic = streets([oneStreet({ vehiclesPerHour: 0 })])
    const lane = laneOf(traffic, 'N1')
    place(traffic, { lane: 'N1', positionM: 300 - toLineM, speedMps: 50 / 3.6 })
    run(traffic, 3_500, { lampsAt: () => YELLOW })
    run(traffic, 12_000, { lampsAt: () => RED })
    expect([toLineM, lane.vehicles.some(({ crossed }) => !crossed)]).toEqual([toLineM, stops])
  }
})

test('a loop is occupied while a vehicle is over it, and gives one pulse for each', () => {
  const traffic = streets([
    oneStreet({ vehiclesPerHour: 900, detectors: [{ lanes: ['N1'], setbackM: 100, lengthM: 2 }] }),
  ])
  const { readings } = junctionOf(traffic)
  let pulses = 0
  let before = 0
  const watch = () => {
    const occupied = readings.occupied[1] ?? 0
    if (occupied > before) pulses++
    before = occupied
  }
  run(traffic, 1_800_000, { lampsAt: () => GREEN, watch })
  const passed = traffic.left + laneOf(traffic, 'N1').vehicles.filter(({ positionM }) => positionM > 198).length
  expect(pulses).toBe(passed)
})

test('a camera zone counts the vehicles that stand in all its lanes', () => {
  const traffic = streets([
    oneStreet({
      lanes: [{ turns: ['through'] }, { turns: ['through'] }],
      detectors: [{ lanes: ['N1', 'N2'], setbackM: 0, lengthM: 40 }],
    }),
  ])
  place(traffic, { lane: 'N1', positionM: 299, speedMps: 0 })
  place(traffic, { lane: 'N1', positionM: 292, speedMps: 0 })
  place(traffic, { lane: 'N2', positionM: 299, speedMps: 0 })
  place(traffic, { lane: 'N2', positionM: 255, speedMps: 0 })
  run(traffic, 100, { lampsAt: () => RED })
  expect(junctionOf(traffic).readings.vehicles[1]).toBe(3)
  expect(junctionOf(traffic).readings.occupied[1]).toBe(1)
})

test('people push the button once they come, push again when nothing happens, and go with the green man', () => {
  const traffic = streets([oneStreet({ pedestriansPerHour: 120 })])
  const crossing = approachOf(traffic).crossing
  const pushes: number[] = []
  let down = false
  const watch = () => {
    const pushed = junctionOf(traffic).readings.pedestrianButtons === 0b1000
    if (pushed && !down) pushes.push(traffic.nowMs)
    down = pushed
  }
  run(traffic, 300_000, { lampsAt: () => RED, watch })
  expect(crossing?.waitingSinceMs.length).toBeGreaterThan(3)
  expect(pushes.length).toBeGreaterThan(5)
  const waiting = crossing?.waitingSinceMs.length
  run(traffic, 100, { lampsAt: () => ({ ...RED, walks: 0b1000 }) })
  expect(crossing?.waitingSinceMs).toEqual([])
  expect(crossing?.crossed).toBe(waiting)
})

test('the same seed puts the same vehicle in the same place, another seed does not', () => {
  const positions = (seed: number) => {
    const traffic = streets([oneStreet({ vehiclesPerHour: 1_000 })], seed)
    run(traffic, 600_000, { lampsAt: signalOf(60_000, 25_000) })
    return laneOf(traffic, 'N1').vehicles.map(({ positionM, persona }) => [positionM, persona])
  }
  expect(positions(5)).toEqual(positions(5))
  expect(positions(5)).not.toEqual(positions(6))
})

interface Place {
  readonly lane: string
  readonly positionM: number
  readonly speedMps: number
}

/** Puts a car into a lane, behind those that are there. */
function place(traffic: Traffic, { lane: id, positionM, speedMps }: Place): void {
  const lane = laneOf(traffic, id)
  const movement = lane.approach.movements[0]
  if (!movement) throw new Error('no movement')
  const fixed = { persona: 1, passed: 0, speedFactor: 1, lengthM: 4.5, movement, lane, link: null }
  lane.bound++
  lane.vehicles.push({ ...fixed, positionM, speedMps, waitedMs: 0, crossed: false, seen: 'go', stops: false })
}
