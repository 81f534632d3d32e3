/** Loads a scenario for a command and proves that it can run on the streets of its site; else it is explained fault by fault. */
import { failed, type Outcome } from '#base/outcome.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import { loadScenario, scenarioNames } from '#config/load-scenario.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import type { SiteConfig } from '#config/site.ts'
import { layStreets } from '#sim/city-streets.ts'
import { explainFaults } from './site.ts'
import type { Terminal } from './terminal.ts'

/** The folder of a site, and what was loaded from it. */
export interface LoadedSite {
  readonly directory: string
  readonly site: SiteConfig
}

/** By its name, or by the path of a file that ends in `.yaml`; null when it cannot run, which has been explained then. */
export async function loadScenarioOrExplain(
  from: LoadedSite,
  name: string,
  terminal: Terminal,
): Promise<ScenarioConfig | null> {
  const loaded = await loadRunnable(from, name)
  if (loaded.ok) return loaded.value
  explainFaults(loaded.fault, terminal)
  return null
}

/** The names of all scenarios of the site; null when one, or a plain day, cannot run, which has been explained then, with all others. */
export async function checkScenariosOrExplain(from: LoadedSite, terminal: Terminal): Promise<string[] | null> {
  const names = await scenarioNames(from.directory)
  const plain = layStreets({ intersections: from.site.intersections, seed: 1, epochMs: 0 })
  const loaded = await Promise.all(names.map((name) => loadRunnable(from, name)))
  const faults = [plain, ...loaded].flatMap((outcome) => (outcome.ok ? [] : outcome.fault))
  if (faults.length === 0) return names
  explainFaults(faults, terminal)
  return null
}

async function loadRunnable(
  { directory, site }: LoadedSite,
  name: string,
): Promise<Outcome<ScenarioConfig, readonly ConfigFault[]>> {
  const loaded = await loadScenario(directory, name, site)
  if (!loaded.ok) return loaded
  const scenario = loaded.value
  const { seed, startEpochMs: epochMs } = scenario
  const laid = layStreets({ intersections: site.intersections, seed, epochMs, scenario })
  return laid.ok ? loaded : failed(laid.fault)
}
