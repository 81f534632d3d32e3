/** Plants each defect in turn, and prints who caught it; fails for each that nobody did. */
import { EXIT, type ExitCode } from '#app/exit-code.ts'
import { inColumns } from '#bench/report/columns.ts'
import { PLANTED, type Planted } from './planted.ts'
import { Scratch } from './scratch.ts'

interface Caught {
  readonly planted: Planted
  readonly verdict: 'caught' | 'NOT CAUGHT' | 'not run'
  /** The first test that failed, or what an experiment saw. */
  readonly by: string
}

/** `only`: parts of names; empty: all. */
export function runDefects(only: readonly string[], seed: number): ExitCode {
  const chosen = PLANTED.filter(({ defect }) => only.length === 0 || only.some((part) => defect.name.includes(part)))
  const scratch = new Scratch()
  try {
    const files = [...new Set(chosen.flatMap(({ tests }) => tests))]
    const sound = files.length === 0 ? null : scratch.runTests(files)
    if (sound !== null && (sound.failed > 0 || sound.passed === 0)) {
      console.error(`error: without a defect ${sound.failed} tests fail already, first: ${sound.first}`)
      return EXIT.findings
    }
    const results = chosen.map((planted) => {
      const caught = catchOne(scratch, planted, seed)
      console.error(`${planted.defect.name}: ${caught.verdict}`)
      return caught
    })
    return tellTable(results)
  } finally {
    scratch.close()
  }
}

function catchOne(scratch: Scratch, planted: Planted, seed: number): Caught {
  const { defect, tests, experiments } = planted
  return scratch.withDefect(defect, (): Caught => {
    if (tests.length > 0) {
      const { failed, first } = scratch.runTests(tests)
      if (failed > 0) return { planted, verdict: 'caught', by: first }
    }
    if (experiments.length === 0) return { planted, verdict: 'NOT CAUGHT', by: tests.join(' ') }
    const { missed, notRun } = scratch.runExperiments(experiments, seed)
    const [first] = missed
    if (first !== undefined) return { planted, verdict: 'caught', by: `${experiments.join(' ')}: ${first}` }
    return notRun.length > 0
      ? { planted, verdict: 'not run', by: notRun.join('; ') }
      : { planted, verdict: 'NOT CAUGHT', by: experiments.join(' ') }
  })
}

function tellTable(results: readonly Caught[]): ExitCode {
  const rows = results.map(({ planted, verdict, by }) => [planted.defect.name, verdict, by])
  for (const line of inColumns(rows, new Set([0, 1, 2]))) console.log(line)
  const count = (verdict: Caught['verdict']) => results.filter((result) => result.verdict === verdict).length
  console.log(
    `${results.length} defects: ${count('caught')} caught, ${count('NOT CAUGHT')} not, ${count('not run')} not run`,
  )
  return count('NOT CAUGHT') > 0 ? EXIT.findings : EXIT.ok
}
