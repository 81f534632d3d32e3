/** A scenario as SUMO itself understands it: it is asked to write down the configuration that it would run. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SaxesParser } from 'saxes'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { faultOfSpawn, WORDS_MOST } from '../traci/sumo-process.ts'
import type { SumoFault } from '../traci/sumo-fault.ts'

export interface Scenario {
  readonly configurationFile: string
  readonly networkFile: string
  /** In the order of the scenario. */
  readonly additionalFiles: readonly string[]
  /** Its own, or SUMO's where it has none. */
  readonly seed: number
}

/** What SUMO takes where nothing is said. */
const SUMO_SEED = 23_423

/**
 * Paths relative to the configuration, synonyms of options, lists of files: all of it is SUMO's to read. `folder` is
 * ours to write to.
 */
export async function resolveScenario(
  program: string,
  configurationFile: string,
  folder: string,
): Promise<Outcome<Scenario, SumoFault>> {
  const resolved = join(folder, 'resolved.sumocfg')
  const written = await run(program, ['--configuration-file', configurationFile, '--save-configuration', resolved])
  if (!written.ok) return written
  const options = readOptions(await readFile(resolved, 'utf8'))
  // SUMO writes paths relative to the file that it writes.
  const files = (name: string) =>
    (options.get(name) ?? '')
      .split(',')
      .map((file) => file.trim())
      .filter((file) => file !== '')
      .map((file) => resolve(folder, file))
  const [networkFile] = files('net-file')
  if (networkFile === undefined) return failed({ code: 'SUMO_SCENARIO_WITHOUT_NETWORK', configurationFile })
  const seed = Number(options.get('seed') ?? SUMO_SEED)
  return ok({ configurationFile, networkFile, additionalFiles: files('additional-files'), seed })
}

function run(program: string, args: readonly string[]): Promise<Outcome<void, SumoFault>> {
  const { promise, resolve: settle } = Promise.withResolvers<Outcome<void, SumoFault>>()
  execFile(program, args, (error, stdout, stderr) => {
    if (error === null) return settle(ok(undefined))
    if (typeof error.code !== 'number') return settle(failed(faultOfSpawn(error, program)))
    const lastWords = `${stdout}${stderr}`.trim().slice(-WORDS_MOST)
    return settle(failed({ code: 'SUMO_DIED', ending: `exit code ${error.code}`, lastWords }))
  })
  return promise
}

/** By name; the groups in which they stand say nothing. */
function readOptions(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    if (attributes['value'] !== undefined) options.set(name, attributes['value'])
  })
  parser.write(text).close()
  return options
}
