/** The scenarios of SUMO that are driven: those that were named, or the public ones beside the project. */
import { globSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'

export interface Scenario {
  /** Of the file; where two files have the same one, the path. */
  readonly name: string
  readonly file: string
}

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..')

const PUBLIC_SCENARIOS = resolve(PROJECT_ROOT, '../shared/data/resco')

/** The network that a scenario's name or path is known by. */
export const networkOf = (scenario: string): string => basename(scenario, '.sumocfg')

/** The fault is a sentence. */
export function findScenarios(named: readonly string[]): Outcome<Scenario[], string> {
  if (named.length > 0) {
    const absent = named.find((path) => !isFile(path))
    if (absent !== undefined) return failed(`${absent} is no file. Name the .sumocfg of a scenario: --scenario <file>.`)
    return ok(nameScenarios(named.map((path) => resolve(path))))
  }
  const found = globSync('*/*.sumocfg', { cwd: PUBLIC_SCENARIOS }).toSorted()
  if (found.length === 0)
    return failed(`There is no scenario in ${PUBLIC_SCENARIOS}. Put one there, or name it: --scenario <file.sumocfg>.`)
  return ok(nameScenarios(found.map((path) => resolve(PUBLIC_SCENARIOS, path))))
}

/** Each file once. */
export function nameScenarios(files: readonly string[]): Scenario[] {
  const distinct = [...new Set(files)]
  return distinct.map((file) => {
    const isShared = distinct.some((other) => other !== file && networkOf(other) === networkOf(file))
    return { name: isShared ? file : networkOf(file), file }
  })
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
