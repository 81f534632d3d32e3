/** Seeds shared out to threads: which thread runs which seed changes nothing in what comes of it. */
import { Worker } from 'node:worker_threads'
import type { SeedOptions, SeedResult } from './run-seed.ts'

export type Job = Omit<SeedOptions, 'profiles'>

export interface PoolOptions {
  readonly jobs: Iterable<Job>
  readonly threads: number
  readonly defect: string | null
  /** In the order in which they end; true: that is enough. */
  readonly onResult: (result: SeedResult) => boolean
}

/** Resolves when all are done, or it is enough. */
export async function runSeeds({ jobs, threads, defect, onResult }: PoolOptions): Promise<void> {
  const queue = jobs[Symbol.iterator]()
  await Promise.all(Array.from({ length: threads }, () => serve(queue, defect, onResult)))
}

function serve(queue: Iterator<Job>, defect: string | null, onResult: PoolOptions['onResult']): Promise<void> {
  const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: { defect } })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const next = () => {
    const job = queue.next()
    if (job.done) end()
    else worker.postMessage(job.value)
  }
  const end = () => void worker.terminate().then(() => resolve())
  worker.on('error', reject)
  worker.on('message', (message: SeedResult | 'ready') => {
    if (message !== 'ready' && onResult(message)) {
      queue.return?.()
      end()
    } else next()
  })
  return promise
}
