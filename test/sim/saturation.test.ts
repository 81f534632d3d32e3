/** Pictures of a queue that discharges: saturation flow and start-up lost time as the Highway Capacity Manual measures them. */
import { expect, test } from 'vitest'
import { GREEN, laneOf, oneStreet, RED, run, streets } from './one-street.ts'

/** Headways at the stop line, ms, of the queue of one green after a long red; the first is from the start of green. */
function dischargeHeadwaysMs(seed: number): number[] {
  const traffic = streets([oneStreet({ vehiclesPerHour: 1_700 })], seed)
  const lane = laneOf(traffic, 'N1')
  const redMs = 120_000
  run(traffic, redMs, { lampsAt: () => RED })
  const queued = lane.vehicles.length
  const crossedAtMs: number[] = []
  run(traffic, 90_000, {
    lampsAt: () => GREEN,
    watch: () => {
      const crossed = lane.approach.movements[0]?.crossed ?? 0
      while (crossedAtMs.length < crossed) crossedAtMs.push(traffic.nowMs - redMs)
    },
  })
  return crossedAtMs.slice(0, queued).map((atMs, i) => atMs - (crossedAtMs[i - 1] ?? 0))
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('a queue discharges at 1,700 to 1,900 vehicles an hour and lane, and loses about two seconds at the start', () => {
  const greens = Array.from({ length: 20 }, (_, seed) => dischargeHeadwaysMs(seed))
  // HCM 2010, 31-6: the headways behind the fourth vehicle are saturated.
  const saturatedMs = mean(greens.flatMap((headways) => headways.slice(4)))
  const lostMs = mean(greens.map((headways) => headways.slice(0, 4).reduce((sum, ms) => sum + ms - saturatedMs, 0)))
  expect(3_600_000 / saturatedMs).toBeGreaterThan(1_700)
  expect(3_600_000 / saturatedMs).toBeLessThan(1_900)
  expect(lostMs).toBeGreaterThan(1_500)
  expect(lostMs).toBeLessThan(2_500)
})
