/** Gaps lane by lane: what is found again without looking is what looking would find. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gapOf, NO_GAPS_YET, watchGaps, type GapMemory } from '#control/lane-gaps.ts'
import { BOULEVARD_GREEN, broken, empty, occupied, viewOf } from '#test/support/boulevard-crossing.ts'

const STEP_MS = 100
const WATCHED = [2, 3, 4]
const RED = { ...BOULEVARD_GREEN, greens: 0 }

const reading = fc.constantFrom(occupied(), empty(), broken)
/** So many steps in which the street stays as it is. */
const stretch = fc.record({
  steps: fc.integer({ min: 1, max: 60 }),
  detectors: fc.tuple(reading, reading, reading),
  isGreen: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
})

test('whoever is handed the same detectors again finds the same lanes, gapped at the same step, as one who reads all anew', () => {
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 12 }), (street) => {
      let [calm, anew]: [GapMemory, GapMemory] = [NO_GAPS_YET, NO_GAPS_YET]
      let nowMonoMs = 0
      for (const { steps, detectors: readings, isGreen } of street) {
        const detectors = Object.fromEntries(WATCHED.map((id, i) => [id, readings[i] ?? empty()]))
        const signal = isGreen ? BOULEVARD_GREEN : RED
        const same = viewOf({ nowMonoMs, signal, detectors })
        for (let step = 0; step < steps; step++, nowMonoMs += STEP_MS) {
          calm = watchGaps({ ...same, nowMonoMs }, signal, calm)
          anew = watchGaps(viewOf({ nowMonoMs, signal, detectors }), signal, anew)
          expect(calm.lanes).toEqual(anew.lanes)
        }
      }
    }),
  )
})

test('a lane that empties has been quiet since the last step at which somebody was there', () => {
  const look = (nowMonoMs: number, over: ReturnType<typeof empty>, memory: GapMemory) =>
    watchGaps(viewOf({ nowMonoMs, signal: BOULEVARD_GREEN, detectors: { 2: over } }), BOULEVARD_GREEN, memory)
  const there = look(1_000, occupied(), NO_GAPS_YET)
  expect(gapOf(there, 2)?.quietSinceMonoMs).toBeNull()
  expect(gapOf(look(1_100, empty(), there), 2)?.quietSinceMonoMs).toBe(1_000)
})
