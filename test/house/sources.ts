/** The project's own files as the gates see them: tracked or new, parsed once, never what is ignored. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseSync } from 'vite'

export interface Source {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** What a gate found: place, rule and remedy in one line, as every message of the house. */
export interface Finding {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly message: string
}

/** A node of the ESTree that the parser returns; fields other than `type` differ by kind. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface ParsedSource extends Source {
  readonly program: SyntaxNode
  readonly comments: readonly { readonly type: string; readonly value: string; readonly start: number }[]
  /** Every module that the file names, by `import`, `export … from`, `import()` or `import type`. */
  readonly imports: readonly { readonly specifier: string; readonly line: number; readonly typeOnly: boolean }[]
}

export const PROJECT_ROOT = new URL('../../', import.meta.url).pathname

/** Files that git tracks, or would offer to track, whose path matches; deleted ones are left out. */
export function listSources(pattern: RegExp, root = PROJECT_ROOT): Source[] {
  const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root })
  const paths = [...new Set(listing.toString().split('\0'))].filter((path) => pattern.test(path)).toSorted()
  return paths.flatMap((path) => {
    const text = readIfThere(root + path)
    return text === null ? [] : [{ path, text }]
  })
}

export function parse(source: Source): ParsedSource {
  const parsed = parseSync(source.path, source.text)
  const syntaxError = parsed.errors[0]
  if (syntaxError) throw new Error(`${source.path}: ${syntaxError.message}`)
  const program = parsed.program as unknown as SyntaxNode
  const imports = [...walk(program)].flatMap((node) => importsOf(node, source.text))
  return { ...source, program, comments: parsed.comments, imports }
}

/** The node and everything below it, parents first. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node
  for (const field of Object.values(node))
    for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) yield* walk(child)
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function importsOf(node: SyntaxNode, text: string): ParsedSource['imports'] {
  if (!/^(Import|ExportNamed|ExportAll|TSImport)/.test(node.type)) return []
  const literal = isNode(node['source']) ? node['source'] : null
  if (literal === null || typeof literal['value'] !== 'string') return []
  const typeOnly = node['importKind'] === 'type' || node['exportKind'] === 'type' || node.type === 'TSImportType'
  return [{ specifier: literal['value'], line: lineOf(text, node.start), typeOnly }]
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // A file that is deleted in the working tree and not yet in the index is not the gates' business.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
