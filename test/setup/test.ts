/** `npm test`: set-up, gates, build and every test, then a summary that names what was absent; the last line is the count. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { runGates } from '#test/house/gates.ts'
import { installAbsentParts } from './parts.ts'

interface Count {
  passed: number
  failed: number
  skipped: number
}

const NONE: Count = { passed: 0, failed: 0, skipped: 0 }
const REPORT = 'var/test/vitest.json'
const REPORTERS = [
  '--reporter=default',
  '--reporter=./test/setup/second-chances.ts',
  '--reporter=json',
  `--outputFile.json=${REPORT}`,
]
const inCi = Boolean(process.env['CI'])

const absent = installAbsentParts()
const gates = runGates().map(({ open }) => verdict(open))
const build = verdict(run('npm', 'run', '--silent', 'build'))
const tests = runTests(process.argv.slice(2))
const mutants = nightly('mutants')
const coverage = nightly('coverage')
const parts = absent.map(({ name, package: debianPackage }) => {
  console.log(`absent: ${name}. Tests that need it did not run. On Debian: apt-get install ${debianPackage}`)
  return inCi ? verdict(false) : NONE
})

const total = [...gates, build, tests, mutants, coverage, ...parts].reduce(add)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)

/** A run that ends badly without a failed test (a file that does not load, an unhandled error) counts as one failure. */
function runTests(args: readonly string[]): Count {
  mkdirSync('var/test', { recursive: true })
  rmSync(REPORT, { force: true })
  const green = run('vitest', 'run', ...REPORTERS, ...args)
  const count = readReport()
  return green || count.failed > 0 ? count : { ...count, failed: 1 }
}

function readReport(): Count {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8')) as Record<string, number>
    const skipped = (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0)
    return { passed: report['numPassedTests'] ?? 0, failed: report['numFailedTests'] ?? 0, skipped }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function run(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0
}

/** What takes too long for every run, or tells little more each time. */
function nightly(script: string): Count {
  return process.env['NIGHTLY'] === undefined ? NONE : verdict(run('npm', 'run', '--silent', script))
}

function verdict(open: boolean): Count {
  return { passed: open ? 1 : 0, failed: open ? 0 : 1, skipped: 0 }
}

function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}
