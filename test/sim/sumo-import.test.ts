/** Networks that SUMO's own tools make become sites that the configuration check accepts. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSite } from '#config/load-site.ts'
import { deriveLights } from '#sim/sumo/derive/derive-lights.ts'
import { siteOfNetwork } from '#sim/sumo/import/site-of-network.ts'
import { readNetwork } from '#sim/sumo/network/read-network.ts'
import { importSumo } from '#app/import-sumo.ts'
import { EXIT } from '#app/exit-code.ts'
import type { Terminal } from '#app/terminal.ts'
import { findProgram } from '#test/support/program.ts'
import { buildCrossing, runTool } from '#test/support/sumo-network.ts'

const netconvert = findProgram('netconvert')
const netgenerate = findProgram('netgenerate')

/** Keeps the codes of faults. */
function listener(): Terminal & { readonly codes: string[] } {
  const codes: string[] = []
  const quiet = () => {}
  return {
    json: false,
    print: quiet,
    record: quiet,
    say: quiet,
    paint: (_, text) => text,
    codes,
    fail: (code) => codes.push(code),
  }
}

describe.skipIf(netconvert === null || netgenerate === null)('a network of SUMO as a site', () => {
  async function importAndLoad(folder: string) {
    const out = join(folder, 'site')
    const terminal = listener()
    expect([await importSumo(join(folder, 'crossing.net.xml'), { out }, terminal), terminal.codes]).toEqual([
      EXIT.ok,
      [],
    ])
    const loaded = await loadSite(out)
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault))
    return loaded.value
  }

  test('has the phases, groups, lanes, loops and the plan of its light', async () => {
    const folder = buildCrossing(netconvert ?? '', ['--crossings.guess', '--sidewalks.guess'])
    const site = await importAndLoad(folder)
    const network = await readNetwork(join(folder, 'crossing.net.xml'))
    const derived = network.ok ? deriveLights(network.value).lights[0]?.database : undefined
    const [imported] = site.intersections
    expect(imported?.database.intersection.phases.map(({ timing }) => timing)).toEqual(
      derived?.intersection.phases.map(({ timing }) => timing),
    )
    expect(imported?.database.intersection.overlaps).toEqual(derived?.intersection.overlaps)
    expect(imported?.database.plans).toEqual(derived?.plans)
    expect(imported?.database.intersection.detectors).toHaveLength(derived?.intersection.detectors.length ?? 0)
    expect(imported?.database.intersection.approaches.map(({ id }) => id).toSorted()).toEqual(['E', 'N', 'S', 'W'])
  })

  test('is sound for a city of chance, with lights of any name and shape', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sabz-import-'))
    const city = [
      '--rand',
      '--rand.iterations',
      '80',
      '--seed',
      '11',
      '--default.lanenumber',
      '3',
      '--tls.guess',
      '--tls.join',
    ]
    const short = ['--rand.min-distance', '40', '--rand.max-distance', '100', '--tls.guess.threshold', '30']
    runTool(netgenerate ?? '', [...city, ...short, '-o', 'crossing.net.xml'], folder)
    const site = await importAndLoad(folder)
    expect(site.intersections.length).toBeGreaterThan(3)
  })

  test('tells by name what its files cannot say, and takes a light with too long a cycle out of the plan', async () => {
    const folder = buildCrossing(netconvert ?? '')
    const file = join(folder, 'crossing.net.xml')
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/duration="\d\d"/g, 'duration="140"'))
    const network = await readNetwork(file)
    const site = network.ok ? siteOfNetwork(network.value, 'crossing') : null
    expect(site?.plans).toEqual({ network: {} })
    expect(site?.schedule.own_weeks).toHaveProperty('c')
    expect(site?.unsaid.join('\n')).toMatch(/longer than 255 s[\s\S]*yields/)
    await importAndLoad(folder)
  })

  test('writes over nothing that an engineer has edited', async () => {
    const folder = buildCrossing(netconvert ?? '')
    await importAndLoad(folder)
    const terminal = listener()
    const out = join(folder, 'site')
    expect(await importSumo(join(folder, 'crossing.net.xml'), { out }, terminal)).toBe(EXIT.invalidConfig)
    expect(terminal.codes).toEqual(['IMPORT_UNWRITABLE'])
  })
})

test('a network that is not there is told by its path', async () => {
  const terminal = listener()
  expect(await importSumo('nowhere.net.xml', {}, terminal)).toBe(EXIT.invalidConfig)
  expect(terminal.codes).toEqual(['NETWORK_UNREADABLE'])
})
