/** The demand of Hamadan by its counts: as much as is asked for, on ways that there are, the same for the same seed. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { SiteConfig } from '#config/site.ts'
import { ANNOUNCED_MS } from '#sim/traffic/demand/open-streets.ts'
import { StreetGraph } from '#sim/traffic/demand/street-graph.ts'
import type { Trip } from '#sim/traffic/trip.ts'
import { loadHamadan } from '../hamadan.ts'
import { HOUR_MS, laidCity, passages, plain, tripsOf, vehicles, type LaidCity } from './laid-city.ts'

let site: SiteConfig
let city: LaidCity
beforeAll(async () => {
  site = await loadHamadan()
  city = laidCity(site)
})

/** Four standard deviations of a count: one in sixteen thousand fixed seeds would miss it. */
const expectAbout = (count: number, expected: number) =>
  expect(Math.abs(count - expected), `${count} of ${expected}`).toBeLessThanOrEqual(4 * Math.sqrt(expected))

const edge = (id: string) => city.network.edges.findIndex((candidate) => candidate.id === id)

const isWhole = (route: readonly number[], graph: StreetGraph): boolean =>
  city.network.edges[route[0] ?? -1]?.from === null &&
  city.network.edges[route.at(-1) ?? -1]?.to === null &&
  route.every((next, i) => i === 0 || graph.onwardFrom(route[i - 1] ?? -1).some((choice) => choice.edge === next))

describe('how many come', () => {
  test.each([
    ['at night', 2, 'night'],
    ['in the morning peak', 7, 'am_peak'],
    ['at midday', 11, 'midday'],
    ['in the evening peak', 17, 'pm_peak'],
    ['on a Friday afternoon', 4 * 24 + 14, 'friday'],
  ])('%s as many as the counts have, at every entry', (_, hour, column) => {
    const trips = tripsOf(city.lay(plain(hour)), HOUR_MS)
    for (const { database, demand } of site.intersections)
      for (const { approach, vehiclesPerHour } of demand) {
        const entry = edge(`${database.intersection.id}.${approach}`)
        expectAbout(trips.filter(({ route }) => route[0] === entry).length, vehiclesPerHour.get(column) ?? 0)
      }
  })

  test('around a change of plan the flow goes over in half an hour, half of it at the change', () => {
    const perHour = (minute: number) => tripsOf(city.lay(plain(6 + (minute - 5) / 60)), 10 * 60_000).length * 6
    expect(Math.abs(perHour(10) / 570 - 1)).toBeLessThan(0.4)
    expect(Math.abs(perHour(30) / ((570 + 4_410) / 2) - 1)).toBeLessThan(0.2)
    expect(Math.abs(perHour(50) / 4_410 - 1)).toBeLessThan(0.15)
  })

  test('a factor by the time of day multiplies the counts', () => {
    const scenario = plain(
      10,
      vehicles({
        factors: [
          [600, 0.5],
          [660, 1.5],
        ],
      }),
    )
    expectAbout(tripsOf(city.lay(scenario), HOUR_MS).length, 2_880)
    expect(tripsOf(city.lay(plain(10, vehicles({ factors: [[0, 0]] }))), 24 * HOUR_MS)).toEqual([])
  })

  test('hours of the scenario overrule those of the schedule', () => {
    const hours = [
      [0, 'night'],
      [11 * 60, 'pm_peak'],
    ] as const
    const trips = tripsOf(city.lay(plain(9, vehicles({ hours }))), 4 * HOUR_MS)
    expectAbout(trips.filter(({ departMs }) => departMs < HOUR_MS).length, 570)
    expectAbout(trips.filter(({ departMs }) => departMs >= 3 * HOUR_MS).length, 4_240)
  })
})

describe('where they go', () => {
  test('every route is joined by ways, from an entry to an exit, and ends', () => {
    const graph = new StreetGraph(city.network)
    const trips = tripsOf(city.lay(plain(7)), 2 * HOUR_MS)
    expect(trips.length).toBeGreaterThan(8_000)
    const wrong = trips.filter(({ route }) => !isWhole(route, graph))
    expect(wrong).toEqual([])
    expect(Math.max(...trips.map(({ route }) => route.length))).toBeLessThan(60)
  })

  test('each approach turns as it is counted, within five points', () => {
    const counts = passages(tripsOf(city.lay(plain(7)), 8 * HOUR_MS))
    const graph = new StreetGraph(city.network)
    for (const { database, demand } of site.intersections)
      for (const { approach, turnShares } of demand) {
        const name = `${database.intersection.id}.${approach}`
        const last = edge(`${name}.pockets`) === -1 ? edge(name) : edge(`${name}.pockets`)
        const turned = { left: 0, through: 0, right: 0 }
        for (const { turn, edge: next } of graph.onwardFrom(last))
          if (turn !== 'along') turned[turn] += counts.get(`${last} ${next}`) ?? 0
        const all = turned.left + turned.through + turned.right
        for (const turn of ['left', 'through', 'right'] as const)
          expect(Math.abs(turned[turn] / all - turnShares[turn]), `${name} ${turn}`).toBeLessThan(0.05)
      }
  })

  test('a street that is closed is left out by all who set out while it is known, and by nobody else', () => {
    const street = { intersection: intersectionId('IX-02'), approach: 'N' }
    const closures = [{ key: 'works', street, fromMs: HOUR_MS, untilMs: 2 * HOUR_MS }]
    const trips = tripsOf(city.lay(plain(7, { closures })), 3 * HOUR_MS)
    const uses = ({ route }: Trip) => route.includes(edge('IX-02.N')) || route.includes(edge('IX-02.N.pockets'))
    const during = trips.filter(({ departMs }) => departMs >= HOUR_MS - ANNOUNCED_MS && departMs < 2 * HOUR_MS)
    expect(during.length).toBeGreaterThan(4_000)
    expect(during.some(uses)).toBe(false)
    expect(trips.filter(({ departMs }) => departMs < HOUR_MS - ANNOUNCED_MS).some(uses)).toBe(true)
    expect(trips.filter(({ departMs }) => departMs >= 2 * HOUR_MS).some(uses)).toBe(true)
  })
})

const unnumbered = (trip: Trip) => ({ ...trip, number: 0 })

describe('the same chance', () => {
  const morning = () => plain(7)

  test('gives the same trips for the same seed, and others for another', () => {
    const trips = tripsOf(city.lay(morning(), 5), HOUR_MS)
    expect(tripsOf(city.lay(morning(), 5), HOUR_MS)).toEqual(trips)
    expect(tripsOf(city.lay(morning(), 6), HOUR_MS)).not.toEqual(trips)
  })

  test('gives the same trips in whatever steps they are asked for', () => {
    const whole = tripsOf(city.lay(morning()), HOUR_MS / 4)
    fc.assert(
      fc.property(fc.integer({ min: 300, max: HOUR_MS }), (stepMs) => {
        expect(tripsOf(city.lay(morning()), HOUR_MS / 4, stepMs)).toEqual(whole)
      }),
      { numRuns: 15 },
    )
  })

  test('numbers trips from 0 in the order of departure', () => {
    const trips = tripsOf(city.lay(morning()), HOUR_MS)
    expect(trips.map(({ number }) => number)).toEqual(trips.map((_, i) => i))
    for (let i = 1; i < trips.length; i++)
      expect(trips[i]?.departMs).toBeGreaterThanOrEqual(trips[i - 1]?.departMs ?? 0)
  })

  test('with more traffic the same drivers come, in the same order at each entry, and go the same ways', () => {
    const entry = edge('IX-03.S')
    const driversOf = (factor: number) =>
      tripsOf(city.lay(plain(7, vehicles({ factors: [[0, factor]] }))), HOUR_MS)
        .filter(({ route }) => route[0] === entry)
        .map(({ persona, kind, route }) => ({ persona, kind, route }))
    const usual = driversOf(1)
    expect(driversOf(1.5).slice(0, usual.length)).toEqual(usual)
  })

  test('one more source of traffic moves nobody else', () => {
    const flows = [
      { key: 'guests', from: 'everywhere', to: 'everywhere', kind: 'bus', perHour: [[0, 300]], atMs: [] } as const,
    ]
    const trips = tripsOf(city.lay(plain(7, vehicles({ flows }))), HOUR_MS)
    const counted = tripsOf(city.lay(morning()), HOUR_MS)
    const without = trips.filter(({ kind }) => kind !== 'bus').map(unnumbered)
    expect(without).toEqual(counted.map(unnumbered))
  })

  test('when true time is found to be another, a plain day follows it and a scenario of its own does not', () => {
    const countAfterLeap = (clock: 'true' | 'own') => {
      const laid = city.lay(plain(1, { clock }))
      tripsOf(laid, HOUR_MS)
      laid.clock.setTrueTime(HOUR_MS, plain(17).startEpochMs)
      return tripsOf(laid, 2 * HOUR_MS).length
    }
    expectAbout(countAfterLeap('true'), 4_240)
    expectAbout(countAfterLeap('own'), 570)
  })
})
