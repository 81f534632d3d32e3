/** `npm run mutants`: plants every small fault in the rooms with the last word and fails for each that no test notices. */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import { EXCUSED, judge, type Survivor } from './survivors.ts'

/** Two, so that a machine with two processors is busy and no more. */
const CONCURRENCY = 2
/** Some mutants loop for ever; a run of the tests takes about a second. */
const PATIENCE_MS = 20_000

type Result = Awaited<ReturnType<Stryker['runMutationTest']>>[number]

const stryker = new Stryker({
  mutate: ['src/safety/**/*.ts', 'src/signal/conflicts.ts'],
  testRunner: 'command',
  commandRunner: { command: 'vitest run --config test/mutants/vitest.config.ts' },
  // Files are run as they stand, types stripped: no compiler looks at them, nor at its settings.
  disableTypeChecks: false,
  ignorePatterns: ['bench', 'config', 'coverage', 'devices', 'dist', 'docs', 'tsconfig.json', 'var'],
  tempDirName: 'var/mutants',
  reporters: ['progress-append-only'],
  concurrency: CONCURRENCY,
  timeoutMS: PATIENCE_MS,
  allowConsoleColors: false,
})

const results = await stryker.runMutationTest()
const survivors = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map(survivorOf)
const { unexcused, idle } = judge(survivors, EXCUSED)
for (const survivor of unexcused)
  tell('survived, kill it with a test or give its reason in test/mutants/survivors.ts', survivor)
for (const survivor of idle) tell('excused, but no mutant survives there: delete the reason', survivor)
console.log(`${results.length} mutants, ${survivors.length} survived, ${unexcused.length} of them without a reason`)
process.exitCode = unexcused.length + idle.length > 0 || results.length === 0 ? 1 : 0

/** Lines and columns of a result count from 1. */
function survivorOf({ fileName, location: { start, end }, replacement }: Result): Survivor {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  const cut = lines.map((line, index) => (index === lines.length - 1 ? line.slice(0, end.column - 1) : line))
  const original = cut.join('\n').slice(start.column - 1)
  return { file: relative('.', fileName), original, replacement: replacement ?? '' }
}

function tell(what: string, { file, original, replacement }: Survivor): void {
  console.log(`${file}: ${what}\n  - ${original}\n  + ${replacement}`)
}
