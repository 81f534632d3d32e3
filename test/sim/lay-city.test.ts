/** Streets laid out from any junction: each lane leads somewhere, who meets yields, and every way leads out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { at } from '#base/at.ts'
import { layCity } from '#sim/traffic/streets/lay-city.ts'
import type { StreetNetwork, Way } from '#sim/traffic/streets/street-network.ts'
import { anyCrossroads, crossroads, type LaneWish, type LegWish } from './any-streets.ts'
import { loadHamadan } from './hamadan.ts'

const ALL: LaneWish[] = [{ turns: ['left', 'through', 'right'] }]
const BOULEVARD: LaneWish[] = [
  { turns: ['right'], pocketM: 40 },
  { turns: ['right', 'through'] },
  { turns: ['through'] },
  { turns: ['left'], pocketM: 60 },
]
const leg = (id: string, bearingDeg: number, lanes: readonly LaneWish[] = ALL): LegWish => ({ id, bearingDeg, lanes })
const legs = (bearings: readonly number[], lanes: readonly LaneWish[] = ALL): LegWish[] =>
  bearings.map((bearingDeg, i) => leg('ABCDEF'.charAt(i), bearingDeg, lanes))

/** Each way as `A1 left D1`: a lane of the stop line, its turn, and a lane of a leg out. */
function written(network: StreetNetwork): string[] {
  const name = (lane: number) => at(network.lanes, lane).id.replace(/^[^.]*\./, '')
  return network.ways
    .filter(({ turn }) => turn !== 'along')
    .map(({ from, turn, to }) => `${name(from).replace(/.*\//, '')} ${turn} ${name(to).replace('.exit/', '')}`)
}

const waysOf = (network: StreetNetwork, approach: string): string[] =>
  written(network).filter((way) => way.startsWith(approach))

test('at four legs a driver turns left, goes on and turns right into the legs that lie there', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270]))])
  expect(waysOf(network, 'A')).toEqual(['A1 left B1', 'A1 through C1', 'A1 right D1'])
  expect(waysOf(network, 'D')).toEqual(['D1 left A1', 'D1 through B1', 'D1 right C1'])
})

test.each([
  { bearings: [0, 110, 250], turns: ['left', 'right'], from: 'A', ways: ['A1 left B1', 'A1 right C1'] },
  { bearings: [0, 45, 180], turns: ['left', 'through'], from: 'A', ways: ['A1 left B1', 'A1 through C1'] },
  { bearings: [0, 140, 220], turns: ['left', 'right'], from: 'A', ways: ['A1 left B1', 'A1 right C1'] },
  {
    bearings: [0, 70, 140, 215, 290],
    turns: ['left', 'through', 'right'],
    from: 'A',
    ways: ['A1 left B1', 'A1 through D1', 'A1 right E1'],
  },
  {
    bearings: [25, 85, 145, 205, 265, 325],
    turns: ['left', 'through', 'right'],
    from: 'A',
    ways: ['A1 left B1', 'A1 through D1', 'A1 right F1'],
  },
] as const)('with legs at $bearings the ways of $from are $ways', ({ bearings, turns, from, ways }) => {
  expect(waysOf(layCity([crossroads('IX-T', legs(bearings, [{ turns }]))]), from)).toEqual(ways)
})

test('a turn that no leg lies near leads out of the network along a street of its own', () => {
  const network = layCity([crossroads('IX-T', [leg('N', 0), leg('S', 180)])])
  expect(waysOf(network, 'N')).toEqual(['N1 left N.left1', 'N1 through S1', 'N1 right N.right1'])
  expect(waysOf(network, 'S')).toEqual(['S1 left N.right1', 'S1 through N1', 'S1 right N.left1'])
})

test('two lanes that turn right take the kerb lanes, the left turn takes the inner one, and who goes on stays in line', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270], BOULEVARD))])
  expect(waysOf(network, 'A')).toEqual(['A1 right D1', 'A2 right D2', 'A2 through C1', 'A3 through C2', 'A4 left B2'])
})

test('two left lanes into one lane merge', () => {
  const network = layCity([
    crossroads('IX-T', [leg('N', 0, [{ turns: ['left'] }, { turns: ['left'] }]), leg('E', 90), leg('S', 180)]),
  ])
  expect(waysOf(network, 'N')).toEqual(['N1 left E1', 'N2 left E1'])
  expect(network.ways[0]?.conflicts).toContainEqual(expect.objectContaining({ way: 1, merges: true }))
})

test('an approach with pockets widens 60 m before its stop line, a pocket from the full lane beside it', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270], BOULEVARD))])
  const [first, pockets] = network.edges.filter(({ id }) => id.startsWith('IX-T.A') && !id.endsWith('.exit'))
  expect([first, pockets]).toMatchObject([
    { id: 'IX-T.A', lengthM: 239, lanes: [0, 1], from: null },
    { id: 'IX-T.A.pockets', lengthM: 60, lanes: [2, 3, 4, 5], to: 0 },
  ])
  const along = network.ways.filter(({ turn, from }) => turn === 'along' && from <= 1)
  expect(along.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [0, 3],
    [1, 4],
    [1, 5],
  ])
})

test('the street between two intersections is as long as configured, from stop line to stop line over the box', () => {
  const west = crossroads('IX-A', [
    leg('N', 0),
    { ...leg('E', 90), upstream: link('IX-B') },
    leg('S', 180),
    leg('W', 270),
  ])
  const east = crossroads(
    'IX-B',
    [leg('N', 0), leg('E', 90), leg('S', 180), { ...leg('W', 270), upstream: link('IX-A') }],
    400,
  )
  const network = layCity([west, east])
  const edge = network.edges.find(({ id }) => id === 'IX-B.W')
  const through = network.ways.find(({ turn, to }) => turn === 'through' && edge?.lanes.includes(to))
  expect((edge?.lengthM ?? 0) + (through?.lengthM ?? 0)).toBeCloseTo(400, 1)
  expect(network.edges.map(({ id }) => id)).not.toContain('IX-A.E.exit')
})

const link = (intersection: string) => ({ intersection, distanceM: 400 })

test('a street that bends on its way is the leg that leads back, not the one that its far end points to', async () => {
  const network = layCity((await loadHamadan()).intersections)
  const ring = network.ways.filter(({ to }) => at(network.lanes, to).id.startsWith('IX-03.W/'))
  expect(new Set(ring.map(({ from }) => at(network.lanes, from).id.split('.')[0]))).toEqual(new Set(['IX-05']))
  expect(new Set(ring.map(({ turn }) => turn))).toEqual(new Set(['left', 'through', 'right']))
})

test('an intersection that is laid out without its neighbour ends where the neighbour would begin', () => {
  const alone = crossroads('IX-A', [leg('N', 0), { ...leg('E', 90), upstream: link('IX-B') }, leg('S', 180)])
  const network = layCity([alone])
  expect(network.edges.filter(({ id }) => id.startsWith('IX-A.E'))).toMatchObject([
    { id: 'IX-A.E', from: null, to: 0 },
    { id: 'IX-A.E.exit', from: 0, to: null },
  ])
})

test('a left turn yields to whoever comes towards it, and waits for them in the box, before their lane', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270]))])
  const way = (text: string) => written(network).indexOf(text)
  const left = at(network.ways, way('A1 left B1'))
  expect(left.yieldsTo).toEqual(expect.arrayContaining([way('C1 through A1'), way('C1 right B1')]))
  expect(left.yieldsTo).not.toContain(way('C1 left D1'))
  const oncoming = left.conflicts.find(({ way: other }) => other === way('C1 through A1'))
  expect(left.waitsAtM).toBeGreaterThan(3)
  expect(left.waitsAtM).toBeLessThan(oncoming?.ownM ?? 0)
})

test('a right turn yields to whoever goes straight on into the same lane, and stops at the line for it', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270]))])
  const right = at(network.ways, written(network).indexOf('A1 right D1'))
  expect(right.yieldsTo).toEqual([written(network).indexOf('B1 through D1')])
  expect(right.waitsAtM).toBe(0)
})

test('where the lamps are dark the one from the right goes first', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270]))])
  const [south, west] = ['A1 through C1', 'B1 through D1'].map((text) => written(network).indexOf(text))
  // Who comes from the east has the north on the right.
  expect(network.ways[west ?? 0]?.yieldsTo).toContain(south)
  expect(network.ways[south ?? 0]?.yieldsTo).not.toContain(west)
})

test('a right turn goes on red only from the lane that is allowed to', () => {
  const network = layCity([
    crossroads('IX-T', [
      leg('N', 0, [{ turns: ['right', 'through'], rightOnRed: true }]),
      leg('S', 180, [{ turns: ['right', 'through'] }]),
      leg('W', 270),
    ]),
  ])
  expect(written(network).filter((_, i) => network.ways[i]?.onRed)).toEqual(['N1 right W1'])
})

test('ways cross the crosswalk of the leg that they leave along, five metres before their end', () => {
  const network = layCity([crossroads('IX-T', [leg('N', 0), { ...leg('S', 180), crosswalk: true }, leg('W', 270)])])
  const crossing = network.ways.filter(({ crosses }) => crosses.length > 0)
  expect(crossing.map(({ to }) => at(network.lanes, to).id)).toEqual(['IX-T.S.exit/1', 'IX-T.S.exit/1'])
  for (const { crosses, lengthM } of crossing) expect(crosses[0]?.atM).toBeCloseTo(lengthM - 5, 5)
})

test('drivers turn as slowly as the bend asks for, and go straight on at the speed of the street', () => {
  const network = layCity([crossroads('IX-T', legs([0, 90, 180, 270]))])
  const speeds = new Map(network.ways.map(({ turn, speedMps }): [Way['turn'], number] => [turn, speedMps]))
  expect(speeds.get('through')).toBeCloseTo(50 / 3.6, 1)
  expect(speeds.get('right')).toBeLessThan(speeds.get('left') ?? 0)
  expect(speeds.get('left')).toBeLessThan(50 / 3.6)
})

test('in whatever junction, every lane has a way for each of its turns, and nobody is led back', () =>
  fc.assert(
    fc.property(anyCrossroads, (facts) => {
      const network = layCity([facts])
      const ways = written(network).map((way) => way.split(' '))
      for (const { id, lanes } of facts.database.intersection.approaches)
        for (const lane of lanes)
          for (const turn of lane.turns) {
            const own = ways.filter(([from, by]) => from === lane.id && by === turn)
            expect(own).toHaveLength(1)
            expect(own[0]?.[2]?.replace(/\d+$/, '')).not.toBe(id)
          }
    }),
  ))

test('in whatever junction, lengths and speeds are positive and conflicts are seen alike from both sides', () =>
  fc.assert(
    fc.property(anyCrossroads, (facts) => {
      const { edges, ways, lanes } = layCity([facts])
      for (const { lengthM, speedMps } of [...edges, ...ways]) {
        expect(lengthM).toBeGreaterThan(0)
        expect(speedMps).toBeGreaterThan(1)
      }
      ways.forEach((way, number) => {
        expect(lanes[way.from]?.ways).toContain(number)
        expect(way.waitsAtM).toBeLessThan(way.lengthM)
        for (const { way: other, ownM, otherM, merges } of way.conflicts) {
          const mirror = { way: number, ownM: otherM, otherM: ownM, merges }
          expect(ways[other]?.conflicts).toContainEqual(mirror)
          expect(ownM).toBeLessThanOrEqual(way.lengthM)
          const yields = [way.yieldsTo.includes(other), ways[other]?.yieldsTo.includes(number)]
          expect(yields.filter(Boolean)).toHaveLength(1)
        }
        for (const other of way.yieldsTo) expect(way.conflicts.map((conflict) => conflict.way)).toContain(other)
      })
    }),
  ))

test('in whatever junction, whoever enters can leave', () =>
  fc.assert(
    fc.property(anyCrossroads, (facts) => {
      const network = layCity([facts])
      for (const entry of network.edges.filter(({ from }) => from === null))
        for (const lane of entry.lanes) expect(leaves(network, lane)).toBe(true)
    }),
  ))

function leaves({ edges, lanes, ways }: StreetNetwork, lane: number): boolean {
  const seen = new Set([lane])
  for (const next of seen) {
    if (at(edges, at(lanes, next).edge).to === null) return true
    for (const way of at(lanes, next).ways) seen.add(at(ways, way).to)
  }
  return false
}

test('the city of Hamadan has twelve junctions with lights, and an exit wherever it has an entry', async () => {
  const { edges, junctions } = layCity((await loadHamadan()).intersections)
  expect(junctions.filter(({ intersection }) => intersection !== null)).toHaveLength(12)
  const entries = edges.filter(({ from }) => from === null).map(({ id }) => id)
  const exits = edges.filter(({ to }) => to === null).map(({ id }) => id.replace('.exit', ''))
  expect(exits).toEqual(expect.arrayContaining(entries))
})
