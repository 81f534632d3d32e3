/** Stop bars that are wired to each other's inputs, by when vehicles leave them; and streets in which nothing is exchanged. */
import { describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { detectorId, type DetectorId } from '#base/id.ts'
import { good, type Known } from '#base/known.ts'
import { nextUniform, randomStream } from '#base/random.ts'
import { SwappedLoops, WRONG_GREEN_MAX } from '#edge/swapped-loops.ts'
import type { DetectorReading } from '#signal/view.ts'
import { BOULEVARD_GREEN, CROSSING } from '#test/support/boulevard-crossing.ts'

const TICK_MS = 100
/** All of them on one card; phases 2 and 6 for 30 s, then 4 and 8. */
const GREEN_MS = 30_000

/** When the loops of the crossing are left: 1 (advance) whenever, 2, 3 and 4 in the green of 2 and 6, 12 and 13 in that of 4 and 8. */
const LOOPS = [1, 2, 3, 4, 11, 12, 13]
const SIDE = [12, 13]
const ADVANCE = [1, 11]

/** `wiredTo`: which loop an input really sees. `turnsOnRed`: the part of the vehicles that leave loop 12 while it is red. */
function street({ wiredTo = {}, turnsOnRed = 0 }: { wiredTo?: Record<number, number>; turnsOnRed?: number } = {}) {
  const watch = new SwappedLoops({
    ...CROSSING,
    detectors: CROSSING.detectors.map((each) => ({ ...each, device: 'loops' })),
  })
  const random = randomStream(7, 'loops')
  let nowMonoMs = 0
  const readings = (occupied: (loop: number) => boolean) =>
    new Map<DetectorId, Known<DetectorReading>>(
      LOOPS.map((id) => [detectorId(id), good({ occupied: occupied(wiredTo[id] ?? id), actuationCount: 0 }, 0)]),
    )
  const vehicles = new Map<number, number>()
  return {
    swapped: () => watch.swapped.map(([a, b]) => `${a.id} ${b.id}`),
    drive(ms: number, wires = wiredTo) {
      wiredTo = wires
      for (let passed = 0; passed < ms; passed += TICK_MS) {
        nowMonoMs += TICK_MS
        const side = nowMonoMs % (2 * GREEN_MS) >= GREEN_MS
        for (const loop of LOOPS) {
          const leavesAt = vehicles.get(loop)
          if (leavesAt !== undefined && leavesAt <= nowMonoMs) vehicles.delete(loop)
          const green = SIDE.includes(loop) === side
          const goes = ADVANCE.includes(loop) || green || (loop === 12 && nextUniform(random) < turnsOnRed)
          if (!vehicles.has(loop) && goes && nextUniform(random) < 0.02) vehicles.set(loop, nowMonoMs + 500)
        }
        const lit = side ? bit(4) | bit(8) : bit(2) | bit(6)
        watch.step({
          signal: good({ ...BOULEVARD_GREEN, greens: lit, yellows: 0 }, 0),
          detectors: readings((loop) => vehicles.has(loop)),
          nowMonoMs,
        })
      }
    },
  }
}

const MINUTE_MS = 60_000
/** About seven vehicles a minute leave a stop bar here; five at the least. */
const ENOUGH_MS = Math.ceil((2 * WRONG_GREEN_MAX) / 5) * MINUTE_MS

describe('two stop bars', () => {
  test('of crossing streets are found exchanged within five minutes of traffic, and found right five minutes after they were mended', () => {
    const bars = street({ wiredTo: { 2: 12, 12: 2 } })
    bars.drive(ENOUGH_MS)
    expect(bars.swapped()).toEqual(['2 12'])
    bars.drive(ENOUGH_MS, {})
    expect(bars.swapped()).toEqual([])
  })

  test.each([
    [2, 4],
    [12, 13],
  ])('%i and %i, whose greens are the same, cannot be told apart, and need not be', (one, other) => {
    const bars = street({ wiredTo: { [one]: other, [other]: one } })
    bars.drive(60 * MINUTE_MS)
    expect(bars.swapped()).toEqual([])
  })
})

test('nothing is found in a day of a street in which nothing is exchanged, nor where many turn on red', () => {
  for (const turnsOnRed of [0, 0.3, 1]) {
    const sound = street({ turnsOnRed })
    sound.drive(6 * 60 * MINUTE_MS)
    expect(sound.swapped()).toEqual([])
  }
})
