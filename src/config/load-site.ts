/** Loads a site: reads its files, checks them whole, and hands out a configuration that nothing can change. */
import { intersectionId } from '#base/id.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { buildDatabase, buildSite } from './build-site.ts'
import type { ConfigFault } from './config-fault.ts'
import { deepFreeze } from './deep-freeze.ts'
import { readSiteFiles } from './site-files.ts'
import type { SiteConfig } from './site.ts'

/**
 * The site of a directory such as `config/hamadan`, or all its faults. `profiles` are the names of the device profiles
 * there are. Faults of shape come first and alone: only files that can be understood are compared with each other.
 */
export async function loadSite(
  directory: string,
  profiles: readonly string[],
): Promise<Outcome<SiteConfig, readonly ConfigFault[]>> {
  const read = await readSiteFiles(directory)
  if (!read.ok) return read
  const ids = Object.keys(read.value.network.intersections)
  const databases = new Map(ids.map((id) => [id, buildDatabase(intersectionId(id), read.value)]))
  return ok(deepFreeze(buildSite(read.value, databases)))
}
