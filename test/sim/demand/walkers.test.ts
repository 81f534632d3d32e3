/** People at the crosswalks of Hamadan: how many, how fast, and who pushes the button. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import { walkingSpeedMps } from '#sim/traffic/demand/walkers.ts'
import type { TrafficScenario } from '#sim/traffic/demand/scenario-run.ts'
import type { Walker } from '#sim/traffic/walker.ts'
import { loadHamadan } from '../hamadan.ts'
import { HOUR_MS, laidCity, plain, type LaidCity } from './laid-city.ts'

let site: SiteConfig
let city: LaidCity
beforeAll(async () => {
  site = await loadHamadan()
  city = laidCity(site)
})

function walkersOf({ walkers }: TrafficScenario, untilMs: number, stepMs = untilMs): Walker[] {
  const all: Walker[] = []
  for (let ms = stepMs; ; ms = Math.min(ms + stepMs, untilMs)) {
    for (let walker = walkers.take(ms); walker !== null; walker = walkers.take(ms)) all.push(walker)
    if (ms === untilMs) return all
  }
}

describe('people at the crosswalks', () => {
  test('are as many in the busiest hour as the counts have, at each crosswalk', () => {
    const walkers = walkersOf(city.lay(plain(7, { pedestrianFactors: [[0, 1]] })), 4 * HOUR_MS)
    city.network.crossings.forEach(({ junction, approach }, crossing) => {
      const { demand } = site.intersections[junction] ?? { demand: [] }
      const expected = 4 * (demand.find((row) => row.approach === approach)?.pedestriansPerHour ?? 0)
      const count = walkers.filter((walker) => walker.crossing === crossing).length
      expect(Math.abs(count - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected))
    })
  })

  test('are fewer at night, as vehicles are, unless the scenario says otherwise', () => {
    const counted = site.intersections.flatMap(({ demand }) => demand.map((row) => row.pedestriansPerHour))
    const all = counted.reduce((sum, perHour) => sum + perHour, 0)
    const atNight = walkersOf(city.lay(plain(2)), HOUR_MS).length
    // 570 vehicles of 4,410.
    expect(atNight / all).toBeCloseTo(570 / 4_410, 1.5)
    expect(walkersOf(city.lay(plain(2, { pedestrianFactors: [[0, 0]] })), HOUR_MS)).toEqual([])
  })

  test('come in order, and the same in whatever steps they are asked for', () => {
    const whole = walkersOf(city.lay(plain(7)), HOUR_MS)
    expect(walkersOf(city.lay(plain(7)), HOUR_MS, 777)).toEqual(whole)
    for (let i = 1; i < whole.length; i++)
      expect(whole[i]?.departMs).toBeGreaterThanOrEqual(whole[i - 1]?.departMs ?? 0)
  })

  test('push the button unless somebody has done so in the last five seconds', () => {
    const [first = 0] = city.network.crossings.flatMap(({ approach }, crossing) =>
      approach === 'NE' ? [crossing] : [],
    )
    const at = walkersOf(city.lay(plain(7)), HOUR_MS).filter(({ crossing }) => crossing === first)
    const pushed: number[] = []
    for (const { departMs, pushes } of at) {
      expect(pushes).toBe(departMs - (pushed.at(-1) ?? -Infinity) >= 5_000)
      if (pushes) pushed.push(departMs)
    }
    expect(pushed.length).toBeLessThan(at.length)
  })
})

test('walking speeds spread around 1.2 m/s, the older ones slower, between a shuffle and a run', () => {
  const speeds = Array.from({ length: 20_000 }, (_, persona) => walkingSpeedMps(persona))
  const mean = speeds.reduce((sum, mps) => sum + mps, 0) / speeds.length
  const variance = speeds.reduce((sum, mps) => sum + (mps - mean) ** 2, 0) / speeds.length
  expect(mean).toBeCloseTo(0.85 * 1.2 + 0.15 * 1, 2)
  // Within the two groups, and between them.
  expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(0.2 ** 2 + 0.85 * 0.15 * 0.2 ** 2), 2)
  expect(Math.min(...speeds)).toBeGreaterThanOrEqual(0.6)
  expect(Math.max(...speeds)).toBeLessThanOrEqual(2)
})
