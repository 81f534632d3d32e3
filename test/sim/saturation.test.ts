/** Pictures of a queue that discharges, measured as the Highway Capacity Manual does. */
import { expect, test } from 'vitest'
import { GREEN, laneOf, oneStreet, RED, run, streets, YELLOW } from './one-street.ts'

const RED_MS = 120_000

/** When the vehicles of a long queue cross the line, ms from the start of green; yellow for 3.5 s after it, then red. */
function dischargeMs(seed: number, greenMs: number): number[] {
  const traffic = streets([oneStreet({ vehiclesPerHour: 1_700 })], seed)
  const lane = laneOf(traffic, 'N1')
  run(traffic, RED_MS, { lampsAt: () => RED })
  const queued = lane.vehicles.length
  const crossedAtMs: number[] = []
  const lampsAt = (nowMs: number) => {
    const sinceGreenMs = nowMs - RED_MS
    if (sinceGreenMs <= greenMs) return GREEN
    return sinceGreenMs <= greenMs + 3_500 ? YELLOW : RED
  }
  const watch = () => {
    const crossed = lane.approach.movements[0]?.crossed ?? 0
    while (crossedAtMs.length < crossed) crossedAtMs.push(traffic.nowMs - RED_MS)
  }
  run(traffic, 110_000, { lampsAt, watch })
  return crossedAtMs.slice(0, queued)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed)
const headwaysMs = SEEDS.map((seed) => {
  const crossedAtMs = dischargeMs(seed, 90_000)
  return crossedAtMs.map((atMs, i) => atMs - (crossedAtMs[i - 1] ?? 0))
})
// HCM 2010, 31-6: the headways behind the fourth vehicle are saturated, what the first four take more is lost.
const saturatedMs = mean(headwaysMs.flatMap((headways) => headways.slice(4)))
const lostMs = mean(headwaysMs.map((headways) => headways.slice(0, 4).reduce((sum, ms) => sum + ms - saturatedMs, 0)))

test('a queue discharges at 1,700 to 1,900 vehicles an hour and lane', () => {
  expect(3_600_000 / saturatedMs).toBeGreaterThan(1_700)
  expect(3_600_000 / saturatedMs).toBeLessThan(1_900)
})

test('a queue loses about two seconds at the start of green, and gains about two of the yellow', () => {
  expect(lostMs).toBeGreaterThan(1_500)
  expect(lostMs).toBeLessThan(2_500)
  const gainedMs = [6_000, 10_000, 15_000, 20_000, 30_000].flatMap((greenMs) =>
    SEEDS.map((seed) => dischargeMs(seed, greenMs).length * saturatedMs - (greenMs - lostMs)),
  )
  expect(mean(gainedMs)).toBeGreaterThan(1_000)
  expect(mean(gainedMs)).toBeLessThan(3_000)
})
