/** `npm run dst`: lives through thousands of worlds with faults at clock, disk, net and chance, and fails for each rule that breaks. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { DEFECTS } from './defects.ts'
import type { SeedResult } from './run-seed.ts'
import { runSeeds, type Job } from './seed-pool.ts'
import { shrink } from './shrink.ts'
import { loadStreetProfiles } from './street-profiles.ts'

const USAGE = `npm run dst -- [--seeds 10000] [--from 1] [--threads 2]   so many worlds, from that seed on
npm run dst -- --seed 7 [--trace] [--without 0,3]         one world again, with its whole trace, without some faults
npm run dst -- --defects [--seeds 500]                    how many worlds find each planted defect`

/** A defect that so many worlds have found is found. */
const FOUND_ENOUGH = 5
/** Worlds of which the trace is shown; the others are named. */
const SHOWN_MAX = 3

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    without: { type: 'string', default: '' },
    defects: { type: 'boolean', default: false },
    defect: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const from = whole('from', values.from)
const threads = whole('threads', values.threads)
const defect = values.defect ?? null

if (values.help) console.log(USAGE)
else if (values.defects) process.exitCode = await findDefects(whole('seeds', values.seeds ?? '500'))
else if (values.seed !== undefined) process.exitCode = await replay(whole('seed', values.seed))
else process.exitCode = await runMany(whole('seeds', values.seeds ?? '10000'))

async function runMany(seeds: number): Promise<number> {
  const startedMs = performance.now()
  const broken: SeedResult[] = []
  const sum = { worldMs: 0, happenings: 0, ticks: 0, stored: 0, faults: 0 }
  let done = 0
  await runSeeds({
    ...{ threads, defect },
    jobs: jobsOf(seeds),
    onResult: (result) => {
      done++
      for (const key of ['worldMs', 'happenings', 'ticks', 'stored', 'faults'] as const) sum[key] += result.figures[key]
      if (result.violations.length > 0) broken.push(result)
      return false
    },
  })
  const tookS = (performance.now() - startedMs) / 1_000
  for (const result of broken.slice(0, SHOWN_MAX)) await explain(result)
  if (broken.length > SHOWN_MAX)
    for (const { seed, violations } of broken) console.log(`seed ${seed}: ${violations[0]?.rule}`)
  const perSecond = (done / tookS).toFixed(1)
  console.log(
    `${done} worlds in ${tookS.toFixed(0)} s (${perSecond} a second, ${threads} threads): ${hours(sum.worldMs)} h of the street, ` +
      `${sum.happenings} happenings, ${sum.ticks} ticks, ${sum.faults} faults, ${sum.stored} events stored`,
  )
  console.log(`violations: ${broken.length}`)
  return broken.length > 0 ? 1 : 0
}

function hours(ms: number): string {
  return (ms / 3_600_000).toFixed(1)
}

async function replay(seed: number): Promise<number> {
  const without = values.without === '' ? [] : values.without.split(',').map((text) => whole('without', text))
  let violations = 0
  await runSeeds({
    ...{ threads: 1, defect },
    jobs: [{ seed, without, wholeTrace: values.trace }],
    onResult: (result) => {
      violations = result.violations.length
      if (values.trace) console.log(result.trace.join('\n'))
      tell(result)
      console.log(
        `seed ${seed}: trace ${result.traceDigest.toString(16).padStart(8, '0')}, ${JSON.stringify(result.figures)}`,
      )
      return true
    },
  })
  return violations > 0 ? 1 : 0
}

/** What is left of a violation when every fault that it does not need is left out. A planted defect is not in this thread. */
async function explain(result: SeedResult): Promise<void> {
  const { without, result: least } =
    defect === null ? await shrink(result, await loadStreetProfiles()) : { without: [], result }
  console.log(least.trace.slice(-40).join('\n'))
  tell(least)
  const left = without.length > 0 ? ` --without ${without.join(',')}` : ''
  console.log(`again: npm run dst -- --seed ${result.seed} --trace${left}\n`)
}

function tell({ seed, violations }: SeedResult): void {
  for (const { rule, what, atMs, step } of violations)
    console.log(`seed ${seed}, step ${step}, ${atMs} ms: ${rule}: ${what}`)
}

/** Each planted defect must be found; in how many worlds says how easily. */
async function findDefects(seeds: number): Promise<number> {
  let unfound = 0
  for (const { name } of DEFECTS) {
    const rules = new Map<string, number>()
    let found = 0
    let done = 0
    await runSeeds({
      ...{ threads, defect: name },
      jobs: jobsOf(seeds),
      onResult: ({ violations: [first] }) => {
        done++
        if (!first) return false
        rules.set(first.rule, (rules.get(first.rule) ?? 0) + 1)
        return ++found >= FOUND_ENOUGH
      },
    })
    if (found === 0) unfound++
    const told = [...rules].map(([rule, times]) => `${rule} (${times})`).join(', ') || 'not found'
    console.log(`${name.padEnd(46)} ${String(found).padStart(2)} of ${String(done).padStart(4)}   ${told}`)
  }
  console.log(`${DEFECTS.length} defects, ${unfound} not found`)
  return unfound > 0 ? 1 : 0
}

function* jobsOf(seeds: number): Generator<Job> {
  for (let seed = from; seed < from + seeds; seed++) yield { seed }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`--${name} ${text}: this is no whole number.\n${USAGE}`)
    process.exit(2)
  }
  return Number(text)
}
