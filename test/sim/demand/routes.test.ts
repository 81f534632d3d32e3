/** Routes over small streets: by the counts of turns, and by the shortest way. */
import { expect, test } from 'vitest'
import { StreetGraph } from '#sim/traffic/demand/street-graph.ts'
import { drawRoute, type TurnShares } from '#sim/traffic/demand/turning-route.ts'
import { smallStreets } from './small-streets.ts'

/** Two crossings in a row, A to the west of B; only the ways that matter. */
const TWO = smallStreets([
  ['A.W', 'along', 'A.W.pockets'],
  ['A.W.pockets', 'through', 'B.W'],
  ['A.W.pockets', 'left', 'A.N.exit'],
  ['A.W.pockets', 'right', 'A.S.exit'],
  ['B.W', 'through', 'B.E.exit'],
  ['B.W', 'left', 'B.N.exit'],
  ['B.W', 'right', 'B.S.dead'],
])

const sharesOf = (left: number, through: number, right: number) => (): TurnShares => ({ left, through, right })

function shareOfRoutes(route: string, shares: () => TurnShares, drivers = 4_000): number {
  const graph = new StreetGraph(TWO)
  const from = TWO.edge('A.W')
  let count = 0
  for (let persona = 0; persona < drivers; persona++)
    if (TWO.names(drawRoute(graph, { from, persona }, shares) ?? []) === route) count++
  return count / drivers
}

test.each([
  ['A.W A.W.pockets A.N.exit', 0.2],
  ['A.W A.W.pockets A.S.exit', 0.3],
  // 0.5 go straight on; at B the right turn ends in a dead end, so that its share goes to the others.
  ['A.W A.W.pockets B.W B.N.exit', 0.5 * (0.2 / 0.7)],
  ['A.W A.W.pockets B.W B.E.exit', 0.5 * (0.5 / 0.7)],
])('%s is the route of %d of the drivers', (route, share) =>
  expect(shareOfRoutes(route, sharesOf(0.2, 0.5, 0.3))).toBeCloseTo(share, 1.5),
)

test('where all that turn as counted is closed, drivers take the shortest way out', () => {
  const closed = new StreetGraph(TWO, new Set([TWO.edge('B.W')]))
  const route = drawRoute(closed, { from: TWO.edge('A.W'), persona: 7 }, sharesOf(0, 1, 0))
  expect(TWO.names(route ?? [])).toBe('A.W A.W.pockets A.N.exit')
})

test('from a street that leads nowhere there is no route, nor from a closed one', () => {
  const lost = smallStreets([
    ['A.W', 'through', 'ring'],
    ['ring', 'left', 'ring'],
    ['A.E', 'through', 'A.W.exit'],
  ])
  const driver = (name: string) => ({ from: lost.edge(name), persona: 1 })
  expect(drawRoute(new StreetGraph(lost), driver('A.W'), () => null)).toBeNull()
  expect(drawRoute(new StreetGraph(lost, new Set([lost.edge('A.E')])), driver('A.E'), () => null)).toBeNull()
})

test('nobody goes round a block for ever, however the counts turn', () => {
  const block = smallStreets([
    ['A.W', 'right', 'north'],
    ['north', 'right', 'east'],
    ['east', 'right', 'south'],
    ['south', 'right', 'west'],
    ['west', 'right', 'north'],
    ['south', 'left', 'A.W.exit'],
  ])
  const route = drawRoute(new StreetGraph(block), { from: block.edge('A.W'), persona: 3 }, sharesOf(0, 0, 1))
  expect(block.names(route ?? [])).toBe('A.W north east south west north east south A.W.exit')
})

test('the shortest way is that of least time by the speeds of the streets, and another opinion takes another', () => {
  const two = smallStreets(
    [
      ['A.W', 'through', 'straight'],
      ['A.W', 'right', 'round'],
      ['straight', 'through', 'A.E.exit'],
      ['round', 'left', 'A.E.exit'],
    ],
    { straight: 300, round: 320 },
  )
  const graph = new StreetGraph(two)
  const routeBy = (opinion?: (edge: number) => number) => {
    const target = [two.edge('A.E.exit')]
    return two.names(graph.descend(two.edge('A.W'), graph.secondsTo(target, opinion), opinion))
  }
  expect(routeBy()).toBe('straight A.E.exit')
  expect(routeBy((edge) => (edge === two.edge('straight') ? 1.2 : 1))).toBe('round A.E.exit')
})
