/** Loads a scenario of a site: reads its file, checks it whole against the streets, and hands out what nothing can change. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { buildScenario } from './build-scenario.ts'
import { checkScenario } from './check-scenario.ts'
import { checkShape } from './check-shape.ts'
import { faultsIn, type ConfigFault } from './config-fault.ts'
import { deepFreeze } from './deep-freeze.ts'
import { checkMoments } from './fault-rows.ts'
import { didYouMean } from './nearest.ts'
import { readYaml } from './read-yaml.ts'
import type { ScenarioConfig } from './scenario.ts'
import { ScenarioFile } from './scenario-file.ts'
import type { SiteConfig } from './site.ts'

/** Under the folder of the site. */
const SCENARIOS = 'scenarios'
const ENDING = '.yaml'

/** The names of the scenarios of a site folder; none where it has no such folder. */
export async function scenarioNames(directory: string): Promise<string[]> {
  const files = await readdir(join(directory, SCENARIOS)).catch(() => [])
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .toSorted()
}

/**
 * The scenario of that name under `scenarios`, or the file of that path where the name ends in `.yaml`; or all its faults.
 * `site` is what was loaded from the same directory.
 */
export async function loadScenario(
  directory: string,
  name: string,
  site: SiteConfig,
): Promise<Outcome<ScenarioConfig, readonly ConfigFault[]>> {
  const file = name.endsWith(ENDING) ? name : join(directory, SCENARIOS, `${name}${ENDING}`)
  if (file !== name) {
    const known = await scenarioNames(directory)
    if (!known.includes(name)) return failed([unknownScenario(directory, name, known)])
  }
  const at = faultsIn(file)
  const data = await readYaml(file)
  if (!data.ok) return data
  const shaped = checkShape(ScenarioFile, data.value, at)
  if (!shaped.ok) return shaped
  const faults = [...checkScenario(shaped.value, site, at), ...checkMoments({ file, rows: shaped.value.faults ?? [] })]
  if (faults.length > 0) return failed(faults)
  return ok(deepFreeze(buildScenario({ file, rows: shaped.value, site })))
}

function unknownScenario(directory: string, name: string, known: readonly string[]): ConfigFault {
  const folder = join(directory, SCENARIOS)
  if (known.length === 0)
    return faultsIn(folder)('SCENARIO_UNKNOWN', [], `there is no scenario ${name}, nor any other. Write ${name}.yaml.`)
  const meant = [didYouMean(name, known), `There are: ${known.join(', ')}.`].filter((text) => text !== '').join(' ')
  return faultsIn(folder)('SCENARIO_UNKNOWN', [], `there is no scenario ${name}. ${meant}`)
}
