/** Runs `sabz sumo` as a person would, a process a run, two of them at a time. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SumoReport } from '#sim/sumo/bridge/report.ts'
import { PROJECT_ROOT, type Scenario } from './scenarios.ts'
import type { Judged } from './summary.ts'
import type { Way } from './ways.ts'

export interface Run {
  readonly scenario: Scenario
  readonly way: Way
  readonly seed: number
}

export type RunReport = SumoReport & Judged

/** The fault is what the run said last. */
export type RunOutcome = Outcome<RunReport, string>

interface Surroundings {
  /** For the reports, while they are read. */
  readonly directory: string
  /** Ends the runs, and begins no more. */
  readonly signal: AbortSignal
  readonly onDone: (run: Run, outcome: RunOutcome) => void
}

/** Each run is two processes, SUMO and ours, which take turns: two runs fill two cores. */
const RUNS_AT_A_TIME = 2
/** A fault with its remedy, or a trace; not the progress of an hour. */
const LAST_WORDS_CHARACTERS = 4_000

export async function runAll(runs: readonly Run[], surroundings: Surroundings): Promise<void> {
  const waiting = runs.values()
  const works = async () => {
    for (const run of waiting) {
      if (surroundings.signal.aborted) return
      const outcome = await runOnce(run, surroundings)
      if (!surroundings.signal.aborted) surroundings.onDone(run, outcome)
    }
  }
  await Promise.all(Array.from({ length: RUNS_AT_A_TIME }, works))
}

async function runOnce({ scenario, way, seed }: Run, { directory, signal }: Surroundings): Promise<RunOutcome> {
  const report = join(directory, `${way.strategy}-${way.detectors}-${seed}-${crypto.randomUUID()}.json`)
  const lastWords = await sabz(
    [
      ...['sumo', '--config', scenario.file, '--strategy', way.strategy, '--detectors', way.detectors],
      ...['--seed', String(seed), '--json', report],
    ],
    signal,
  )
  // Exit code 1 is a run that found something, such as lamps that the monitor took: the report says what.
  const found = readReport(report)
  if (found === null) return failed(lastWords)
  const { meanDelay_s } = found
  if (meanDelay_s === null) return failed('Nobody wanted to leave: there is no delay to judge.')
  return ok({ ...found, meanDelay_s })
}

/** null where the run wrote none. */
function readReport(file: string): SumoReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SumoReport
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Resolves with what it wrote to stderr at last, and how it ended. */
function sabz(args: readonly string[], signal: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  // Asked to end, it closes SUMO before itself.
  const child = spawn(process.execPath, ['src/app/sabz.js', ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words = `${words}${chunk}`.slice(-LAST_WORDS_CHARACTERS)
  })
  child.once('error', (error) => {
    // A process that was never born is not closed either.
    if (child.pid === undefined) resolve(error.message)
  })
  child.once('close', (code, by) => resolve(`${words}It ended ${by === null ? `with exit code ${code}` : `by ${by}`}.`))
  return promise
}
