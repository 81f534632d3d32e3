/** The software monitor over any timeline that is seen through a wire which loses and delays looks. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextUniform, randomStream } from '#base/random.ts'
import { watch, type Timeline } from './lamp-bench.ts'

/** What a wire does to a look: when it is asked for after its turn, how long the answer takes, whether it comes. */
interface Wire {
  readonly seed: number
  readonly answersWithinMs: number
  /** One in so many is lost; 0 = none. */
  readonly lost: number
}

const SCAN_MS = 100
const LATE_TICK_MS = 5

function* looksOver(
  { seed, answersWithinMs, lost }: Wire,
  untilMs: number,
): Generator<readonly [number, number, number]> {
  const random = randomStream(seed, 'wire')
  let freeMs = 0
  for (let turnMs = 0; turnMs < untilMs; turnMs += SCAN_MS) {
    const askedMs = turnMs + Math.floor(nextUniform(random) * LATE_TICK_MS)
    const answeredMs = askedMs + Math.floor(nextUniform(random) * answersWithinMs)
    const takenMs = askedMs + Math.floor(nextUniform(random) * (answeredMs - askedMs + 1))
    const isLost = lost > 0 && nextUniform(random) < 1 / lost
    // One request is under way at a time: who waits for a late answer asks for nothing else.
    if (askedMs < freeMs) continue
    freeMs = answeredMs
    if (!isLost) yield [askedMs, takenMs, answeredMs]
  }
}

const between = (min: number, max: number) => fc.integer({ min, max })
const anySeed = fc.integer()

describe('any timeline over any wire', () => {
  test('a conflict of 500 ms or more is found, within 700 ms, while each look is answered within 60 ms', () => {
    const wire = fc.record({ seed: anySeed, answersWithinMs: between(1, 60), lost: fc.constant(0) })
    fc.assert(
      fc.property(wire, between(1_000, 2_000), between(500, 5_000), (each, fromMs, lastsMs) => {
        const timeline: Timeline = [
          [0, 'GR'],
          [fromMs, 'GG'],
          [fromMs + lastsMs, 'GR'],
        ]
        const [found] = watch(timeline, looksOver(each, fromMs + lastsMs + 1_000))
        expect(found?.check).toBe('displayedConflict')
        expect(found?.atMs).toBeLessThanOrEqual(fromMs + 700)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a conflict of 600 ms or more is found within 700 ms although any one look in its time is lost or late', () => {
    const lost = fc.record({ seed: anySeed, answersWithinMs: between(1, 45), which: between(0, 8) })
    fc.assert(
      fc.property(lost, between(1_000, 1_099), between(600, 5_000), ({ which, ...rest }, fromMs, lastsMs) => {
        const looks = [...looksOver({ ...rest, lost: 0 }, fromMs + lastsMs + 1_000)]
        const without = looks.filter((_, i) => i !== Math.floor(fromMs / SCAN_MS) + which)
        const timeline: Timeline = [
          [0, 'GR'],
          [fromMs, 'GG'],
          [fromMs + lastsMs, 'GR'],
        ]
        const [found] = watch(timeline, without)
        expect(found?.check).toBe('displayedConflict')
        expect(found?.atMs).toBeLessThanOrEqual(fromMs + 700)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a conflict of less than 200 ms is never told, whatever is lost or late', () => {
    const wire = fc.record({ seed: anySeed, answersWithinMs: between(1, 400), lost: between(0, 6) })
    fc.assert(
      fc.property(wire, fc.array(between(1, 199), { minLength: 1, maxLength: 8 }), (each, lengthsMs) => {
        const flashes = lengthsMs.map((lastsMs, i) => [1_000 * (i + 1), lastsMs] as const)
        const timeline: Timeline = [
          [0, 'GR'],
          ...flashes.flatMap(
            ([fromMs, lastsMs]) =>
              [
                [fromMs, 'GG'],
                [fromMs + lastsMs, 'GR'],
              ] as const,
          ),
        ]
        expect(watch(timeline, looksOver(each, 10_000))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test('a lawful change is never told, and a yellow of 2.3 s or less always, whatever is late within 60 ms', () => {
    const wire = fc.record({ seed: anySeed, answersWithinMs: between(1, 60), lost: fc.constant(0) })
    const change = fc.tuple(between(5_000, 5_999), between(0, 5_000), between(0, 3_000))
    fc.assert(
      fc.property(wire, change, (each, [fromMs, yellowMs, redMs]) => {
        const redFromMs = fromMs + yellowMs
        const timeline: Timeline = [
          [0, 'GR'],
          [fromMs, 'YR'],
          [redFromMs, 'RR'],
          [redFromMs + redMs, 'RG'],
        ]
        const found = watch(timeline, looksOver(each, 20_000)).map(({ check }) => check)
        if (yellowMs <= 2_300) expect(found).toContain('shortYellow')
        if (yellowMs >= 2_600) expect(found).not.toContain('shortYellow')
        if (yellowMs + redMs <= 2_300) expect(found).toContain('skippedClearance')
        if (yellowMs + redMs >= 2_600) expect(found).not.toContain('skippedClearance')
      }),
      { numRuns: 1_000 },
    )
  })

  test('lost looks make no change shorter: one that is lawful is never told', () => {
    const wire = fc.record({ seed: anySeed, answersWithinMs: between(1, 400), lost: between(0, 3) })
    fc.assert(
      fc.property(wire, between(5_000, 5_999), between(2_700, 5_000), (each, fromMs, yellowMs) => {
        const timeline: Timeline = [
          [0, 'GR'],
          [fromMs, 'YR'],
          [fromMs + yellowMs, 'RG'],
        ]
        expect(watch(timeline, looksOver(each, 20_000))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test('a channel that is dark for a second is found, for less than 700 ms never', () => {
    const wire = fc.record({ seed: anySeed, answersWithinMs: between(1, 60), lost: fc.constant(0) })
    fc.assert(
      fc.property(wire, between(1_000, 1_999), between(1, 3_000), (each, fromMs, lastsMs) => {
        const timeline: Timeline = [
          [0, 'RR'],
          [fromMs, '.R'],
          [fromMs + lastsMs, 'RR'],
        ]
        const found = watch(timeline, looksOver(each, 6_000)).map(({ check }) => check)
        if (lastsMs < 700) expect(found).toEqual([])
        if (lastsMs >= 1_000) expect(found).toEqual(['missingRed'])
      }),
      { numRuns: 1_000 },
    )
  })
})
