/** The street against the Highway Capacity Manual: one lane at a fixed-time signal, vehicles that come at random. */
import { describe, expect, test } from 'vitest'
import { nextExponential, nextWord, randomStream } from '#base/random.ts'
import { controlDelayS } from '#measures/control-delay.ts'
import { estimateMean } from '#measures/interval.ts'
import type { Lamp, TripWish } from './hand-made.ts'
import { figure, measure, MOVEMENT, straightApproach } from './measured.ts'

const CYCLE_S = 90
const GREEN_S = 39
/** The last drive on through most of the yellow, the first start late: two seconds more than are shown. */
const SIGNAL = { cycleS: CYCLE_S, greenS: GREEN_S + 2, saturationFlowVph: 1_970 }
const RUN_S = 1_800
/** Two runs of half an hour near saturation are as like as 30 s and 45 s of delay. */
const SEEDS = 20

const lamps = (_: number, nowS: number): Lamp => {
  const s = nowS % CYCLE_S
  return s < GREEN_S ? 'go' : s < GREEN_S + 3 ? 'caution' : 'stop'
}

/** Poisson arrivals. */
function arrivals(volumeVph: number, seed: number): TripWish[] {
  const stream = randomStream(seed, 'arrivals')
  const trips: TripWish[] = []
  for (let atS = 0; ;) {
    atS += (nextExponential(stream) * 3_600) / volumeVph
    if (atS >= RUN_S) return trips
    trips.push({ departMs: Math.floor(atS * 1_000), route: ['in', 'out'], persona: nextWord(stream) })
  }
}

const delays = (volumeVph: number, lampsOf: (way: number, nowS: number) => Lamp) =>
  Array.from({ length: SEEDS }, (_, seed) =>
    measure({ network: straightApproach(1, 500), trips: arrivals(volumeVph, seed + 1), untilS: RUN_S, lamps: lampsOf }),
  )

describe('control delay', () => {
  test.each([0.4, 0.7, 0.9])('at v/c %d is within 15 % of uniform and incremental delay', (degree) => {
    const volumeVph = (degree * SIGNAL.saturationFlowVph * SIGNAL.greenS) / CYCLE_S
    const runs = delays(volumeVph, lamps)
    const { mean } = estimateMean(runs.map((run) => figure(run, MOVEMENT, 'controlDelayS')!))
    const manual = controlDelayS({ ...SIGNAL, volumeVph }, { periodH: RUN_S / 3_600 })
    expect(Math.abs(mean / manual - 1)).toBeLessThan(0.15)
  })

  test('is next to nothing where the light is green all day, though some lose time behind slower drivers', () => {
    for (const run of delays(600, () => 'go')) {
      expect(figure(run, MOVEMENT, 'controlDelayS')).toBeLessThan(1)
      expect(figure(run, MOVEMENT, 'totalDelayS')).toBeGreaterThan(2)
    }
  })
})
