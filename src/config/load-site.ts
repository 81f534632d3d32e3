/** Loads a site: reads its files, checks them whole, and hands out a configuration that nothing can change. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { buildJunctions, buildSite } from './build-site.ts'
import { checkAdaptive } from './check-adaptive.ts'
import { checkClearances, onlyWarned } from './check-clearances.ts'
import { checkDatabases } from './check-databases.ts'
import { checkDateRows } from './check-date-rows.ts'
import { checkDemand } from './check-demand.ts'
import { checkDevices } from './check-devices.ts'
import { checkNames } from './check-names.ts'
import { checkStreet } from './check-street.ts'
import type { ConfigFault } from './config-fault.ts'
import { deepFreeze } from './deep-freeze.ts'
import { readSiteFiles } from './site-files.ts'
import type { SiteConfig } from './site.ts'

/**
 * The site of a directory such as `config/hamadan`, or all its faults. `profiles` are the names of the device profiles
 * there are; left out, the profiles are not looked up. Faults of shape come first and alone: only files that can be
 * understood are compared with each other. What the city's standards only warn of goes with the site.
 */
export async function loadSite(
  directory: string,
  profiles?: readonly string[],
): Promise<Outcome<SiteConfig, readonly ConfigFault[]>> {
  const read = await readSiteFiles(directory)
  if (!read.ok) return read
  const files = read.value
  const junctions = buildJunctions(files)
  const found = [
    ...checkNames(files),
    ...checkDateRows(files),
    ...checkDevices(files, profiles),
    ...checkDatabases(junctions, files),
    ...junctions.flatMap((junction) => [
      ...checkStreet(junction, files),
      ...checkClearances(junction, files),
      ...checkAdaptive(junction, files),
    ]),
    ...checkDemand(files),
  ]
  const tolerated = onlyWarned(files.site.standards)
  const faults = found.filter(({ code }) => !tolerated.includes(code))
  const warnings = found.filter(({ code }) => tolerated.includes(code))
  return faults.length > 0 ? failed(faults) : ok(deepFreeze(buildSite(files, junctions, warnings)))
}
