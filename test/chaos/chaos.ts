/** `npm run chaos`: kills, power cuts, full disks and torn networks on the real path, and one line per figure at the end. */
import { writeFileSync } from 'node:fs'
import { EXIT, type ExitCode } from '#app/exit-code.ts'
import type { Experiment, Setting } from './experiment.ts'
import { EXPERIMENTS } from './experiments.ts'
import { figureLines, isFailure, type Figure } from './figure.ts'
import { absentOf } from './needs.ts'
import { readOptions, type ChaosOptions } from './options.ts'
import { takeAllDown } from './rig.ts'
import { runDefects } from './run-defects.ts'

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void takeAllDown().finally(() => process.exit(EXIT.interrupted)))

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<ExitCode> {
  const options = readOptions(
    args,
    EXPERIMENTS.map(({ name }) => name),
  )
  if (!options.ok) {
    console.error(`error: ${options.fault}`)
    return EXIT.usage
  }
  if (options.value.list) return tellNames()
  const { defects, only, seed } = options.value
  return defects ? runDefects(only, seed) : runExperiments(options.value)
}

function tellNames(): ExitCode {
  for (const { name, about } of EXPERIMENTS) console.log(`${name.padEnd(16)} ${about}`)
  return EXIT.ok
}

async function runExperiments(options: ChaosOptions): Promise<ExitCode> {
  const { only, isQuick, seed } = options
  console.error(`seed ${seed}; the same chance again: --seed ${seed}`)
  const figures: Figure[] = []
  for (const experiment of EXPERIMENTS) {
    if (only.length > 0 && !only.includes(experiment.name)) continue
    const say = (line: string) => console.error(`${experiment.name}: ${line}`)
    figures.push(...(await runOne(experiment, { isQuick, seed, say })))
  }
  for (const line of figureLines(figures)) console.log(line)
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ v: 1, seed, figures }, null, 2)}\n`)
  return figures.some(isFailure) ? EXIT.findings : EXIT.ok
}

/** An experiment that falls over is a missed figure: nothing is known of what it should have shown. */
async function runOne(experiment: Experiment, setting: Setting): Promise<Figure[]> {
  const { name, about } = experiment
  const nothing = { experiment: name, what: about, isJudged: true }
  const absent = absentOf(experiment.needs)
  if (absent.length > 0) return [{ ...nothing, asked: '', seen: absent.join('; '), outcome: 'not run' }]
  const startedMs = performance.now()
  setting.say(about)
  try {
    const seen = await experiment.run(setting)
    setting.say(`${((performance.now() - startedMs) / 1_000).toFixed(0)} s`)
    for (const { what, seen: words, outcome } of seen) setting.say(`${what}: ${words}: ${outcome}`)
    return seen.map((figure) => ({ experiment: name, ...figure }))
  } catch (error) {
    setting.say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return [{ ...nothing, asked: 'an answer', seen: `it fell over: ${String(error)}`, outcome: 'missed' }]
  }
}
