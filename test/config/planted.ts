/** A copy of a site with faults planted in it, loaded from disk as an engineer would have it. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '#base/outcome.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import { loadSite } from '#config/load-site.ts'
import type { SiteConfig } from '#config/site.ts'

export const ONE_CROSSING = join(import.meta.dirname, 'one-crossing')
export const PROFILES = ['a-controller', 'a-loop-card']

export type Loaded = Outcome<SiteConfig, readonly ConfigFault[]>

export const HAMADAN = join(import.meta.dirname, '../../config/hamadan')

/** What becomes of the text of a file; null removes it. */
export type Edit = (text: string) => string | null

/** Loads a copy of the one-crossing site in which one file is edited. */
export const loadEdited = (file: string, edit: Edit): Promise<Loaded> => loadCopy(ONE_CROSSING, { [file]: edit })

/** Loads a copy of a site in which some files are edited. */
export async function loadCopy(site: string, edits: Readonly<Record<string, Edit>>): Promise<Loaded> {
  const directory = await mkdtemp(join(tmpdir(), 'sabz-config-'))
  try {
    await cp(site, directory, { recursive: true })
    for (const [file, edit] of Object.entries(edits)) {
      const text = edit(await readFile(join(directory, file), 'utf8'))
      if (text === null) await rm(join(directory, file))
      else await writeFile(join(directory, file), text)
    }
    return nameFiles(await loadSite(directory, site === ONE_CROSSING ? PROFILES : undefined), directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Replaces the one occurrence of a text; a plant that finds no place is a fault of the test. */
export function plant(find: string, write: string): (text: string) => string {
  return (text) => {
    if (text.split(find).length !== 2) throw new Error(`"${find}" stands ${text.split(find).length - 1} times`)
    return text.replace(find, () => write)
  }
}

/** Faults as if the site stood in `village/`. */
function nameFiles(loaded: Loaded, directory: string): Loaded {
  if (loaded.ok) return loaded
  const named = (text: string) => text.replaceAll(directory, 'village')
  return {
    ok: false,
    fault: loaded.fault.map((fault) => ({ ...fault, file: named(fault.file), message: named(fault.message) })),
  }
}
