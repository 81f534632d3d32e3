/**
 * The edge's control while something else goes wrong: a stalled disk, a flood of requests, a dead broker, a dead store, a
 * backlog that drains. Quiet and load in turn within one run, all of it in real processes over real wires:
 * `npm run bench:load`. Options: `--scenario disk` (again for more), `--pairs 3`, `--seconds 30` of each phase, `--seeds 1`,
 * `--strict`, `--json <file>`.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { EXIT, type ExitCode } from '#app/exit-code.ts'
import { BACKLOG_EVENTS_PER_S } from '#edge/telemetry/batch-sender.ts'
import type { ScanStats } from '#edge/scan-cycle.ts'
import { absentOf } from '#test/chaos/needs.ts'
import { within } from '#test/chaos/patience.ts'
import { onRig, takeAllDown, type Rig } from '#test/chaos/rig.ts'
import { barLines } from './report/bars.ts'
import { chosenFrom, conclude, readOptions, refuse, type Options } from './report/options.ts'
import { standUp, type City } from './under-load/city.ts'
import { barsOf, phaseLines, type LoadRun, type Phase } from './under-load/compare.ts'
import { LOAD_NAMES, LOADS, type Load } from './under-load/loads.ts'

/** After all are commanded: what was learnt at the start, such as how fast each device answers, is not measured. */
const SETTLE_MS = 10_000
/** A start takes some twenty seconds on a quiet machine. */
const COMMANDED_MS = 120_000
/** Of a load's phase its end and the return from it are a fifth. */
const LOADED_SHARE = 0.8
const BARE_TIMER = fileURLToPath(new URL('bare-timer.ts', import.meta.url))

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void takeAllDown().finally(() => process.exit(EXIT.interrupted)))
process.exitCode = await bench()

async function bench(): Promise<ExitCode> {
  const options = readOptions(process.argv.slice(2), { seeds: 1, numbers: { pairs: 3, seconds: 30 } })
  if (!options.ok) return refuse(options.fault)
  const chosen = chosenFrom(options.value.scenarios, LOAD_NAMES)
  if (!chosen.ok) return refuse(chosen.fault)
  const runs: LoadRun[] = []
  for (const seed of options.value.seeds)
    for (const name of chosen.value) {
      const load = LOADS[name]
      const absent = absentOf(load.needs)
      const run =
        absent.length > 0
          ? failed(absent.join('; '))
          : await onRig((rig) => measure(rig, load, { ...options.value, seed }))
      if (run.ok) runs.push(run.value)
      else console.log(`${name}: NOT RUN: ${run.fault}`)
    }
  const bars = runs.flatMap(barsOf)
  for (const line of barLines(bars)) console.log(line)
  return conclude(options.value, { runs }, bars)
}

type Setting = Options & { readonly seed: number }

/** The fault is a sentence. */
async function measure(rig: Rig, load: Load, { numbers, seed }: Setting): Promise<Outcome<LoadRun, string>> {
  const { pairs = 0, seconds = 0 } = numbers
  // Never all of it: the drain is to last as long as its phases.
  const backlog = load.drains ? 2 * pairs * seconds * BACKLOG_EVENTS_PER_S : 0
  const city = await standUp(rig, { seed, onDrive: load.onDrive === true, backlog })
  if (!(await allCommanded(city))) return failed(told(city))
  await sleep(SETTLE_MS)
  const bare = bareTimer(rig)
  const phases: Phase[] = []
  const phase = async (kind: Phase['kind'], live: () => Promise<void>) => {
    await Promise.all([city.ticks(), bare()])
    await live()
    const [{ stats, rssBytes }, { missed }] = await Promise.all([city.ticks(), bare()])
    phases.push({ kind, tick: stats, bareMissed: missed, rssBytes })
  }
  const idle = () => phase('idle', () => sleep(seconds * 1_000))
  await idle()
  for (let pair = 0; pair < pairs; pair++) {
    await phase('load', async () => {
      const end = await load.begin(city)
      await sleep(seconds * 1_000 * LOADED_SHARE)
      console.log(`${load.name}: ${await end()}`)
      await sleep(seconds * 1_000 * (1 - LOADED_SHARE))
    })
    await idle()
  }
  const run = { load: load.name, phases }
  for (const line of phaseLines(run)) console.log(line)
  return (await allCommanded(city)) ? ok(run) : failed(`after it, ${told(city)}`)
}

function told(city: City): string {
  const seen = `only ${city.commanded()} of ${city.intersections} intersections are under command after ${COMMANDED_MS / 1_000} s`
  return `${seen}. Run it on a machine that has time for the whole city.`
}

/** Not in a moment in which somebody's preempt runs: each comes back to it. */
async function allCommanded(city: City): Promise<boolean> {
  const all = () => (city.commanded() === city.intersections ? true : undefined)
  return (await within(COMMANDED_MS, all)) ?? false
}

/** Beside the edge, on the same grid and of the same priority: how its ticks have been since it was asked last. */
function bareTimer(rig: Rig): () => Promise<Pick<ScanStats, 'missed'>> {
  const timer = fork(BARE_TIMER)
  rig.andThen(() => timer.kill())
  return async () => {
    timer.send('now')
    const [stats] = (await once(timer, 'message')) as [ScanStats]
    return stats
  }
}
