/** The named weathers take from the saturation flow of one lane what the studies found that they are taken from. */
import { describe, expect, test } from 'vitest'
import { intersectionId, phaseId } from '#base/id.ts'
import { WEATHERS, type WeatherFactors } from '#config/weathers.ts'
import { createTraffic, tickTraffic } from '#sim/traffic/flow/traffic.ts'
import type { Lamps } from '#sim/traffic/flow/lights.ts'
import type { StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import type { TripSource } from '#sim/traffic/trip.ts'
import { smallStreets } from './small-streets.ts'

const STREETS = smallStreets([['A.W', 'through', 'A.E.exit']], { 'A.W': 900, 'A.E.exit': 400 })
const LIT: StreetNetwork = {
  ...STREETS,
  ways: STREETS.ways.map((way) => ({ ...way, head: { kind: 'vehicle', phase: phaseId(2) } })),
  junctions: STREETS.junctions.map((junction) => ({ ...junction, intersection: intersectionId('A') })),
}

const RED: Lamps = { greens: 0, yellows: 0, walks: 0, overlapGreens: 0, overlapYellows: 0, overlapFlashes: 0 }
const GREEN: Lamps = { ...RED, greens: 0b10 }
const GREEN_MS = 120_000
const CYCLES = 12
/** HCM 6, chapter 31: headways are those of saturation from the fourth vehicle on. */
const FIRST = 4
const LAST = 24

/** More than the street takes, so that the queue never ends. */
function crowd(): TripSource {
  let number = 0
  const next = (departMs: number) => ({
    number,
    departMs,
    kind: 'car' as const,
    persona: Math.imul(number++, 2_654_435_761) >>> 0,
    route: [0, 1],
    stops: [],
  })
  return { take: (untilMs) => (number * 1_500 < untilMs ? next(number * 1_500) : null) }
}

/** Vehicles per hour of green. */
function saturationIn(weather: WeatherFactors): number {
  const traffic = createTraffic({
    network: LIT,
    trips: crowd(),
    walkers: { take: () => null },
    weatherAt: () => weather,
  })
  const greens: number[][] = []
  while (traffic.nowMs < 2 * GREEN_MS * CYCLES) {
    const intoCycleMs = traffic.nowMs % (2 * GREEN_MS)
    const isGreen = intoCycleMs >= GREEN_MS
    if (intoCycleMs === GREEN_MS) greens.push([])
    const movedAtMs = traffic.nowMs
    tickTraffic(traffic, () => (isGreen ? GREEN : RED))
    const { crossed, stepMs } = traffic.flow
    if (movedAtMs % stepMs === 0) for (let i = 0; i < crossed.length; i += 2) greens.at(-1)?.push(intoCycleMs)
  }
  const full = greens.filter((times) => times.length >= LAST)
  const meanMs = (position: number) => full.reduce((sum, times) => sum + (times[position - 1] ?? 0), 0) / full.length
  return (3_600_000 * (LAST - FIRST)) / (meanMs(LAST) - meanMs(FIRST))
}

describe('of the saturation flow of a dry day', () => {
  const dry = saturationIn({ speed: 1, headway: 1, grip: 1 })

  test.each([
    ['rain', 0.09],
    ['heavy_rain', 0.12],
    ['snow', 0.2],
    ['fog', 0.12],
  ])('%s takes %d, within three hundredths', (name, lost) => {
    const weather = WEATHERS[name] ?? { speed: 0, headway: 0, grip: 0 }
    expect(Math.abs(1 - saturationIn(weather) / dry - lost)).toBeLessThan(0.03)
  })
})
