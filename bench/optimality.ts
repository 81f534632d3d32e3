/**
 * How far from the best an isolated intersection is served: `npm run bench:optimality`. Two streets in steps of two seconds beside
 * their exact optimum; eight phases in two rings, and four stages, beside a plan that knew every arrival beforehand. Options:
 * `--scenario two-phase|ring|stages` (again for more), `--seeds 3`, `--minutes 15` (of demand), `--beam 60` (of the near-oracle),
 * `--strict` (a missed bar is exit code 1), `--json <file.json>`.
 */
import type { ExitCode } from '#app/exit-code.ts'
import {
  LEVELS,
  twoPhaseRows,
  streetRows,
  barsOf,
  type StreetFigures,
  type TwoPhaseFigures,
} from './optimality/figures.ts'
import { SHAPES } from './optimality/crossings.ts'
import { runStreetCase } from './optimality/street-case.ts'
import { runTwoPhase } from './optimality/two-phase-case.ts'
import { barLines } from './report/bars.ts'
import { inColumns } from './report/columns.ts'
import { chosenFrom, conclude, readOptions, refuse, type Options } from './report/options.ts'

const SCENARIOS = ['two-phase', ...SHAPES] as const

const WORDS: ReadonlySet<number> = new Set([0, 1])

process.exitCode = bench()

function bench(): ExitCode {
  const options = readOptions(process.argv.slice(2), { seeds: 3, numbers: { minutes: 15, beam: 60 } })
  if (!options.ok) return refuse(options.fault)
  const scenarios = chosenFrom(options.value.scenarios, SCENARIOS)
  if (!scenarios.ok) return refuse(scenarios.fault)
  const twoPhase = scenarios.value.includes('two-phase') ? LEVELS.map((level) => twoPhaseAt(level, options.value)) : []
  if (twoPhase.length > 0) print('two streets, to their exact optimum', twoPhaseRows(twoPhase))
  const shapes = SHAPES.filter((shape) => scenarios.value.includes(shape))
  const streets = shapes.flatMap((shape) => LEVELS.map((level) => streetAt({ shape, level }, options.value)))
  if (streets.length > 0) print('an isolated intersection, to a plan that knew every arrival', streetRows(streets))
  const bars = barsOf(streets)
  for (const line of barLines(bars)) console.log(line)
  return conclude(options.value, { seeds: options.value.seeds, twoPhase, streets }, bars)
}

function twoPhaseAt(level: number, { seeds, numbers }: Options): TwoPhaseFigures {
  return { level, runs: seeds.map((seed) => runTwoPhase(level, { seed, beam: numbers['beam'] ?? 1 })) }
}

function streetAt({ shape, level }: Pick<StreetFigures, 'shape' | 'level'>, options: Options): StreetFigures {
  const { minutes = 1, beam = 1 } = options.numbers
  const runs = options.seeds.map((seed) => {
    const run = runStreetCase({ shape, level, seed, durationMs: minutes * 60_000, beam })
    console.error(`${shape} at ${level} of capacity, seed ${seed}: ${run.oracle.meanDelayS.toFixed(2)} s with a plan`)
    return run
  })
  return { shape, level, runs }
}

function print(title: string, rows: readonly (readonly string[])[]): void {
  console.log(title)
  for (const line of inColumns(rows, WORDS)) console.log(line)
  console.log('')
}
