/** Loads the site for a command; a folder that could not be run is explained whole, fault by fault. */
import { readdir } from 'node:fs/promises'
import { loadSite } from '#config/load-site.ts'
import type { SiteConfig } from '#config/site.ts'
import type { Terminal } from './terminal.ts'

/** null when the configuration is invalid, which has been explained on stderr (and recorded with `--json`) then. */
export async function loadSiteOrExplain(directory: string, terminal: Terminal): Promise<SiteConfig | null> {
  const loaded = await loadSite(directory, await profileNames())
  if (loaded.ok) {
    explainWarnings(loaded.value.warnings, terminal)
    return loaded.value
  }
  explainFaults(loaded.fault, terminal)
  return null
}

async function profileNames(): Promise<string[]> {
  const files = await readdir(new URL('../../devices/profiles', import.meta.url))
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length))
}

/** They stop nothing; `config check` records them for programs. */
function explainWarnings(warnings: readonly ExplainedFault[], terminal: Terminal): void {
  for (const { code, message } of warnings) terminal.say(`${terminal.paint('warning', code)} ${message}`)
  if (warnings.length > 0) terminal.say(`${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`)
}

export interface ExplainedFault {
  readonly code: string
  readonly file: string
  readonly path: string
  /** File, path, rule and remedy in one line. */
  readonly message: string
}

export function explainFaults(faults: readonly ExplainedFault[], terminal: Terminal): void {
  for (const { code, message } of faults) terminal.say(`${terminal.paint('failure', code)} ${message}`)
  terminal.say(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; nothing was started`)
  terminal.record({ ok: false, faults: faults.map(({ code, file, path, message }) => ({ code, file, path, message })) })
}
