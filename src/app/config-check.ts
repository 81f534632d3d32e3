/** `sabz config check`: reads a site folder whole and lists every fault, and every warning, with its remedy. */
import { EXIT, type ExitCode } from './exit-code.ts'
import { fieldOf, loadProfilesOrExplain } from './field.ts'
import { checkScenariosOrExplain } from './scenario.ts'
import { loadSiteOrExplain } from './site.ts'
import type { Terminal } from './terminal.ts'

/** Exit code 3 when the folder could not be run; faults of device profiles count. */
export async function runConfigCheck(directory: string, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(directory, terminal)
  if (site === null) return EXIT.invalidConfig
  const profiles = await loadProfilesOrExplain(site, terminal)
  if (profiles === null) return EXIT.invalidConfig
  const scenarios = await checkScenariosOrExplain({ directory, site }, terminal)
  if (scenarios === null) return EXIT.invalidConfig
  const devices = fieldOf(site.intersections, profiles, 0).length
  const plans = new Set(site.intersections.flatMap(({ database }) => database.plans.map(({ key }) => key)))
  const edges = site.edges.map(({ id }) => id)
  terminal.print(
    `${directory} is sound: ${site.intersections.length} intersections, ${devices} devices, ` +
      `plans ${[...plans].join(', ')}, edges ${edges.join(', ')}` +
      (scenarios.length === 0 ? '' : `, scenarios ${scenarios.join(', ')}`),
  )
  terminal.record({
    ok: true,
    site: site.id,
    intersections: site.intersections.length,
    devices,
    plans: [...plans],
    edges,
    scenarios,
    warnings: site.warnings,
  })
  return EXIT.ok
}
