/** A copy of the sources in which a defect can be planted, and whoever is to catch it can run. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from '#test/support/sabz.ts'
import type { Defect } from '#test/deterministic/defects.ts'

/** What tests and experiments are made of. */
const COPIED = ['bench', 'config', 'devices', 'docs', 'sim', 'src', 'test', 'package.json', 'vitest.config.ts']
const PLACE = join(PROJECT, 'var', 'chaos', 'defects')
/** Long enough for an experiment on a machine that has something else to do. */
const RUN_MS_MAX = 600_000

export interface TestsRun {
  readonly passed: number
  readonly failed: number
  /** The first that failed. */
  readonly first: string
}

export interface FiguresRun {
  /** What was seen where it was missed; empty: nothing was. */
  readonly missed: readonly string[]
  readonly notRun: readonly string[]
}

export class Scratch {
  constructor() {
    rmSync(PLACE, { recursive: true, force: true })
    mkdirSync(PLACE, { recursive: true })
    for (const name of COPIED) cpSync(join(PROJECT, name), join(PLACE, name), { recursive: true })
    symlinkSync(join(PROJECT, 'node_modules'), join(PLACE, 'node_modules'))
  }

  /** Acts while the defect is planted, and takes it out again. @throws when the source has moved on. */
  withDefect<T>(defect: Defect, act: () => T): T {
    const path = join(PLACE, defect.file)
    const sound = readFileSync(path, 'utf8')
    writeFileSync(path, plantInto(sound, defect))
    try {
      return act()
    } finally {
      writeFileSync(path, sound)
    }
  }

  runTests(files: readonly string[]): TestsRun {
    const report = join(PLACE, 'tests.json')
    rmSync(report, { force: true })
    this.#run([
      join(PLACE, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=json',
      `--outputFile=${report}`,
      ...files,
    ])
    return readReport(report)
  }

  runExperiments(names: readonly string[], seed: number): FiguresRun {
    const report = join(PLACE, 'figures.json')
    rmSync(report, { force: true })
    const only = names.flatMap((name) => ['--only', name])
    this.#run(['test/chaos/chaos.ts', '--quick', '--seed', String(seed), '--json', report, ...only])
    const { figures } = JSON.parse(readFileSync(report, 'utf8')) as { figures: { outcome: string; seen: string }[] }
    const of = (outcome: string) => figures.filter((figure) => figure.outcome === outcome).map(({ seen }) => seen)
    return { missed: of('missed'), notRun: of('not run') }
  }

  close(): void {
    rmSync(PLACE, { recursive: true, force: true })
  }

  #run(args: readonly string[]): void {
    spawnSync(process.execPath, args, { cwd: PLACE, stdio: 'ignore', timeout: RUN_MS_MAX })
  }
}

/** The source with the defect in it. @throws when its passage does not stand there exactly once. */
export function plantInto(source: string, { name, file, original, replacement }: Defect): string {
  if (source.split(original).length === 2) return source.replace(original, () => replacement)
  throw new Error(
    `"${name}" cannot be planted: in ${file} its passage does not stand exactly once. Bring it up to date.`,
  )
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A file that does not load fails no test: that is no catch. */
function readReport(path: string): TestsRun {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report
    const all = testResults.flatMap(({ assertionResults }) => assertionResults)
    const first = all.find(({ status }) => status === 'failed')?.fullName ?? ''
    return { passed: numPassedTests, failed: numFailedTests, first }
  } catch {
    return { passed: 0, failed: 0, first: '' }
  }
}
