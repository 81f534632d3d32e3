/** `sabz config check`: reads a site folder whole and lists every fault, and every warning, with its remedy. */
import type { IntersectionConfig } from '#config/site.ts'
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
  const devices = fieldOf(site.intersections, profiles, { portOffset: 0 }).length
  const plans = new Set(site.intersections.flatMap(({ database }) => database.plans.map(({ key }) => key)))
  const edges = site.edges.map(({ id }) => id)
  const bounded = site.intersections.flatMap(boundsOf)
  terminal.print(
    `${directory} is sound: ${site.intersections.length} intersections, ${devices} devices, ` +
      `plans ${[...plans].join(', ')}, edges ${edges.join(', ')}` +
      (scenarios.length === 0 ? '' : `, scenarios ${scenarios.join(', ')}`) +
      (bounded.length === 0 ? '' : `, adaptive control bounded in ${bounded.join(', ')}`),
  )
  terminal.record({
    ok: true,
    site: site.id,
    intersections: site.intersections.length,
    devices,
    plans: [...plans],
    edges,
    scenarios,
    bounded,
    warnings: site.warnings,
  })
  return EXIT.ok
}

/** The plans of an intersection in which the engineer bounds strategies that choose stages. */
const boundsOf = ({ database, adaptiveLimits }: IntersectionConfig): string[] =>
  database.plans.flatMap(({ pattern, key }) => {
    const limits = adaptiveLimits.get(pattern)
    if (limits === undefined) return []
    return [`${key} ${database.intersection.id}${limits.allowed ? '' : ' (not allowed)'}`]
  })
