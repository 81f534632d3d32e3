/** Every light of networks that SUMO's own tools make becomes an intersection that a controller can run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deriveLights } from '#sim/sumo/derive/derive-lights.ts'
import { readNetwork } from '#sim/sumo/network/read-network.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import { findProgram } from '#test/support/program.ts'
import { buildCrossing, runTool } from '#test/support/sumo-network.ts'

const netconvert = findProgram('netconvert')
const netgenerate = findProgram('netgenerate')

async function derive(folder: string) {
  const read = await readNetwork(join(folder, 'crossing.net.xml'))
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  return { network: read.value, ...deriveLights(read.value) }
}

describe.skipIf(netconvert === null || netgenerate === null)('networks of SUMO', () => {
  test.each([
    ['a plain crossing', []],
    ['with people on foot', ['--crossings.guess', '--sidewalks.guess']],
    ['with actuated programs', ['--tls.default-type', 'actuated']],
    ['with a red for all', ['--tls.allred.time', '2']],
    ['with stages for each street', ['--tls.layout', 'incoming']],
    ['without ways inside the junction', ['--no-internal-links']],
  ])('%s', async (_, options) => {
    const { lights, left } = await derive(buildCrossing(netconvert ?? '', options))
    expect(left).toEqual([])
    expect(lights.flatMap(({ database }) => checkDatabase(database))).toEqual([])
    expect(
      lights[0]?.database.intersection.approaches.map(({ id, bearingDeg }) => [id, bearingDeg]).toSorted(),
    ).toEqual([
      ['ec', 90],
      ['nc', 0],
      ['sc', 180],
      ['wc', 270],
    ])
  })

  test('turns left are permissive where the program lets them yield, and streets that cross are never green together', async () => {
    const { lights } = await derive(buildCrossing(netconvert ?? ''))
    const kinds = lights[0]?.conflicts.map(({ kind }) => kind)
    expect(kinds).toContain('permissive')
    expect(kinds).toContain('separate')
  })

  test('a lane from which all turn right on red after a stop says so, and no other', async () => {
    const folder = buildCrossing(netconvert ?? '')
    const file = join(folder, 'crossing.net.xml')
    const text = readFileSync(file, 'utf8')
    const right = Number(/from="nc" to="cw"[^>]*linkIndex="(\d+)"/.exec(text)?.[1])
    const withArrow = (state: string) =>
      state.slice(0, right) + state.charAt(right).replace('r', 's') + state.slice(right + 1)
    writeFileSync(
      file,
      text.replaceAll(/state="([a-zA-Z]{6,})"/g, (_, state: string) => `state="${withArrow(state)}"`),
    )
    const { lights } = await derive(folder)
    const lanes = lights[0]?.database.intersection.approaches.flatMap((approach) => approach.lanes) ?? []
    expect(lanes.filter(({ rightOnRed }) => rightOnRed).map(({ id }) => id)).toEqual(['nc_0'])
  })

  test('people get a walk, and the time that the crossing needs at 1.2 m/s', async () => {
    const { lights } = await derive(buildCrossing(netconvert ?? '', ['--crossings.guess', '--sidewalks.guess']))
    const walking = lights[0]?.database.intersection.phases.filter(({ timing }) => timing.walkMs > 0) ?? []
    const crossings = lights[0]?.movements.filter(({ onFoot }) => onFoot).map(({ crossingM }) => crossingM) ?? []
    expect(crossings).toHaveLength(4)
    expect(walking.map(({ timing }) => timing.pedClearMs)).toContain(Math.ceil((Math.max(...crossings) / 1.2) * 1_000))
  })

  test('each loop lies on its street: at the stop line, and 8 to 16 s of free travel before it or where the street begins', async () => {
    const { lights, network } = await derive(buildCrossing(netconvert ?? ''))
    const [light] = lights
    for (const { detector, places } of light?.detectors ?? []) {
      const facts = light?.database.intersection.detectors.find(({ id }) => id === detector)
      expect(places).toHaveLength(1)
      for (const { lane, positionM } of places) {
        const { lengthM, speedMps } = network.lanes.get(lane)!
        const travelS = (lengthM - positionM) / speedMps
        if (facts?.kind === 'advance') expect(travelS >= 8 && travelS <= 16).toBe(true)
        else expect(lengthM - positionM).toBeCloseTo(2)
      }
    }
    expect(light?.detectors).toHaveLength(12)
  })

  test('a city of chance has its lights derived, with neighbours upstream and loops on the streets that feed short ones', async () => {
    const folder = buildCrossing(netconvert ?? '')
    const city = ['--rand', '--rand.iterations', '60', '--seed', '7', '--default.lanenumber', '2', '--tls.guess']
    const few = ['--tls.guess.threshold', '40', '--rand.min-distance', '60', '--rand.max-distance', '120']
    runTool(netgenerate ?? '', [...city, ...few, '-o', 'crossing.net.xml'], folder)
    const { lights, left, network } = await derive(folder)
    expect(lights.length).toBeGreaterThan(3)
    expect(lights.length + left.length).toBe(network.lights.size)
    expect(lights.flatMap(({ id, database }) => checkDatabase(database).map((fault) => ({ id, fault })))).toEqual([])
    const approaches = lights.flatMap(({ id, database }) =>
      database.intersection.approaches.map(({ upstream }) => ({ id, upstream })),
    )
    expect(approaches.some(({ upstream }) => upstream !== null)).toBe(true)
    const arrivals = approaches.filter(({ upstream }) => upstream !== null).length
    expect(lights.flatMap(({ downstream }) => downstream)).toHaveLength(arrivals)
    expect(approaches.filter(({ id, upstream }) => upstream?.intersection === id)).toEqual([])
    for (const { id, upstream } of approaches)
      for (const feeder of upstream?.feeders ?? []) {
        const from = lights.find((light) => light.id === feeder.intersection)?.database.intersection
        const lanes = from?.approaches.find((approach) => approach.id === feeder.approach)?.lanes ?? []
        expect([feeder, lanes.some(({ turns }) => turns.includes(feeder.turn))]).toEqual([feeder, true])
        expect(feeder.intersection).not.toBe(id)
        expect(feeder.distanceM).toBeGreaterThanOrEqual(upstream?.distanceM ?? Infinity)
      }
    const places = lights.flatMap(({ detectors }) => detectors.flatMap((detector) => detector.places))
    for (const { lane, positionM } of places) expect(positionM).toBeLessThanOrEqual(network.lanes.get(lane)!.lengthM)
    expect(lights.some(({ detectors }) => detectors.some((detector) => detector.places.length > 1))).toBe(true)
  })
})
