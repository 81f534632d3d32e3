/** Runs the worlds that it is told to, one after the other; with a defect planted in the product where it is asked to. */
import { parentPort, workerData } from 'node:worker_threads'
import { plantDefect } from './plant.ts'
import type { SeedResult } from './run-seed.ts'
import type { Job } from './seed-pool.ts'

/** The name of a defect; null: the product as it is. */
const { defect } = workerData as { readonly defect: string | null }
if (defect !== null) plantDefect(defect)
// The product is loaded behind the planting.
const { runSeed } = await import('./run-seed.ts')
const { loadStreetProfiles } = await import('./street-profiles.ts')
const profiles = await loadStreetProfiles()

parentPort?.on('message', (job: Job) => void run(job))
parentPort?.postMessage('ready')

async function run(job: Job): Promise<void> {
  const result = await runSeed({ ...job, profiles })
  const quiet: SeedResult = result.violations.length > 0 || job.wholeTrace ? result : { ...result, trace: [] }
  parentPort?.postMessage(quiet)
}
