/** Tables of the Highway Capacity Manual: delay at a signal, and what it is called. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  capacityVph,
  controlDelayS,
  degreeOfSaturation,
  incrementalDelayFactor,
  incrementalDelayS,
  levelOfService,
  uniformDelayS,
  upstreamFilteringFactor,
  type LaneGroup,
} from '#measures/control-delay.ts'

const group = (volumeVph: number, greenShare = 0.4, cycleS = 90, saturationFlowVph = 1_937.5): LaneGroup => ({
  volumeVph,
  saturationFlowVph,
  greenS: greenShare * cycleS,
  cycleS,
})

describe('delay', () => {
  test('of 800 veh/h at a capacity of 775 veh/h, g/C 0.4 and a cycle of 90 s is 27.0 s and 40.9 s (Roess and Prassas)', () => {
    expect(capacityVph(group(800))).toBeCloseTo(775, 6)
    expect(degreeOfSaturation(group(800))).toBeCloseTo(1.032, 3)
    expect(uniformDelayS(group(800))).toBeCloseTo(27, 6)
    expect(incrementalDelayS(group(800))).toBeCloseTo(40.9, 1)
    expect(controlDelayS(group(800))).toBeCloseTo(67.9, 1)
  })

  test('of a street that nobody uses is that of half the red, weighed by the red', () => {
    expect(uniformDelayS(group(0))).toBeCloseTo(0.5 * 90 * 0.6 * 0.6, 6)
    expect(incrementalDelayS(group(0))).toBe(0)
  })

  test('at exact saturation is half the red, and 450 s times the root of what chance brings in a quarter-hour', () => {
    expect(uniformDelayS(group(775))).toBeCloseTo(0.5 * 90 * 0.6, 6)
    expect(incrementalDelayS(group(775))).toBeCloseTo(225 * Math.sqrt(4 / (775 * 0.25)), 6)
  })

  test('with all arrivals in the green, as PF = 0 says, is the incremental delay alone', () => {
    expect(controlDelayS(group(600), { progressionFactor: 0 })).toBe(incrementalDelayS(group(600)))
  })

  test('grows with the volume, whatever the timing', () => {
    const timing = fc.tuple(fc.double({ min: 0.1, max: 0.9, noNaN: true }), fc.integer({ min: 30, max: 180 }))
    fc.assert(
      fc.property(timing, fc.integer({ min: 0, max: 2_000 }), ([greenShare, cycleS], volume) => {
        const less = controlDelayS(group(volume, greenShare, cycleS))
        expect(controlDelayS(group(volume + 10, greenShare, cycleS))).toBeGreaterThanOrEqual(less)
      }),
    )
  })
})

/** HCM 2000, Exhibit 16-13: k by passage time, for X of 0.5, 0.6, … 1.0. */
test.each([
  [2, [0.04, 0.13, 0.22, 0.32, 0.41, 0.5]],
  [2.5, [0.08, 0.16, 0.25, 0.33, 0.42, 0.5]],
  [3, [0.11, 0.19, 0.27, 0.34, 0.42, 0.5]],
  [3.5, [0.13, 0.2, 0.28, 0.35, 0.43, 0.5]],
  [4, [0.15, 0.22, 0.29, 0.36, 0.43, 0.5]],
  [4.5, [0.19, 0.25, 0.31, 0.38, 0.44, 0.5]],
  [5, [0.23, 0.28, 0.34, 0.39, 0.45, 0.5]],
])('k of a phase with a passage time of %d s stands as in the exhibit', (passageS, row) => {
  // The exhibit is rounded; its row of 4.5 s by up to 0.01.
  row.forEach((k, i) => expect(Math.abs(incrementalDelayFactor(passageS, 0.5 + i / 10) - k)).toBeLessThan(0.011))
  expect(incrementalDelayFactor(passageS, 0.2)).toBeCloseTo(incrementalDelayFactor(passageS, 0.5), 10)
  expect(incrementalDelayFactor(passageS, 1.4)).toBe(0.5)
})

/** HCM 2000, Exhibit 15-9. */
test.each([
  [0.4, 0.922],
  [0.5, 0.858],
  [0.6, 0.769],
  [0.7, 0.65],
  [0.8, 0.5],
  [0.9, 0.314],
  [1, 0.09],
  [1.3, 0.09],
])('I behind a signal at %d of its capacity is %d', (upstream, factor) =>
  expect(upstreamFilteringFactor(upstream)).toBeCloseTo(factor, 3),
)

test.each([
  [0, 0.5, 'A'],
  [10, 0.5, 'A'],
  [10.001, 0.5, 'B'],
  [20, 0.5, 'B'],
  [20.001, 0.5, 'C'],
  [35, 0.5, 'C'],
  [35.001, 0.5, 'D'],
  [55, 0.5, 'D'],
  [55.001, 0.5, 'E'],
  [80, 0.5, 'E'],
  [80.001, 0.5, 'F'],
  [12, 1, 'B'],
  [12, 1.001, 'F'],
] as const)('%d s at v/c %d is level of service %s', (delayS, degree, level) =>
  expect(levelOfService(delayS, degree)).toBe(level),
)
