/** Many runs on a few threads: each thread takes the next run as soon as it is free, until all are done or it is stopped. */
import { Worker } from 'node:worker_threads'
import type { Experiment, RunKey, RunResult } from './run-once.ts'
import type { WorkerMessage } from './seed-worker.ts'

export interface RunningRun extends RunKey {
  /** Since the start of the run. */
  readonly nowMs: number
}

export interface ExperimentProgress {
  readonly done: number
  readonly runs: number
  readonly running: readonly RunningRun[]
}

export interface RunSeedsOptions {
  readonly jobs: number
  readonly onProgress: (progress: ExperimentProgress) => void
  /** Aborted: what is under way is dropped. */
  readonly signal: AbortSignal
}

/** Results of the runs that were finished, in the order of `keys`. A bug in a run is thrown. */
export async function runSeeds(
  experiment: Experiment,
  keys: readonly RunKey[],
  { jobs, onProgress, signal }: RunSeedsOptions,
): Promise<RunResult[]> {
  const results = new Map<RunKey, RunResult>()
  const running = new Map<Worker, RunningRun>()
  const waiting = [...keys]
  const tell = () => onProgress({ done: results.size, runs: keys.length, running: [...running.values()] })
  const work = async (worker: Worker): Promise<void> => {
    for (let key = waiting.shift(); key !== undefined && !signal.aborted; key = waiting.shift()) {
      running.set(worker, { ...key, nowMs: 0 })
      const { strategy, seed } = key
      const result = await runIn(worker, key, signal, (nowMs) => {
        running.set(worker, { strategy, seed, nowMs })
        tell()
      })
      running.delete(worker)
      if (result !== null) results.set(key, result)
      tell()
    }
  }
  const workers = Array.from({ length: Math.min(jobs, keys.length) }, () => startWorker(experiment))
  try {
    await Promise.all(workers.map(work))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return keys.flatMap((key) => results.get(key) ?? [])
}

const startWorker = (experiment: Experiment): Worker =>
  new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: experiment, name: 'simulation' })

/** null when it was stopped. */
function runIn(
  worker: Worker,
  key: RunKey,
  signal: AbortSignal,
  onProgress: (nowMs: number) => void,
): Promise<RunResult | null> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult | null>()
  const onMessage = (message: WorkerMessage) => {
    if (message.type === 'progress') onProgress(message.nowMs)
    else resolve(message.result)
  }
  const onAbort = () => resolve(null)
  worker.on('message', onMessage)
  worker.on('error', reject)
  signal.addEventListener('abort', onAbort)
  worker.postMessage(key)
  return promise.finally(() => {
    worker.off('message', onMessage)
    worker.off('error', reject)
    signal.removeEventListener('abort', onAbort)
  })
}
