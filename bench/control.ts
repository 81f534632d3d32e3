/**
 * The strategies in SUMO, on its public scenarios or on others, and the figures that adaptive control has to hold there:
 * `npm run bench:control`. Options: `--scenario <file.sumocfg>` (again for more), `--strategies adaptive,max-pressure,actuated,fixed`,
 * `--detectors loops,camera`, `--seeds 5`, `--strict` (a missed figure is exit code 1), `--out <file.json>` (every report).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIT, type ExitCode } from '#app/exit-code.ts'
import { readOptions, type BenchOptions } from './control/options.ts'
import { runAll, type Run, type RunOutcome } from './control/run.ts'
import { findScenarios, type Scenario } from './control/scenarios.ts'
import type { Runs } from './control/summary.ts'
import { tableOf, verdictLines } from './control/table.ts'
import { judge, type Verdict } from './control/verdicts.ts'
import { waysOf } from './control/ways.ts'

type Done = ReadonlyMap<Run, RunOutcome>

process.exitCode = await bench()

async function bench(): Promise<ExitCode> {
  const options = readOptions(process.argv.slice(2))
  const scenarios = options.ok ? findScenarios(options.value.scenarios) : options
  if (!options.ok) return refuse(options.fault)
  if (!scenarios.ok) return refuse(scenarios.fault)
  const { out, isStrict } = options.value
  const done = new Map<Run, RunOutcome>()
  const unwritable = keep(out, done, [])
  if (unwritable !== null) return refuse(unwritable)

  const stop = new AbortController()
  // Once: a second Ctrl+C ends this process at once, and the terminal's own signal those that it has started.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  const plan = planOf(scenarios.value, options.value)
  await runPlan(plan, done, { signal: stop.signal, out })

  const runs = groupByWay(plan, done)
  for (const line of tableOf(runs)) console.log(line)
  if (stop.signal.aborted) {
    console.error('Interrupted: these are the runs that had ended by then; no figure is judged.')
    return EXIT.interrupted
  }
  const verdicts = judge(runs)
  console.log('')
  for (const line of verdictLines(verdicts)) console.log(line)
  const lost = keep(out, done, verdicts)
  if (lost !== null) console.error(`error: ${lost}`)
  const isMissed = isStrict && verdicts.some(({ outcome }) => outcome === 'missed')
  return isMissed || lost !== null || runs.some(({ failedSeeds }) => failedSeeds.length > 0) ? EXIT.findings : EXIT.ok
}

function refuse(fault: string): ExitCode {
  console.error(`error: ${fault}`)
  return EXIT.usage
}

function planOf(scenarios: readonly Scenario[], { strategies, detectors, seeds }: BenchOptions): Run[] {
  const ways = waysOf(strategies, detectors)
  return scenarios.flatMap((scenario) => ways.flatMap((way) => seeds.map((seed) => ({ scenario, way, seed }))))
}

async function runPlan(
  plan: readonly Run[],
  done: Map<Run, RunOutcome>,
  { signal, out }: { readonly signal: AbortSignal; readonly out: string | null },
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sabz-bench-control-'))
  const onDone = (run: Run, outcome: RunOutcome) => {
    done.set(run, outcome)
    const { scenario, way, seed } = run
    const told = outcome.ok
      ? `${outcome.value.meanDelay_s.toFixed(2)} s of delay, in ${outcome.value.wall_s.toFixed(0)} s`
      : `FAILED\n${outcome.fault}`
    console.error(
      `${done.size}/${plan.length} ${scenario.name}, ${way.strategy} by ${way.detectors}, seed ${seed}: ${told}`,
    )
    keep(out, done, [])
  }
  try {
    await runAll(plan, { directory, signal, onDone })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Only what was run, in the order of the plan. */
function groupByWay(plan: readonly Run[], done: Done): Runs[] {
  const groups = Map.groupBy(
    plan.filter((run) => done.has(run)),
    ({ scenario, way }) => `${scenario.file} ${way.strategy} ${way.detectors}`,
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const outcomes = group.map((run) => ({ run, outcome: done.get(run) }))
    return {
      scenario: first.scenario.name,
      way: first.way,
      reports: outcomes.flatMap(({ outcome }) => (outcome?.ok === true ? [outcome.value] : [])),
      failedSeeds: outcomes.flatMap(({ run, outcome }) => (outcome?.ok === false ? [run.seed] : [])),
    }
  })
}

/** Written anew after each run, so that hours are not lost with the last one; a sentence where it cannot be. */
function keep(out: string | null, done: Done, verdicts: readonly Verdict[]): string | null {
  if (out === null) return null
  const runs = [...done].map(([{ scenario, way, seed }, outcome]) => ({
    ...{ scenario: scenario.name, ...way, seed },
    ...(outcome.ok ? { report: outcome.value } : { fault: outcome.fault }),
  }))
  try {
    writeFileSync(out, `${JSON.stringify({ v: 1, runs, verdicts }, null, 2)}\n`)
    return null
  } catch (error) {
    return `${out} cannot be written: ${String(error)}. Name another file: --out <file.json>.`
  }
}
