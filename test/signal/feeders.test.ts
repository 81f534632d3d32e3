/** Which ways over the neighbours lead to an approach, read off the streets of a city. */
import { describe, expect, test } from 'vitest'
import { neighboursOf } from '#app/edge-neighbours.ts'
import { edgeId, intersectionId } from '#base/id.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import { withFeeders } from '#signal/feeders.ts'
import { layCity } from '#sim/traffic/streets/lay-city.ts'
import { loadHamadan } from '#test/sim/hamadan.ts'
import { CROSSING, DATABASE } from '#test/support/boulevard-crossing.ts'

const feedersAt = async (intersection: string, approach: string): Promise<string[]> => {
  const { intersections } = await loadHamadan()
  const site = intersections.find(({ database }) => database.intersection.id === intersection)
  const found = site?.database.intersection.approaches.find(({ id }) => id === approach)
  return (found?.upstream?.feeders ?? []).map((feeder) => `${feeder.intersection} ${feeder.approach} ${feeder.turn}`)
}

describe('an approach', () => {
  test.each([
    [
      'of an ordinary crossing gets who goes on straight, and who turns into the street',
      'IX-01',
      'E',
      ['IX-09 E through', 'IX-09 S left', 'IX-09 N right'],
    ],
    [
      'behind a square of six streets gets whom the square lets out there',
      'IX-04',
      'E',
      ['IX-01 E through', 'IX-01 SW left', 'IX-01 NW right'],
    ],
    [
      'at the end of a bent street gets the ways of the leg that leads there, not of where it points to',
      'IX-03',
      'W',
      ['IX-05 N through', 'IX-05 E left', 'IX-05 W right'],
    ],
    ['at the edge of the network gets nobody', 'IX-03', 'S', []],
  ])('%s', async (_, intersection, approach, feeders) => {
    expect((await feedersAt(intersection, approach)).toSorted()).toEqual(feeders.toSorted())
  })

  test('of the whole city is fed by exactly the ways that the simulator lays there', async () => {
    const { intersections } = await loadHamadan()
    const { ways, lanes, edges } = layCity(intersections)
    const edgeOf = (lane: number) => edges.find((edge) => edge.lanes.includes(lane))
    const laid = ways.flatMap(({ from, to, turn }) => {
      const [before, behind] = [edgeOf(from), edgeOf(to)]
      if (turn === 'along' || !before?.approach || !behind?.approach) return []
      const { intersection, approach } = behind.approach
      return [`${intersection} ${approach} < ${before.approach.intersection} ${before.approach.approach} ${turn}`]
    })
    const derived = intersections.flatMap(({ database: { intersection } }) =>
      intersection.approaches.flatMap(({ id, upstream }) =>
        (upstream?.feeders ?? []).map(
          (each) => `${intersection.id} ${id} < ${each.intersection} ${each.approach} ${each.turn}`,
        ),
      ),
    )
    expect(lanes.length).toBeGreaterThan(0)
    expect(derived.toSorted()).toEqual([...new Set(laid)].toSorted())
  })

  test('of an intersection that stands alone is fed by nobody, whatever is said upstream of it', () => {
    expect(withFeeders([CROSSING])).toEqual([CROSSING])
  })
})

test('the ways of a neighbour are no part of what a cabinet runs', () => {
  const { intersection } = DATABASE
  const upstream = { intersection: intersectionId('UP'), distanceM: 300 }
  const withUpstream = (more: object) => ({
    ...DATABASE,
    intersection: {
      ...intersection,
      approaches: intersection.approaches.map((each) => ({ ...each, upstream: { ...upstream, ...more } })),
    },
  })
  const feeders = [{ ...upstream, approach: 'N', turn: 'left' }]
  expect(configurationHash(withUpstream({ feeders }))).toBe(configurationHash(withUpstream({})))
  expect(configurationHash(withUpstream({}))).not.toBe(configurationHash(DATABASE))
})

test('an edge listens to those on other edges who feed it or whom it feeds, and to nobody else', async () => {
  const site = await loadHamadan()
  const [all] = site.edges
  const center = { id: edgeId('center'), intersections: [intersectionId('IX-03')] }
  const rest = { id: edgeId('rest'), intersections: (all?.intersections ?? []).filter((id) => id !== 'IX-03') }
  const split = { ...site, edges: [center, rest] }
  expect(neighboursOf(center, split)).toEqual({
    heard: ['IX-02', 'IX-05', 'IX-11'].map((intersection) => ({ edge: 'rest', intersection })),
    told: ['IX-03'],
  })
  expect(neighboursOf(rest, split)).toEqual({
    heard: [{ edge: 'center', intersection: 'IX-03' }],
    told: ['IX-02', 'IX-05', 'IX-11'],
  })
  expect(all && neighboursOf(all, site)).toEqual({ heard: [], told: [] })
})
