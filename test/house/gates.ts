/** The gates of the house as data: what runs, quickest first, and what to do when one stays shut. */
import { spawnSync } from 'node:child_process'
import { PROJECT_ROOT } from './sources.ts'

export interface Gate {
  readonly name: string
  /** Program and arguments; programs are found in `node_modules/.bin`. */
  readonly command: readonly [string, ...string[]]
  readonly remedy: string
}

export const GATES: readonly Gate[] = [
  { name: 'format', command: ['oxfmt', '--check'], remedy: 'npm run format' },
  {
    name: 'rooms',
    command: ['node', 'test/house/house.ts', 'rooms'],
    remedy: 'follow the sentence behind "Instead"; the table is in docs/architecture.md',
  },
  {
    name: 'house',
    command: ['node', 'test/house/house.ts', 'house'],
    remedy: 'follow the sentence of each finding; the rules are in test/house/house-rules.ts',
  },
  {
    name: 'generated',
    command: ['node', 'src/app/generate.ts', '--check'],
    remedy: 'npm run generate, and commit what it wrote',
  },
  { name: 'types', command: ['tsc', '--noEmit'], remedy: 'make the types true; there is no way round them' },
  { name: 'unused', command: ['knip'], remedy: 'delete what nobody uses: files, exports, dependencies' },
  { name: 'lint', command: ['oxlint'], remedy: 'npx oxlint --fix mends some; an exception needs ` -- its reason`' },
]

/** Runs every gate even when one is shut, so that all faults show at once. */
export function runGates(): { name: string; open: boolean }[] {
  return GATES.map((gate) => ({ name: gate.name, open: passes(gate) }))
}

/** Prints one line for an open gate, the whole output and the remedy for a shut one. */
function passes({ name, command: [program, ...args], remedy }: Gate): boolean {
  const startedMs = performance.now()
  const run = spawnSync(program, args, { cwd: PROJECT_ROOT, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  if (run.status === 0) {
    console.log(`  ok    ${name.padEnd(10)} ${seconds} s`)
    return true
  }
  console.log(`  FAIL  ${name.padEnd(10)} ${seconds} s\n`)
  console.log(run.error?.message ?? `${run.stdout}${run.stderr}`.trim())
  console.log(`\n        to do: ${remedy}`)
  return false
}
