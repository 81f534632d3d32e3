/** The house test: what no ready-made tool checks. Each rule reads parsed files and returns what it found. */
import { isNode, lineOf, walk, type Finding, type ParsedSource, type Source, type SyntaxNode } from './sources.ts'

const PURE_ROOMS = /^src\/(base|signal|control|safety|measures|optimizer|contract)\//

/** Every file opens with one sentence on what it is for (habit 15). */
export function checkOpeningSentences(files: readonly ParsedSource[]): Finding[] {
  return files.flatMap(({ path, text, comments }) => {
    const start = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
    // In plain JavaScript the parser counts the line of the interpreter as a comment.
    const first = comments.find((comment) => comment.start >= start)
    const opens = first?.type === 'Block' && first.start === start && /^\*\s+\S[^]*[.:]/.test(first.value)
    return opens
      ? []
      : [{ path, line: 1, message: 'the file does not open with `/** One sentence on what it is for. */`.' }]
  })
}

/** A clock without a reading: `new Date()` and what hides behind `globalThis` escape the lint rules for pure rooms. */
export function checkPureRooms(files: readonly ParsedSource[]): Finding[] {
  const pure = files.filter(({ path }) => PURE_ROOMS.test(path))
  return pure.flatMap(({ path, text, program }) =>
    [...walk(program)].flatMap((node) => {
      const line = lineOf(text, node.start)
      if (isEmptyDate(node))
        return [{ path, line, message: '`new Date()` reads the clock. Instead: take epochMs as an argument.' }]
      if (node.type === 'Identifier' && node['name'] === 'globalThis')
        return [{ path, line, message: '`globalThis` reaches the world. Instead: take the value as an argument.' }]
      return []
    }),
  )
}

function isEmptyDate(node: SyntaxNode): boolean {
  if (node.type !== 'NewExpression') return false
  const callee = node['callee']
  const given = node['arguments']
  return isNode(callee) && callee['name'] === 'Date' && Array.isArray(given) && given.length === 0
}

/** A rule is switched off for one place, with the reason beside it, or not at all. */
export function checkReasonsOfExceptions(files: readonly ParsedSource[]): Finding[] {
  return files.flatMap(({ path, text, comments }) =>
    comments.flatMap(({ value, start }) => {
      const exception = /^\*?\s*(oxlint|eslint|oxfmt|prettier)-(disable|ignore)/.test(value)
      if (!exception || / -- \S.{9,}/.test(value)) return []
      return [
        { path, line: lineOf(text, start), message: 'an exception without its reason. Add ` -- why` behind the rule.' },
      ]
    }),
  )
}

const CODE = /^[A-Z][A-Z0-9_]{3,}$/

/** Every stable code: `code: 'X'` of the closed unions, `…Code` types, `…_CODES` lists, and the code of a log line. */
export function codesOf(files: readonly ParsedSource[]): Map<string, Finding> {
  const codes = new Map<string, Finding>()
  for (const { path, text, program } of files)
    for (const node of walk(program))
      for (const code of codesAt(node))
        if (!codes.has(code))
          codes.set(code, {
            path,
            line: lineOf(text, node.start),
            message: `code ${code} is not in docs/errors.md. Add what it means and what to do.`,
          })
  return codes
}

function codesAt(node: SyntaxNode): string[] {
  if (node.type === 'Property' || node.type === 'TSPropertySignature')
    return nameOf(node['key']) === 'code' ? codesWithin(node['value'] ?? node['typeAnnotation']) : []
  if (node.type === 'TSTypeAliasDeclaration')
    return nameOf(node['id']).endsWith('Code') ? codesWithin(node['typeAnnotation']) : []
  if (node.type === 'VariableDeclarator') return nameOf(node['id']).endsWith('_CODES') ? codesWithin(node['init']) : []
  if (node.type !== 'CallExpression' || !/(^|\.)(log|fail)$/.test(calleeName(node['callee']))) return []
  // A log line has its level first, `terminal.fail` its code.
  return Array.isArray(node['arguments']) ? node['arguments'].slice(0, 2).flatMap(codesWithin) : []
}

function codesWithin(value: unknown): string[] {
  if (!isNode(value)) return []
  const literals = [...walk(value)].flatMap((node) => (node.type === 'Literal' ? [node['value']] : []))
  return literals.filter((literal) => typeof literal === 'string').filter((literal) => CODE.test(literal))
}

function calleeName(callee: unknown): string {
  if (!isNode(callee)) return ''
  return callee.type === 'MemberExpression' ? `.${nameOf(callee['property'])}` : nameOf(callee)
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node['name'] === 'string' ? node['name'] : ''
}

/** The catalogue of codes is the list of the sources: nothing undocumented, nothing left over. */
export function checkErrorCatalogue(files: readonly ParsedSource[], catalogue: Source): Finding[] {
  const used = codesOf(files)
  const documented = [...catalogue.text.matchAll(/^\| `([A-Z0-9_]+)` +\|/gm)].map((row) => row[1] ?? '')
  const missing = [...used].filter(([code]) => !documented.includes(code)).map(([, finding]) => finding)
  const leftOver = documented
    .filter((code, index) => !used.has(code) || documented.indexOf(code) !== index)
    .map((code) => ({
      path: catalogue.path,
      line: lineOf(catalogue.text, catalogue.text.indexOf(`\`${code}\``)),
      message: `${code} is listed twice, or no source has it. Delete the row.`,
    }))
  return [...missing, ...leftOver]
}

const PHYSICAL =
  /(^|[\s;{])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)(-[a-z]+)?|left|right|(text-align|float|clear)\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius)\s*(:|;|\}|$)/

/** Pages stand in both directions: only logical properties (`margin-inline-start`), never physical ones. */
export function checkLogicalProperties(styles: readonly Source[]): Finding[] {
  return styles.flatMap(({ path, text }) =>
    text.split('\n').flatMap((row, index) => {
      const physical = PHYSICAL.exec(row.replace(/\/\*.*?\*\//g, ''))
      if (physical === null) return []
      const property = physical[2] ?? ''
      return [
        { path, line: index + 1, message: `physical \`${property}\`. Instead: its logical twin (inline-start/-end).` },
      ]
    }),
  )
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>
}

/** Installing must run nobody's script but those that `allowScripts` of package.json names. */
export function checkInstallScripts(lockfile: Lockfile, allowed: Readonly<Record<string, boolean>>): Finding[] {
  const names = Object.entries(lockfile.packages)
    .filter(([, facts]) => facts.hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
  return names
    .filter((name) => allowed[name] !== true)
    .map((name) => ({
      path: 'package-lock.json',
      line: 1,
      message: `${name} has an install script. Instead: choose a package without one, or add it to allowScripts with care.`,
    }))
}
