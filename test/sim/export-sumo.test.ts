/** The city as SUMO drives it: written, loaded and run to the last vehicle. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '#base/at.ts'
import type { SiteConfig } from '#config/site.ts'
import { layStreets } from '#sim/city-streets.ts'
import { readSafety, readTrips } from '#sim/sumo/bridge/trips.ts'
import { exportScenario, type SumoScenario, type WrittenScenario } from '#sim/sumo/export/export-scenario.ts'
import { fixedProgram, lampsOf, type FixedProgram } from '#sim/sumo/export/fixed-program.ts'
import { stateOf } from '#sim/sumo/export/light-programs.ts'
import { parseNetwork } from '#sim/sumo/network/read-network.ts'
import { layCity } from '#sim/traffic/streets/lay-city.ts'
import { loadHamadan, MORNING_EPOCH_MS } from './hamadan.ts'

const installed = spawnSync('sumo', ['--version']).status === 0
const SEVEN_MS = 7 * 3_600_000
const FOR_MS = 4 * 60_000

let site: SiteConfig
beforeAll(async () => {
  site = await loadHamadan()
})

const configOf = (id: string) => {
  const config = site.intersections.find(({ database }) => database.intersection.id === id)
  if (!config) throw new Error(`no ${id}`)
  return config
}

function programOf(id: string, plan = 'am_peak'): FixedProgram {
  const program = fixedProgram(configOf(id).database, plan)
  if (!program.ok) throw new Error(JSON.stringify(program.fault))
  return program.value
}

describe('the fixed program of a plan', () => {
  test.each(['IX-01', 'IX-04', 'IX-08', 'IX-12'])('fills its cycle at %s, and is the same in every one', (id) => {
    const program = programOf(id)
    expect(program.cycleMs).toBe(110_000)
    expect(program.steps.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(program.cycleMs)
    expect(lampsOf(program, 12_300)).toEqual(lampsOf(program, 12_300 + 7 * program.cycleMs))
  })

  test('gives the coordinated phases of IX-12 their green from the offset on, 47 s after the master zero', () => {
    const network = layCity([configOf('IX-12')])
    const shown = (clockS: number) => stateOf(network, 0, lampsOf(programOf('IX-12'), clockS * 1_000))
    // Four ways an approach, from E, W, S and N; red-amber takes 1.5 s.
    expect(shown(48)).toMatch(/^[ry]{16}$/)
    expect(shown(50)).toBe('GGgGGGgGrrrrrrrr')
  })

  test('lets lefts go beside oncoming traffic only where they yield', () => {
    const network = layCity([configOf('IX-12')])
    const state = stateOf(network, 0, lampsOf(programOf('IX-12'), 60_000))
    const ways = at(network.junctions, 0).ways.map((way) => at(network.ways, way))
    ways.forEach(({ turn }, i) => {
      if (state[i] === 'G') expect(turn).not.toBe('left')
      if (state[i] === 'g') expect(turn).toBe('left')
    })
    expect(state).toContain('g')
  })

  test('is refused by name where there is no such plan', () =>
    expect(fixedProgram(configOf('IX-12').database, 'rush')).toMatchObject({
      ok: false,
      fault: { code: 'EXPORT_PLAN_UNKNOWN', plan: 'rush', known: expect.arrayContaining(['am_peak']) },
    }))
})

describe.skipIf(!installed)('the city in SUMO (needs the Debian package sumo)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sabz-export-'))
  let scenario: SumoScenario
  let written: WrittenScenario

  beforeAll(async () => {
    const streets = layStreets({ intersections: site.intersections, seed: 1, epochMs: MORNING_EPOCH_MS })
    if (!streets.ok) throw new Error(JSON.stringify(streets.fault))
    scenario = {
      network: streets.value.network,
      intersections: site.intersections.map(({ database }) => database.intersection),
      programs: site.intersections.map(({ database }) => programOf(database.intersection.id)),
      trips: streets.value.scenario.trips,
      fromMs: SEVEN_MS,
      forMs: FOR_MS,
      clearMs: 60 * 60_000,
      stepMs: 500,
      seed: 1,
    }
    const outcome = await exportScenario(scenario, directory)
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.fault))
    written = outcome.value
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test('netconvert has nothing to warn of', () => expect(written.warnings).toEqual([]))

  test('has the lanes and ways of our network, each as long and as fast', () => {
    const built = parseNetwork(readFileSync(join(directory, 'city.net.xml'), 'utf8'))
    if (!built.ok) throw new Error(JSON.stringify(built.fault))
    const { network } = scenario
    network.edges.forEach(({ id, lanes, lengthM, speedMps }) =>
      lanes.forEach((_, fromKerb) => {
        const lane = built.value.lanes.get(`${id}_${fromKerb}`)
        expect(lane?.lengthM).toBeCloseTo(lengthM, 1)
        expect(lane?.speedMps).toBeCloseTo(speedMps, 1)
      }),
    )
    const streetWays = built.value.connections.filter(({ fromLane }) => !fromLane.startsWith(':'))
    expect(streetWays).toHaveLength(network.ways.length)
    expect(built.value.lights.size).toBe(12)
  })

  test('every vehicle drives from its entry to its exit, and SUMO takes nobody away', async () => {
    const [trips, statistics] = [join(directory, 'trips.xml'), join(directory, 'statistics.xml')]
    const output = ['--tripinfo-output', trips, '--tripinfo-output.write-unfinished', 'true']
    const more = ['--tripinfo-output.write-undeparted', 'true', '--statistic-output', statistics]
    execFileSync('sumo', ['-c', written.configurationFile, ...output, ...more], { stdio: 'pipe' })
    expect(written.vehicles).toBeGreaterThan(100)
    expect(await readTrips(trips)).toMatchObject({
      ok: true,
      value: { wanted: written.vehicles, unfinished: 0, neverInserted: 0, removed: 0 },
    })
    expect(await readSafety(statistics)).toMatchObject({ ok: true, value: { teleports: 0, collisions: 0 } })
  })

  test('says which package to install where netconvert is absent', async () =>
    expect(await exportScenario(scenario, directory, 'no-netconvert')).toEqual({
      ok: false,
      fault: { code: 'NETCONVERT_ABSENT', program: 'no-netconvert', debianPackage: 'sumo' },
    }))

  test('says how netconvert ended where it makes no network', async () =>
    expect(await exportScenario(scenario, directory, 'false')).toEqual({
      ok: false,
      fault: { code: 'NETCONVERT_FAILED', ending: 'exit code 1', words: '' },
    }))

  test('says why a folder cannot be written to', async () => {
    const file = join(directory, 'a-file')
    writeFileSync(file, '')
    expect(await exportScenario(scenario, join(file, 'below'))).toMatchObject({
      ok: false,
      fault: { code: 'EXPORT_NOT_WRITTEN' },
    })
  })
})
