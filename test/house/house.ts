/** Runs the import gate and the house rules over the tree, prints each finding as `file:line message`; exit code 1 when any. */
import { readFileSync } from 'node:fs'
import {
  checkErrorCatalogue,
  checkInstallScripts,
  checkLogicalProperties,
  checkOpeningSentences,
  checkPureRooms,
  checkReasonsOfExceptions,
  type Lockfile,
} from './house-rules.ts'
import { checkRooms } from './rooms.ts'
import { listSources, parse, PROJECT_ROOT, type Finding } from './sources.ts'

const CODE_FILES = /^(src|devices|sim|test|bench)\/.*\.(ts|tsx|js)$|^[^/]+\.ts$/

const gates: Readonly<Record<string, () => Finding[]>> = { rooms: roomFindings, house: houseFindings }

const gate = gates[process.argv[2] ?? '']
if (gate === undefined) throw new Error(`usage: node test/house/house.ts ${Object.keys(gates).join('|')}`)
const findings = gate()
for (const { path, line, message } of findings) console.log(`${path}:${line} ${message}`)
process.exitCode = findings.length === 0 ? 0 : 1

function roomFindings(): Finding[] {
  return checkRooms(listSources(/^(src|devices|sim)\/.*\.tsx?$/).map((source) => parse(source)))
}

function houseFindings(): Finding[] {
  const files = listSources(CODE_FILES).map((source) => parse(source))
  const product = files.filter(({ path }) => /^(src|devices|sim)\//.test(path))
  const catalogue = listSources(/^docs\/errors\.md$/)[0] ?? { path: 'docs/errors.md', text: '' }
  const lockfile = readJson('package-lock.json') as Lockfile
  const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> }
  return [
    ...checkOpeningSentences(files),
    ...checkPureRooms(files),
    ...checkReasonsOfExceptions(files),
    ...checkErrorCatalogue(product, catalogue),
    ...checkLogicalProperties(listSources(/\.css$/)),
    ...checkInstallScripts(lockfile, allowScripts),
  ]
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(PROJECT_ROOT + path, 'utf8'))
}
