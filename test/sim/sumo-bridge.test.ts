/** Scenarios of the real SUMO, as they come, with their lights in our cabinets. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { actuated } from '#control/actuated.ts'
import type { SumoReport } from '#sim/sumo/bridge/report.ts'
import { findProgram } from '#test/support/program.ts'
import { addScenario, buildCrossing } from '#test/support/sumo-network.ts'
import { ownMeanDelayS, runBridge, writeScenario } from '#test/support/sumo-scenario.ts'

const sumo = findProgram('sumo')
const netconvert = findProgram('netconvert')

describe.skipIf(sumo === null || netconvert === null)('a scenario of SUMO', () => {
  const crossing = (options: readonly string[] = []) => buildCrossing(netconvert ?? '', options)

  async function reportOf(...of: Parameters<typeof runBridge>): Promise<SumoReport> {
    const outcome = await runBridge(...of)
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.fault))
    for (const { monitorTrips, refusedCommands } of outcome.value.lights)
      expect([...monitorTrips, ...refusedCommands]).toEqual([])
    return outcome.value
  }

  test('keeps its own additional files, gets nothing written into its folder, and the figures are those of SUMO', async () => {
    const folder = crossing()
    const scenario = addScenario(folder)
    const before = readdirSync(folder)
    const tripsFile = join(crossing(), 'trips.xml')
    const report = await reportOf(scenario, { endS: 400, tripsFile, strategy: actuated })
    expect(readdirSync(folder)).toEqual(before)
    const trips = [...readFileSync(tripsFile, 'utf8').matchAll(/departDelay="([\d.]+)".*?timeLoss="([\d.]+)"/g)]
    const delayS = trips.reduce((sum, [, depart, loss]) => sum + Number(depart) + Number(loss), 0) / trips.length
    expect(report.meanDelay_s).toBeCloseTo(delayS, 2)
    expect(report).toMatchObject({ begin_s: 0, ending: 'everybody has left', teleports: 0, tripinfo: tripsFile })
    expect(report.vehicles).toMatchObject({ wanted: trips.length, neverInserted: 0, unfinished: 0 })
    expect(report.lights[0]?.greens).toBeGreaterThan(1)
  })

  test('runs under our fixed time as under its own program: the same cycle, and nearly the same delay', async () => {
    const folder = crossing()
    const scenario = writeScenario(folder, { demand: { untilS: 600, everyS: 5 } })
    const ownS = ownMeanDelayS(sumo ?? '', folder, scenario, 600)
    const report = await reportOf(scenario, { endS: 600 })
    expect(report.lights[0]).toMatchObject({ notes: [], meanCycle_s: expect.closeTo(90, 0) })
    expect(Math.abs((report.meanDelay_s ?? 0) / ownS - 1)).toBeLessThan(0.1)
  })

  test('has the program that a file of its own puts in the place of that of the network, packed and named by a word', async () => {
    const folder = crossing()
    const net = readFileSync(join(folder, 'crossing.net.xml'), 'utf8')
    const links = /state="([^"]+)"/.exec(net)?.[1] ?? ''
    const half = (green: string) => [...links].map((_, link) => (link % 8 < 4 === (green === 'G') ? 'G' : 'r')).join('')
    const steps = ['G', 'r'].map((green) => `<phase duration="20" state="${half(green)}"/>`)
    const program = `<additional><tlLogic id="c" type="static" programID="mine" offset="7">${steps.join('')}</tlLogic></additional>`
    writeFileSync(join(folder, 'lights.add.xml.gz'), gzipSync(program))
    const input = '<additional value="lights.add.xml.gz"/>'
    const rest = '<time><step-length value="0.5"/></time>'
    const scenario = writeScenario(folder, { demand: { untilS: 60, everyS: 6 }, input, rest })
    const report = await reportOf(scenario)
    expect(report).toMatchObject({ stepLength_s: 0.5, ending: 'everybody has left' })
    expect(report.lights[0]).toMatchObject({ stages: 2, meanCycle_s: expect.closeTo(40, 0) })
    expect(report.lights[0]?.notes).toEqual([])
  })

  test.each([
    ['files named by a prefix', '<output><output-prefix value="TIME_"/></output>'],
    ['times as people write them', '<output><human-readable-time value="true"/></output>'],
    ['a mesoscopic model', '<processing><mesosim value="true"/></processing>'],
    ['a port and clients of its own', '<traci_server><remote-port value="9"/><num-clients value="2"/></traci_server>'],
  ])('that asks for %s is reported as any other', async (_, rest) => {
    const report = await reportOf(writeScenario(crossing(), { demand: { untilS: 30, everyS: 5 }, rest }))
    expect(report).toMatchObject({ meanDelay_s: expect.any(Number), vehicles: { wanted: 24, arrived: 24 } })
  })

  test('with a NEMA program has its two rings side by side: six phases are three stages', async () => {
    const folder = crossing(['--tls.default-type', 'NEMA', '--tls.min-dur', '5', '--tls.max-dur', '30'])
    const report = await reportOf(writeScenario(folder, { demand: { untilS: 120, everyS: 8 } }))
    const net = readFileSync(join(folder, 'crossing.net.xml'), 'utf8')
    expect(net).toContain('type="NEMA"')
    expect(net.match(/name="\d"/g)).toHaveLength(6)
    // 30 s at most are 20 s in a plan, and 5 s of yellow and red: once for each pair.
    expect(report.lights[0]).toMatchObject({ stages: 3, meanCycle_s: expect.closeTo(75, 0) })
  })

  test('with people on foot, steps of a tenth of a second and cameras runs without a fault', async () => {
    const scenario = writeScenario(crossing(['--crossings.guess', '--sidewalks.guess']), {
      demand: { untilS: 30, everyS: 5 },
      rest: '<time><step-length value="0.1"/></time>',
    })
    const report = await reportOf(scenario, { detection: 'camera', strategy: actuated })
    expect(report).toMatchObject({ stepLength_s: 0.1, vehicles: { arrived: 24, wanted: 24 } })
  })

  test('that is too full counts those who never got in, with the delay that they have', async () => {
    const scenario = writeScenario(crossing(), { demand: { untilS: 120, everyS: 0.5 } })
    const report = await reportOf(scenario, { endS: 120 })
    expect(report.vehicles.neverInserted).toBeGreaterThan(100)
    // Who wants to leave within the last step is not asked any more.
    expect(report.vehicles.wanted).toBeGreaterThanOrEqual(4 * 239)
    expect(report.meanDepartDelay_s).toBeGreaterThan(10)
  })

  test('in which nobody drives has no mean, and says so', async () => {
    const report = await reportOf(writeScenario(crossing(), { demand: { untilS: 0, everyS: 1 } }), { endS: 60 })
    expect(report).toMatchObject({ meanDelay_s: null, vehicles: { wanted: 0 }, ending: 'everybody has left' })
  })

  test('that is asked to stop reports what there is', async () => {
    const stop = new AbortController()
    const scenario = writeScenario(crossing(), { demand: { untilS: 600, everyS: 5 } })
    const onProgress = (nowS: number) => nowS >= 30 && stop.abort()
    const report = await reportOf(scenario, { signal: stop.signal, onProgress })
    expect(report).toMatchObject({ ending: 'interrupted', end_s: 30 })
    expect(report.vehicles.wanted).toBeGreaterThan(20)
  })

  test('with a light that has nothing to decide leaves it alone, and says why', async () => {
    const folder = crossing()
    const file = join(folder, 'crossing.net.xml')
    const net = readFileSync(file, 'utf8')
    const links = /state="([^"]+)"/.exec(net)?.[1]?.length ?? 0
    const alone = `<phase duration="30" state="${'G'.repeat(links)}"/></tlLogic>`
    writeFileSync(file, net.replace(/<phase[\s\S]*<\/tlLogic>/, alone))
    const report = await reportOf(writeScenario(folder, { demand: { untilS: 20, everyS: 5 } }))
    expect(report.left).toMatchObject([{ id: 'c', code: 'LIGHT_WITHOUT_STAGES' }])
    expect(report.lights).toEqual([])
  })

  test.each([
    ['routes that lead nowhere', 'demand.xml', '<routes><trip id="t" depart="0" from="nc" to="nowhere"/></routes>'],
    ['routes that are no XML', 'demand.xml', '<routes><trip'],
  ])('with %s ends in the last words of SUMO', async (_, file, content) => {
    const folder = crossing()
    const scenario = writeScenario(folder, { demand: { untilS: 10, everyS: 5 } })
    writeFileSync(join(folder, file), content)
    const outcome = await runBridge(scenario)
    expect(outcome).toMatchObject({ ok: false, fault: { of: 'sumo', fault: { code: 'SUMO_DIED' } } })
    expect(JSON.stringify(outcome)).toMatch(/nowhere|demand\.xml/)
  })

  test('whose network is broken is told with line and remedy, one without a network by name', async () => {
    const folder = crossing()
    const scenario = writeScenario(folder, { demand: { untilS: 10, everyS: 5 } })
    writeFileSync(join(folder, 'crossing.net.xml'), '<net><edge')
    expect(await runBridge(scenario)).toMatchObject({
      fault: { of: 'network', faults: [{ code: 'NETWORK_NOT_XML', line: 1 }, { code: 'NETWORK_NOT_XML' }] },
    })
    writeFileSync(scenario, '<configuration><input/></configuration>')
    expect(await runBridge(scenario)).toMatchObject({ fault: { fault: { code: 'SUMO_SCENARIO_WITHOUT_NETWORK' } } })
    writeFileSync(scenario, '<configuration><input>')
    expect(await runBridge(scenario)).toMatchObject({ fault: { fault: { code: 'SUMO_DIED' } } })
  })
})
