/** Reads one YAML file into plain data; what is not YAML, and keys that stand twice, are faults with line and column. */
import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { faultsIn, type ConfigFault, type FaultAt } from './config-fault.ts'

/** Aliases of one file, expanded; far above what a city needs, far below what would exhaust memory. */
const ALIASES_MAX = 10_000

/** The data of a file; `missing: 'empty'` reads a file that is not there as an empty mapping. */
export async function readYaml(
  file: string,
  missing: 'fault' | 'empty' = 'fault',
): Promise<Outcome<unknown, readonly ConfigFault[]>> {
  const at = faultsIn(file)
  try {
    return parseYaml(await readFile(file, 'utf8'), at)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT' && missing === 'empty') return ok({})
    const says =
      code === 'ENOENT' ? 'the file is missing. Create it' : `the file cannot be read (${code}). Make it readable`
    return failed([at('FILE_UNREADABLE', [], `${says}, or name another directory.`)])
  }
}

/** The data of a YAML text. */
export function parseYaml(text: string, at: FaultAt): Outcome<unknown, readonly ConfigFault[]> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, stringKeys: true, prettyErrors: false })
  const faults = [...document.errors, ...document.warnings].map((error) => syntaxFault(error, lines, at))
  if (faults.length > 0) return failed(faults)
  try {
    return ok(document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {})
  } catch (error) {
    // The library throws where an alias names nothing, or where aliases multiply beyond the limit.
    return failed([
      at('YAML_SYNTAX', [], `${error instanceof Error ? error.message : String(error)}. Correct the alias.`),
    ])
  }
}

function syntaxFault(error: YAMLError, lines: LineCounter, at: FaultAt): ConfigFault {
  const { line, col } = lines.linePos(error.pos[0])
  const place = `line ${line}, column ${col}`
  if (error.code === 'DUPLICATE_KEY')
    return at('DUPLICATE_KEY', [place], 'this key stands twice. Remove one of the two.')
  return at('YAML_SYNTAX', [place], `${error.message.replace(/\.$/, '')}. Correct the YAML there.`)
}
