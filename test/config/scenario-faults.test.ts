/** Scenarios that contradict the streets, the clock or themselves: each fault planted once, told with its exact sentence. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONFIG_FAULT_CODES, type ConfigFault } from '#config/config-fault.ts'
import { loadScenario, scenarioNames } from '#config/load-scenario.ts'
import { loadSite } from '#config/load-site.ts'
import type { SiteConfig } from '#config/site.ts'
import { layScenario } from '#sim/traffic/demand/scenario-run.ts'
import { layCity } from '#sim/traffic/streets/lay-city.ts'
import { HAMADAN, ONE_CROSSING, PROFILES } from './planted.ts'

const SOUND = `name: { fa: بازار, en: Market }
start: { date: 2026-11-23, time: '08:00' }
duration_h: 2
`

let folder: string
let village: SiteConfig
let hamadan: SiteConfig

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sabz-scenario-'))
  await mkdir(join(folder, 'scenarios'))
  village = await load(ONE_CROSSING, PROFILES)
  hamadan = await load(HAMADAN)
})
afterAll(() => rm(folder, { recursive: true }))

async function load(directory: string, profiles?: readonly string[]): Promise<SiteConfig> {
  const site = await loadSite(directory, profiles)
  if (!site.ok) throw new Error(JSON.stringify(site.fault))
  return site.value
}

/** What is wrong with a sound scenario and these lines; `start` and `duration_h` may be written anew. */
async function faultsOf(lines: string, site = village): Promise<readonly ConfigFault[]> {
  const own = lines.split('\n').map((line) => line.split(':')[0])
  const sound = SOUND.split('\n').filter((line) => !own.includes(line.split(':')[0]))
  await writeFile(join(folder, 'scenarios', 'market.yaml'), `${sound.join('\n')}\n${lines}\n`)
  const loaded = await loadScenario(folder, 'market', site)
  if (!loaded.ok) return loaded.fault
  const { intersections } = site
  const laid = layScenario({ network: layCity(intersections), intersections, scenario: loaded.value, seed: 1 })
  return laid.ok ? [] : laid.fault
}

/** Code, lines, what is said behind the path of the file. */
const PLANTS: readonly (readonly [code: string, lines: string, ...says: string[]])[] = [
  [
    'START_DATE_INVALID',
    `start: { date: 1405-12-30, calendar: persian, time: '08:00' }`,
    'start.date: 1405-12-30 is no day of the persian calendar. Correct the date, or name its calendar.',
  ],
  [
    'PLAN_UNKNOWN',
    `vehicles: { hours: { '00:00': dya } }`,
    'vehicles.hours.00:00: demand.yaml has no column dya. Known: day, market.',
  ],
  [
    'KIND_SHARES_ABOVE_ONE',
    `vehicles: { kinds: { lorry: 0.7, bus: 0.5 } }`,
    'vehicles.kinds: 0.7+0.5 is more than all vehicles. Lower a share; the rest are cars.',
  ],
  [
    'FLOW_WITHOUT_TIME',
    `vehicles: { flows: { milk: { from: V-1.N, to: V-1.S } } }`,
    'vehicles.flows.milk: it does not say who comes when. Add vehicles_per_hour, or at with times.',
  ],
  [
    'INTERSECTION_UNKNOWN',
    `closures: { fair: { street: V-2.N, from: '08:30', until: '09:00' } }`,
    'closures.fair.street: network.yaml has no intersection V-2. Did you mean V-1?',
  ],
  [
    'APPROACH_UNKNOWN',
    `closures: { fair: { street: V-1.W, from: '08:30', until: '09:00' } }`,
    'closures.fair.street: V-1 has no approach W. Known: N, S, E.',
  ],
  [
    'WEATHER_UNKNOWN',
    `weather: { start: heavyrain }`,
    'weather.start: there is no weather heavyrain. Did you mean heavy_rain?',
  ],
  [
    'OUTSIDE_THE_RUN',
    `weather: { '10:00': rain, '09:59': dry }`,
    'weather.10:00: it never comes: the run is from 2026-11-23T08:00 to 2026-11-23T10:00. Correct the time, or lengthen the run.',
  ],
  [
    'OUTSIDE_THE_RUN',
    `incidents: { crash: { intersection: V-1, lane: N2, before_stop_line_m: 40, length_m: 10, from: 1 07:59, until: '09:00' } }`,
    'incidents.crash.from: it never comes: the run is from 2026-11-23T08:00 to 2026-11-23T10:00. Correct the time, or lengthen the run.',
  ],
  [
    'ENDS_BEFORE_IT_BEGINS',
    `closures: { fair: { street: V-1.N, from: '09:30', until: 1 09:30 } }`,
    'closures.fair: it ends at 1 09:30, and begins at 09:30. Correct one.',
  ],
  [
    'LANE_UNKNOWN',
    `incidents: { crash: { intersection: V-1, lane: N4, before_stop_line_m: 40, length_m: 10, from: '08:30', until: '09:00' } }`,
    'incidents.crash.lane: V-1 has no lane N4. Did you mean N1?',
  ],
  [
    'BEYOND_STREET',
    `incidents: { crash: { intersection: V-1, lane: N3, before_stop_line_m: 60, length_m: 10, from: '08:30', until: '09:00' } }`,
    'incidents.crash.before_stop_line_m: 60 m before the stop line lane N3 has not begun; the street is 300 m long. Lower it.',
  ],
  [
    'BEYOND_STREET',
    `buses: { line: { from: V-1.N, to: V-1.S, first: '08:00', last: '09:00', headway_min: 20, stops: [{ street: V-1.N, before_stop_line_m: 295, dwell_s: 20 }] } }`,
    'buses.line.stops.0.before_stop_line_m: a bus of 12 m does not stand there: the lane begins 5 m behind the stop. Move it.',
  ],
  [
    'ROUTE_UNREACHABLE',
    `vehicles: { flows: { milk: { from: V-1.E, to: V-1.E, vehicles_per_hour: { '08:00': 5 } } } }`,
    'vehicles.flows.milk: no way leads from V-1.E to V-1.E. Add the turns that are missing in network.yaml, or take the traffic out.',
  ],
  [
    'ROUTE_UNREACHABLE',
    `closures: { fair: { street: V-1.N, from: '08:30', until: '09:00' } }`,
    'vehicles: no way leads from V-1.N to any exit of the network. Closed are V-1.N, V-1.N.pockets: leave a way open, or take the traffic out.',
  ],
]

/** In the city, where approaches are fed by others. */
const PLANTS_IN_THE_CITY: typeof PLANTS = [
  [
    'NOT_AN_ENTRY',
    `vehicles: { flows: { milk: { from: IX-03.N, to: IX-03.S, at: ['08:10'] } } }`,
    'vehicles.flows.milk.from: IX-03.N is fed by IX-02, nobody comes into the network there. Known: IX-03.S, IX-05.W, IX-05.N, IX-06.NW, IX-08.W, IX-11.SE, IX-12.E.',
  ],
  [
    'NOT_AN_EXIT',
    `vehicles: { flows: { milk: { from: IX-03.S, to: IX-03.N, at: ['08:10'] } } }`,
    'vehicles.flows.milk.to: nobody leaves the network by IX-03.N. Known: IX-03.S, IX-05.W, IX-05.N, IX-06.NW, IX-08.W, IX-11.SE, IX-12.E.',
  ],
]

describe('a scenario that cannot be run is refused with place, rule and remedy', () => {
  test.each(PLANTS)('%s: %s', async (code, lines, says) => {
    const faults = await faultsOf(lines)
    expect(faults.map((fault) => `${fault.code} ${fault.message}`)).toEqual([
      `${code} ${join(folder, 'scenarios/market.yaml')} ${says}`,
    ])
  })

  test.each(PLANTS_IN_THE_CITY)('%s: %s', async (code, lines, says) => {
    const faults = await faultsOf(lines, hamadan)
    expect(faults.map((fault) => `${fault.code} ${fault.message}`)).toEqual([
      `${code} ${join(folder, 'scenarios/market.yaml')} ${says}`,
    ])
  })

  test('faults of shape come all at once, and those of sense after them', async () => {
    const faults = await faultsOf(`wether: {}\nvehicles: { factors: { '8:00': 1, '09:00': -1 } }\nduration_h: 0`)
    expect(faults.map(({ code, path }) => `${code} ${path}`).toSorted()).toEqual([
      'OUT_OF_RANGE duration_h',
      'OUT_OF_RANGE vehicles.factors.09:00',
      'UNKNOWN_KEY vehicles.factors.8:00',
      'UNKNOWN_KEY wether',
    ])
  })

  test('a name that there is not is answered with those there are', async () => {
    const loaded = await loadScenario(HAMADAN, 'rian', hamadan)
    const names = (await scenarioNames(HAMADAN)).join(', ')
    expect(loaded.ok ? [] : loaded.fault.map(({ code, message }) => `${code} ${message}`)).toEqual([
      `SCENARIO_UNKNOWN ${join(HAMADAN, 'scenarios')}: there is no scenario rian. Did you mean rain? There are: ${names}.`,
    ])
  })

  test('a site without scenarios says so, and a path that is none is unreadable', async () => {
    const none = await loadScenario(ONE_CROSSING, 'rain', village)
    expect(none.ok ? [] : none.fault.map(({ code }) => code)).toEqual(['SCENARIO_UNKNOWN'])
    const lost = await loadScenario(ONE_CROSSING, '/nowhere/rain.yaml', village)
    expect(lost.ok ? [] : lost.fault.map(({ code }) => code)).toEqual(['FILE_UNREADABLE'])
  })

  test('every code of scenarios is planted here', () => {
    const [first, last] = ['SCENARIO_UNKNOWN', 'KEY_ID_DIFFERS'].map((code) =>
      CONFIG_FAULT_CODES.findIndex((each) => each === code),
    )
    const codes = CONFIG_FAULT_CODES.slice(first, last)
    const planted = new Set([...PLANTS, ...PLANTS_IN_THE_CITY].map(([code]) => code))
    expect(codes.filter((code) => !planted.has(code))).toEqual(['SCENARIO_UNKNOWN'])
  })
})

describe('a scenario that is sound', () => {
  test('may ask for nothing at all', async () => expect(await faultsOf('')).toEqual([]))

  test('may name a file of its own anywhere', async () => {
    await faultsOf('')
    const loaded = await loadScenario(ONE_CROSSING, join(folder, 'scenarios/market.yaml'), village)
    expect(loaded.ok && loaded.value.key).toBe('market')
  })

  test('starts at its local time, and times without a day are the first after it', async () => {
    await faultsOf(
      `start: { date: 1405-9-2, calendar: persian, time: '23:00' }\nduration_h: 30\n` +
        `weather: { start: rain, '23:00': fog, '00:30': snow, 2 23:30: dry }`,
    )
    const loaded = await loadScenario(folder, 'market', village)
    expect(loaded.ok && loaded.value.startEpochMs).toBe(Date.UTC(2026, 10, 23, 19, 30))
    expect(loaded.ok && loaded.value.weather.map(({ fromMs }) => fromMs / 60_000)).toEqual([0, 0, 90, 24.5 * 60])
  })
})
