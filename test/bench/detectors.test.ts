/** The bench that breaks loops: whatever it draws can be found at all, and its bars are those of the figures. */
import { expect, test } from 'vitest'
import { drawInjections, INJECTED, type Injection } from '#bench/detectors/injections.ts'
import { judge, tableOf } from '#bench/detectors/print.ts'
import { detectorId, intersectionId } from '#base/id.ts'
import { loadHamadan } from '#test/sim/hamadan.ts'

const HOURS = 24
const draw = async (seed: number) => drawInjections(await loadHamadan(), { count: 200, seed, hours: HOURS })

test('two hundred faults of all kinds, the same for the same seed, and no lane has two in one half of the day', async () => {
  const drawn = await draw(1)
  expect(drawn).toHaveLength(200)
  expect(await draw(1)).toEqual(drawn)
  expect(await draw(2)).not.toEqual(drawn)
  for (const kind of INJECTED) expect(drawn.filter((each) => each.kind === kind).length).toBeGreaterThan(30)
  const streets = await streetsOf(drawn.filter(({ kind }) => kind === 'swapped-wires'))
  expect(streets.filter((count) => count === 1).length).toBeGreaterThan(20)
  expect(streets.filter((count) => count === 2).length).toBeGreaterThan(20)
  const halves = drawn.map(({ place, detectors, atMs }) => {
    const half = atMs < (HOURS * 3_600_000) / 2 ? 1 : 2
    return detectors.map((each) => `${place} ${each} ${half}`)
  })
  expect(new Set(halves.flat()).size).toBe(halves.flat().length)
})

/** Over how many phases the two loops of each exchange lie. */
async function streetsOf(exchanges: readonly Injection[]): Promise<number[]> {
  const { intersections } = await loadHamadan()
  return exchanges.map(({ place, detectors }) => {
    const own = intersections.find(({ database }) => database.intersection.id === place)
    const hit = own?.database.intersection.detectors.filter(({ id }) => detectors.includes(id)) ?? []
    return new Set(hit.map(({ phase }) => phase)).size
  })
}

test.each([
  [200, 199, 1, true],
  [200, 198, 1, true],
  [200, 197, 1, false],
  [200, 200, 2, true],
  [200, 200, 3, false],
])('of %i faults %i found, and %i false flags in two hundred detector-days: %s', (count, found, wrong, passes) => {
  const injection = { kind: 'stuck-on', place: intersectionId('IX-01'), detectors: [detectorId(1)], atMs: 0 } as const
  const faults = Array.from({ length: count }, (_, i) => ({
    injection,
    foundAfterMs: i < found ? 60_000 : null,
    clearedAfterMs: null,
  }))
  const falseFlags = Array.from({ length: wrong }, () => ({ ...injection, atEpochMs: 0 }))
  const result = { faults, falseFlags, detectorDays: 200 }
  expect(judge(result).passes).toBe(passes)
  expect(tableOf(result)).toContain(passes ? 'holds' : 'FAILS')
})
