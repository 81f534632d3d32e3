/** What a scenario adds to the counts: flows between legs, bus lines, runs of emergency vehicles, blocked lanes, weather. */
import { beforeAll, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { BusLine, ScenarioConfig, StreetName, VehicleFlow } from '#config/scenario.ts'
import { FlowRoutes } from '#sim/traffic/demand/flow-trips.ts'
import { StreetGraph } from '#sim/traffic/demand/street-graph.ts'
import { DRY } from '#sim/traffic/weather.ts'
import { loadHamadan } from '../hamadan.ts'
import { HOUR_MS, laidCity, plain, tripsOf, vehicles, type LaidCity } from './laid-city.ts'
import { smallStreets } from './small-streets.ts'

const MINUTE_MS = 60_000

let city: LaidCity
beforeAll(async () => {
  city = laidCity(await loadHamadan())
})

const street = (name: string): StreetName => {
  const [intersection = '', approach = ''] = name.split('.')
  return { intersection: intersectionId(intersection), approach }
}

const flow = (changed: Partial<VehicleFlow>): VehicleFlow => ({
  key: 'guests',
  from: street('IX-03.S'),
  to: street('IX-12.E'),
  kind: null,
  perHour: [],
  atMs: [],
  ...changed,
})

/** Counts are silenced, so that only what is added comes. */
const only = (flows: readonly VehicleFlow[], changed: Partial<ScenarioConfig> = {}, hour = 7): ScenarioConfig =>
  plain(hour, { ...vehicles({ factors: [[0, 0]], flows }), ...changed })

const idsOf = (route: readonly number[]) => route.map((edge) => city.network.edges[edge]?.id)

describe('a flow from an origin to a destination', () => {
  test('comes as many an hour as it says, from there to there', () => {
    const trips = tripsOf(city.lay(only([flow({ perHour: [[0, 400]] })])), 10 * HOUR_MS)
    expect(Math.abs(trips.length - 4_000)).toBeLessThan(4 * Math.sqrt(4_000))
    expect(new Set(trips.map(({ route }) => idsOf(route)[0]))).toEqual(new Set(['IX-03.S']))
    expect(new Set(trips.map(({ route }) => idsOf(route).at(-1)))).toEqual(new Set(['IX-12.E.exit']))
  })

  test('grows and falls along straight lines between the times of day', () => {
    const rises = flow({
      perHour: [
        [420, 0],
        [540, 600],
        [600, 0],
      ],
    })
    const trips = tripsOf(city.lay(only([rises])), 5 * HOUR_MS)
    const perHour = [0, 1, 2, 3, 4].map(
      (hour) => trips.filter(({ departMs }) => Math.floor(departMs / HOUR_MS) === hour).length,
    )
    expect(perHour[0]).toBeGreaterThan(100)
    expect(perHour[0]).toBeLessThan(200)
    expect(perHour[1]).toBeGreaterThan(400)
    expect(perHour[2]).toBeGreaterThan(250)
    expect(perHour.slice(3)).toEqual([0, 0])
  })

  test('from everywhere to everywhere comes by the weight of the counts, and never turns back into its own leg', () => {
    const trips = tripsOf(
      city.lay(only([flow({ from: 'everywhere', to: 'everywhere', perHour: [[0, 2_000]] })])),
      2 * HOUR_MS,
    )
    const legs = trips.map(({ route }) => idsOf(route)).map((ids) => [ids[0], ids.at(-1)?.replace('.exit', '')])
    expect(legs.filter(([from, to]) => from === to)).toEqual([])
    const share = legs.filter(([from]) => from === 'IX-03.S').length / legs.length
    // 810 of the 4,410 vehicles of the morning peak come there.
    expect(share).toBeCloseTo(810 / 4_410, 1.5)
    expect(new Set(legs.map(([, to]) => to)).size).toBe(7)
  })

  test('emergency vehicles leave at their times', () => {
    const run = flow({ kind: 'emergency', atMs: [2 * MINUTE_MS, 90 * MINUTE_MS] })
    const trips = tripsOf(city.lay(only([run])), HOUR_MS)
    expect(trips.map(({ kind, departMs }) => ({ kind, departMs }))).toEqual([
      { kind: 'emergency', departMs: 2 * MINUTE_MS },
    ])
  })

  test('has the mix of kinds that the scenario says', () => {
    const kinds = { lorry: 0.2, bus: 0.1 }
    const trips = tripsOf(city.lay(only([flow({ perHour: [[0, 3_000]] })], vehiclesWith({ kinds }))), HOUR_MS)
    const shareOf = (kind: string) => trips.filter((trip) => trip.kind === kind).length / trips.length
    expect(shareOf('lorry')).toBeCloseTo(0.2, 1.5)
    expect(shareOf('bus')).toBeCloseTo(0.1, 1.5)
  })

  const vehiclesWith = (changed: Partial<ScenarioConfig['vehicles']>) =>
    vehicles({ factors: [[0, 0]], flows: [flow({ perHour: [[0, 3_000]] })], ...changed })

  test('drivers share two ways of about one length, and none takes one that is half as long again', () => {
    const ways = smallStreets(
      [
        ['A.W', 'through', 'short'],
        ['A.W', 'right', 'about'],
        ['A.W', 'left', 'long'],
        ['short', 'through', 'A.E.exit'],
        ['about', 'left', 'A.E.exit'],
        ['long', 'right', 'A.E.exit'],
      ],
      { short: 1_000, about: 1_050, long: 1_600 },
    )
    const end = (name: string) => ({ edge: ways.edge(name), leg: name, weight: 1 })
    const routes = new FlowRoutes({ from: [end('A.W')], to: [end('A.E.exit')] })
    const graph = new StreetGraph(ways)
    const taken = Array.from({ length: 2_000 }, (_, persona) => ways.names(routes.routeOf(persona, graph) ?? []))
    const shareOf = (name: string) => taken.filter((names) => names.includes(name)).length / taken.length
    expect(shareOf('short')).toBeGreaterThan(0.2)
    expect(shareOf('about')).toBeGreaterThan(0.2)
    expect(shareOf('long')).toBe(0)
  })
})

describe('a bus line', () => {
  const line: BusLine = {
    key: 'line_1',
    from: street('IX-03.S'),
    to: street('IX-06.NW'),
    firstMinuteOfDay: 6 * 60,
    lastMinuteOfDay: 7 * 60,
    headwayMinutes: 15,
    stops: [
      { street: street('IX-02.S'), beforeStopLineM: 300, dwellMs: 20_000 },
      { street: street('IX-01.SW'), beforeStopLineM: 100, dwellMs: 30_000 },
    ],
  }

  test('leaves by its timetable, at most two minutes late, each day anew', () => {
    const trips = tripsOf(city.lay(only([], { busLines: [line] }, 5)), 26 * HOUR_MS)
    const lateMs = trips.map(({ departMs }) => departMs % (15 * MINUTE_MS))
    expect(trips.map(({ departMs }) => Math.floor(departMs / (15 * MINUTE_MS)))).toEqual([
      ...[4, 5, 6, 7, 8],
      ...[100, 101, 102, 103],
    ])
    expect(Math.max(...lateMs)).toBeLessThan(2 * MINUTE_MS)
  })

  test('stops where it should, for half to one and a half of its dwell', () => {
    const [bus] = tripsOf(city.lay(only([], { busLines: [line] }, 6)), HOUR_MS)
    expect(bus?.kind).toBe('bus')
    const stops = (bus?.stops ?? []).map(({ edge, atM, dwellMs }) => {
      const { id, lengthM } = city.network.edges[edge] ?? { id: '', lengthM: 0 }
      return { id, behindM: lengthM - atM, dwellMs }
    })
    expect(stops.map(({ id }) => id)).toEqual(['IX-02.S', 'IX-01.SW'])
    // 60 m of pockets and the metre before them lie between the first edge and the stop line.
    expect(stops[0]?.behindM).toBeCloseTo(300 - 61, 1)
    expect(stops[1]?.behindM).toBeCloseTo(100, 1)
    for (const [i, { dwellMs }] of stops.entries()) {
      const { dwellMs: mean } = line.stops[i] ?? { dwellMs: 0 }
      expect(dwellMs).toBeGreaterThanOrEqual(0.5 * mean)
      expect(dwellMs).toBeLessThanOrEqual(1.5 * mean)
    }
    for (const { edge } of bus?.stops ?? []) expect(bus?.route).toContain(edge)
  })

  test('takes another way while a street of its own is closed, and leaves the stop there out', () => {
    const closures = [{ key: 'works', street: street('IX-01.SW'), fromMs: 0, untilMs: HOUR_MS / 2 }]
    const trips = tripsOf(city.lay(only([], { busLines: [line], closures }, 6)), HOUR_MS)
    expect(trips.map(({ stops }) => stops.length)).toEqual([1, 1, 2, 2])
    for (const { route } of trips.slice(0, 2)) expect(idsOf(route)).not.toContain('IX-01.SW')
    for (const { route } of trips) expect(idsOf(route).at(-1)).toBe('IX-06.NW.exit')
  })
})

describe('what lies on the streets and over them', () => {
  test('an incident over the beginning of the pockets blocks both pieces of its lane', () => {
    const incident = { key: 'crash', street: street('IX-02.S'), lane: 'S2', beforeStopLineM: 50, lengthM: 20 }
    const { blockages } = city.lay(plain(7, { incidents: [{ ...incident, fromMs: 1, untilMs: 2 }] }))
    const pieces = blockages.map(({ track, fromM, toM }) => {
      const lane = city.network.lanes[track]
      return { id: lane?.id, fromM, toM, edgeM: city.network.edges[lane?.edge ?? -1]?.lengthM ?? 0 }
    })
    expect(pieces.map(({ id }) => id)).toEqual(['IX-02.S/S2', 'IX-02.S.pockets/S2'])
    expect(pieces.map(({ fromM, edgeM }) => Math.round(edgeM - fromM))).toEqual([9, 60])
    expect(pieces.map(({ toM, edgeM }) => Math.round(edgeM - toM))).toEqual([0, 50])
  })

  test('the weather changes at its times, and is dry before', () => {
    const rain = { speed: 0.9, headway: 1.1, grip: 0.9 }
    const { weatherAt } = city.lay(plain(7, { weather: [{ fromMs: 1_000, factors: rain }] }))
    expect([weatherAt(0), weatherAt(999), weatherAt(1_000), weatherAt(HOUR_MS)]).toEqual([DRY, DRY, rain, rain])
  })

  test('drivers keep out of every junction but those that are named', () => {
    const { keepsClear } = city.lay(plain(7, { boxBlockedAt: [intersectionId('IX-02')] }))
    const blocked = city.network.junctions.flatMap((junction, number) =>
      keepsClear(number) ? [] : [junction.intersection],
    )
    expect(blocked).toEqual(['IX-02'])
  })
})
