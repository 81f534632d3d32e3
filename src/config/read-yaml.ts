/** Reads one YAML file into plain data; what is not YAML, and keys that stand twice, are faults with line and column. */
import { readFile } from 'node:fs/promises'
import { isAlias, LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { faultsIn, type ConfigFault, type FaultAt } from './config-fault.ts'
import { writeInstead } from './nearest.ts'

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
  const faults = [
    ...[...document.errors, ...document.warnings].map((error) => syntaxFault(error, lines, at)),
    ...aliasFaults(document, lines, at),
  ]
  if (faults.length > 0) return failed(faults)
  try {
    return ok(document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {})
  } catch (error) {
    // The library throws where a list is merged into a mapping, or where aliases multiply beyond the limit.
    const says = error instanceof Error ? error.message : String(error)
    return failed([at('YAML_SYNTAX', [], `${says}. Correct the alias.`)])
  }
}

/** An alias that names no anchor above it would throw without a place, so it is looked for first. */
function aliasFaults(document: Document.Parsed, lines: LineCounter, at: FaultAt): ConfigFault[] {
  const anchors: string[] = []
  const faults: ConfigFault[] = []
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if ('anchor' in node && node.anchor !== undefined) anchors.push(node.anchor)
      } else if (!anchors.includes(node.source))
        faults.push(
          at(
            'YAML_SYNTAX',
            [placeOf(node.range?.[0] ?? 0, lines)],
            `no anchor &${node.source} stands above this alias. ${writeInstead(node.source, anchors)}`,
          ),
        )
    },
  })
  return faults
}

function syntaxFault(error: YAMLError, lines: LineCounter, at: FaultAt): ConfigFault {
  const place = placeOf(error.pos[0], lines)
  if (error.code === 'DUPLICATE_KEY')
    return at('DUPLICATE_KEY', [place], 'this key stands twice. Remove one of the two.')
  return at('YAML_SYNTAX', [place], `${error.message.replace(/\.$/, '')}. Correct the YAML there.`)
}

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset)
  return `line ${line}, column ${col}`
}
