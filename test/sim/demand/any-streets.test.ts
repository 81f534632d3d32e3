/** Routes over whatever streets there are: always joined, always out of the network, and never without end. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OpenStreets } from '#sim/traffic/demand/open-streets.ts'
import { StreetGraph } from '#sim/traffic/demand/street-graph.ts'
import { drawRoute, type TurnShares } from '#sim/traffic/demand/turning-route.ts'
import { smallStreets, type Turning } from './small-streets.ts'

const NAMES = ['A.W', 'A.E', 'b', 'c', 'd', 'e', 'f', 'g', 'x.exit', 'y.exit', 'z.dead'] as const

const anyTurning: fc.Arbitrary<Turning> = fc.tuple(
  fc.constantFrom(...NAMES.slice(0, 8)),
  fc.constantFrom('left', 'through', 'right', 'along'),
  fc.constantFrom(...NAMES.slice(2)),
)
const anyStreets = fc.array(anyTurning, { minLength: 1, maxLength: 25 }).map((turnings) => smallStreets(turnings))

const anyShares: fc.Arbitrary<TurnShares | null> = fc.option(
  fc.record({ left: fc.constantFrom(0, 0.2, 1), through: fc.constantFrom(0, 0.8), right: fc.constantFrom(0, 0.5) }),
)
const anyDriver = fc.record({ from: fc.nat({ max: 30 }), persona: fc.nat({ max: 0xffff_ffff }) })

/** What can be reached from an edge, looked for without labels. */
function reachable(graph: StreetGraph, from: number): Set<number> {
  const found = new Set([from])
  for (const edge of found) for (const next of graph.onwardFrom(edge)) found.add(next.edge)
  return found
}

test('a driver finds a way out of the network wherever there is one, by ways that are there, and no other', () =>
  fc.assert(
    fc.property(anyStreets, anyShares, anyDriver, fc.nat({ max: 10 }), (streets, shares, driver, shut) => {
      const graph = new StreetGraph(streets, new Set([shut]))
      const from = driver.from % streets.edges.length
      const exits = [...reachable(graph, from)].filter((edge) => streets.edges[edge]?.to === null)
      const route = drawRoute(graph, { ...driver, from }, () => shares)
      expect(route !== null).toBe(graph.isOpen(from) && exits.length > 0)
      if (route === null) return
      expect(route[0]).toBe(from)
      expect(exits).toContain(route.at(-1))
      expect(route.includes(shut)).toBe(false)
      expect(route.length).toBeLessThanOrEqual(2 * streets.edges.length)
      for (let i = 1; i < route.length; i++)
        expect(graph.onwardFrom(route[i - 1] ?? -1).map(({ edge }) => edge)).toContain(route[i])
    }),
    { numRuns: 400 },
  ))

test('the way down to a target takes as long as its label says, and no single step would shorten it', () =>
  fc.assert(
    fc.property(anyStreets, fc.nat({ max: 30 }), fc.nat({ max: 30 }), (streets, a, b) => {
      const graph = new StreetGraph(streets)
      const [from, target] = [a % streets.edges.length, b % streets.edges.length]
      const seconds = graph.secondsTo([target])
      const label = seconds[from] ?? Infinity
      expect(label < Infinity).toBe(reachable(graph, from).has(target))
      if (label === Infinity) return
      let here = from
      let spentS = 0
      for (const next of graph.descend(from, seconds)) {
        const choices = graph.onwardFrom(here)
        spentS += Math.min(...choices.filter(({ edge }) => edge === next).map(({ travelS }) => travelS))
        here = next
      }
      expect(here).toBe(target)
      expect(spentS).toBeCloseTo(label, 9)
      for (const [edge, left] of seconds.entries())
        if (edge !== target)
          for (const choice of graph.onwardFrom(edge))
            expect(left).toBeLessThanOrEqual(choice.travelS + (seconds[choice.edge] ?? Infinity) + 1e-9)
    }),
    { numRuns: 200 },
  ))

test('at every moment the streets are those that no closure has shut, or is about to shut', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          edge: fc.nat({ max: 3 }),
          fromMs: fc.nat({ max: 9_000_000 }),
          lastsMs: fc.nat({ max: 4_000_000 }),
        }),
        { maxLength: 4 },
      ),
      fc.array(fc.nat({ max: 14_000_000 }), { minLength: 1, maxLength: 20 }),
      (closures, moments) => {
        const streets = smallStreets([
          ['a', 'through', 'b'],
          ['c', 'through', 'd.exit'],
        ])
        const closed = closures.map(({ edge, fromMs, lastsMs }) => ({
          edges: [edge],
          fromMs,
          untilMs: fromMs + lastsMs,
        }))
        const open = new OpenStreets(streets, closed)
        for (const ms of moments)
          for (const edge of [0, 1, 2, 3]) {
            const shut = closed.some(
              ({ edges, fromMs, untilMs }) => edges.includes(edge) && ms >= fromMs - 600_000 && ms < untilMs,
            )
            expect(open.at(ms).isOpen(edge)).toBe(!shut)
          }
      },
    ),
    { numRuns: 200 },
  ))
