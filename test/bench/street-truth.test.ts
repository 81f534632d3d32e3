/** The truth that the estimator is held against: who waited and who came, told when it is known by which lane everybody has left. */
import { describe, expect, test } from 'vitest'
import { errorsOf, SETTLING_S } from '#bench/estimator/errors.ts'
import { BINS, LaneSeconds, type JudgedLane } from '#bench/estimator/lane-seconds.ts'
import { StreetTruth, type Sighting } from '#bench/estimator/street-truth.ts'

const lane = (key: string): JudgedLane => ({ key, kind: 'through', sees: 'loops', lookM: 100, cruiseMps: 10 })
const LANES = [lane('X/1'), lane('X/2')]

/** Speeds second by second on a street of 300 m that ends at the stop line; behind it the vehicle is on another one. */
function drive(speeds: readonly number[], laneAt: (second: number) => string = () => 'X/1') {
  const truth = new LaneSeconds(LANES, 100)
  const street = new StreetTruth(LANES, truth)
  let drivenM = 0
  speeds.forEach((speedMps, second) => {
    drivenM += speedMps
    const isPast = drivenM > 300
    const at: Sighting = {
      ...{ vehicle: 'a', drivenM, speedMps, toLineM: 300 - drivenM },
      lane: isPast ? null : laneAt(second),
      street: isPast ? 'behind' : 'before',
    }
    street.see(second, [at])
  })
  street.end(speeds.length)
  const row = (key: string, bin: number | null) =>
    Array.from({ length: speeds.length }, (_, second) => truth.get(second, key, bin)).join('')
  return row
}

const seconds = (count: number, speed: number): number[] => Array.from({ length: count }, () => speed)

describe('one vehicle', () => {
  test('that nobody holds up comes when it comes, ten seconds by ten, and never waits', () => {
    // 10 m/s: 100 m before the line in second 19, over it in second 30.
    const row = drive(seconds(32, 10))
    expect(row('X/1', null)).toBe('0'.repeat(32))
    expect(row('X/1', 2)).toBe('1'.repeat(9) + '0'.repeat(23))
    expect(row('X/1', 1)).toBe('0'.repeat(9) + '1'.repeat(10) + '0'.repeat(13))
    expect(row('X/1', 0)).toBe('0'.repeat(19) + '1'.repeat(11) + '00')
  })

  test('that stands before the line waits while it is slow, and comes to others than those who wait', () => {
    const row = drive([...seconds(29, 10), ...seconds(10, 0), ...seconds(4, 10)])
    expect(row('X/1', null)).toBe('0'.repeat(29) + '1'.repeat(10) + '0'.repeat(4))
    // In motion again it is not over the line yet: it comes at once.
    expect(row('X/1', 0)).toBe('0'.repeat(19) + '1'.repeat(10) + '0'.repeat(10) + '1000')
  })

  test('that stands beyond the advance loop waits for nobody there', () => {
    const row = drive([...seconds(10, 10), ...seconds(10, 0), ...seconds(25, 10)])
    expect(row('X/1', null)).toBe('0'.repeat(45))
  })

  test('slower than 5 m/s it waits, at 5 m/s it drives', () => {
    expect(drive([...seconds(25, 10), ...seconds(4, 4.9), ...seconds(8, 10)])('X/1', null)).toContain('1111')
    expect(drive([...seconds(25, 10), ...seconds(4, 5), ...seconds(8, 10)])('X/1', null)).not.toContain('1')
  })

  test('that changes lanes before the line was all the time of the lane by which it leaves', () => {
    const row = drive([...seconds(25, 10), ...seconds(5, 0), ...seconds(7, 10)], (second) =>
      second < 31 ? 'X/1' : 'X/2',
    )
    expect(row('X/1', null)).not.toContain('1')
    expect(row('X/2', null)).toContain('11111')
  })
})

describe('errors', () => {
  const watched = SETTLING_S + 100
  const judged = (believed: number, truth: number) => {
    const [own, real] = [new LaneSeconds(LANES, watched), new LaneSeconds(LANES, watched)]
    for (let second = 0; second < watched; second++) {
      own.add(second, 'X/1', { bin: null, vehicles: second < SETTLING_S ? 99 : believed })
      real.add(second, 'X/1', { bin: null, vehicles: truth })
    }
    return { lanes: LANES, believed: own, truth: real, seconds: watched }
  }

  test('a belief of five where two wait is three too many; the first minutes are not judged', () => {
    const errors = errorsOf(judged(5, 2), ({ key }) => key === 'X/1')
    expect(errors).toMatchObject({ lanes: 1, samples: 100 - 10 * BINS, truth: 2, mean: 3, p95: 3, bias: 3 })
  })

  test('too few has another sign, and is as wrong', () => {
    expect(errorsOf(judged(1, 2), ({ key }) => key === 'X/1')).toMatchObject({ mean: 1, bias: -1 })
  })

  test('of no lane, or of a street that was left too soon, nothing is said', () => {
    expect(errorsOf(judged(1, 1), () => false)).toBeNull()
    const short = { ...judged(1, 1), seconds: SETTLING_S + 10 * BINS }
    expect(errorsOf(short, () => true)).toBeNull()
    expect(errorsOf({ ...short, seconds: short.seconds + 1 }, () => true)).toMatchObject({ samples: 2 })
  })
})
