/** Drives a case in SUMO, exported by us. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { invariant } from '#base/invariant.ts'
import { readSafety, readTrips } from '#sim/sumo/bridge/trips.ts'
import { exportScenario } from '#sim/sumo/export/export-scenario.ts'
import { sourceOf, STEP_MS, type BenchCase, type RunResult } from './bench-case.ts'

export interface SumoResult extends RunResult {
  readonly teleports: number
  readonly collisions: number
}

/** Where SUMO's trip information stands after a run. */
export const tripsFileOf = (directory: string): string => join(directory, 'trips.out.xml')

const run = promisify(execFile)
const WORDS_MOST = 10_000_000

/** `extra`: a file of further detectors, already in the directory. */
export async function runSumo(bench: BenchCase, directory: string, extra?: string): Promise<SumoResult> {
  const written = await exportScenario({ ...bench, trips: sourceOf(bench.trips), stepMs: STEP_MS }, directory)
  invariant(written.ok, `SUMO can be exported to: ${JSON.stringify(written)}`)
  for (const warning of written.value.warnings) console.error(warning)
  const trips = tripsFileOf(directory)
  const statistics = join(directory, 'statistics.out.xml')
  const { stdout } = await run(
    'sumo',
    [
      ...['--configuration-file', written.value.configurationFile, '--duration-log.statistics', 'true'],
      ...['--statistic-output', statistics, '--tripinfo-output', trips],
      ...(extra === undefined ? [] : ['--additional-files', extra]),
      ...['--tripinfo-output.write-unfinished', 'true', '--tripinfo-output.write-undeparted', 'true'],
    ],
    { maxBuffer: WORDS_MOST, cwd: directory },
  )
  const [read, safety] = [await readTrips(trips), await readSafety(statistics)]
  invariant(read.ok && safety.ok, 'SUMO has written its trips')
  const { wanted, timeLossS, departDelayS, unfinished, neverInserted } = read.value
  return {
    wanted,
    meanDelayS: (timeLossS + departDelayS) / Math.max(1, wanted),
    unfinished,
    neverIn: neverInserted,
    ...speedOf(stdout),
    teleports: safety.value.teleports,
    collisions: safety.value.collisions,
  }
}

/** What SUMO says of its own speed: without loading, with whatever it writes. */
function speedOf(words: string): { readonly updates: number; readonly runS: number } {
  const perSecond = Number(/UPS: ([\d.]+)/.exec(words)?.[1] ?? 0)
  const runS = Number(/Duration: ([\d.]+) ?s/.exec(words)?.[1] ?? 0)
  return { updates: perSecond * runS, runS }
}

/**
 * When fronts came over a loop that notes each of them, s. In the step that SUMO calls t vehicles see the lights of t and move
 * until t + step, but its loops reckon that step as the one that ends at t: what they note is a step early.
 */
export async function readCrossings(file: string): Promise<number[]> {
  const text = await readFile(file, 'utf8')
  return [...text.matchAll(/time="([\d.]+)" state="enter"/g)].map(([, seconds]) => Number(seconds) + STEP_MS / 1_000)
}
