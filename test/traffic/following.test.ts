/** Following and stopping, as sums over steps: what is called safe is safe, and no speed above it is. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brakingM, slowingMps, stoppingMps, travelS } from '#sim/traffic/flow/following.ts'

const steps = fc.constantFrom(0.1, 0.2, 0.5, 1)
const speed = fc.double({ min: 0, max: 40, noNaN: true })
const braking = fc.double({ min: 0.5, max: 9, noNaN: true })

/** Brakes step by step until it stands. */
function brakeFrom(speedMps: number, decelerationMps2: number, stepS: number): number {
  let metres = 0
  for (let mps = speedMps - decelerationMps2 * stepS; mps > 0; mps -= decelerationMps2 * stepS) metres += mps * stepS
  return metres
}

test('the braking distance is what a vehicle drives that brakes step by step', () => {
  fc.assert(
    fc.property(speed, braking, steps, (mps, decelerationMps2, stepS) => {
      expect(brakingM(mps, decelerationMps2, stepS)).toBeCloseTo(brakeFrom(mps, decelerationMps2, stepS), 6)
    }),
  )
})

test('who drives as fast as is safe, reacts and then brakes, stands just where he must, and a little faster would be too far', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 200, noNaN: true }), braking, steps, (gapM, decelerationMps2, stepS) => {
      const wayM = (mps: number) => mps * 1 + brakingM(mps, decelerationMps2, stepS)
      const safeMps = stoppingMps(gapM, decelerationMps2, 1, stepS)
      expect(wayM(safeMps)).toBeCloseTo(gapM, 5)
      expect(wayM(safeMps + 0.01)).toBeGreaterThan(gapM)
    }),
  )
})

test('nobody moves into a gap that is not there', () => {
  expect(stoppingMps(0, 4.5, 1, 0.5)).toBe(0)
  expect(stoppingMps(-3, 4.5, 1, 0.5)).toBe(0)
})

test('who slows down for a bend has its speed when he is there', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 15, noNaN: true }),
      fc.double({ min: 0, max: 150, noNaN: true }),
      steps,
      (bendMps, awayM, stepS) => {
        let leftM = awayM
        let mps = Math.min(20, slowingMps(bendMps, leftM, 4.5, stepS))
        for (let n = 0; n < 5_000 && leftM > mps * stepS; n++) {
          leftM -= mps * stepS
          mps = Math.min(mps, slowingMps(bendMps, leftM, 4.5, stepS))
        }
        // The last step may begin a little before the bend.
        expect(mps).toBeLessThanOrEqual(bendMps + 4.5 * stepS)
      },
    ),
  )
})

test.each([
  [0, 0, 10, 2, 0],
  [25, 0, 10, 2, 5],
  [45, 0, 10, 2, 7],
  [30, 10, 10, 2, 3],
])('%s m from %s m/s, at most %s m/s and %s m/s², take %s s', (metres, mps, limitMps, accelerationMps2, seconds) => {
  expect(travelS(metres, mps, limitMps, accelerationMps2)).toBeCloseTo(seconds, 9)
})
