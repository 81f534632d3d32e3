/** A thread of its own for one run at a time: the command stays awake beside it. */
import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '#base/invariant.ts'
import { runOnce, type Experiment, type RunKey, type RunResult } from './run-once.ts'

export type WorkerMessage =
  | { readonly type: 'progress'; readonly nowMs: number }
  | { readonly type: 'done'; readonly result: RunResult }

const port = parentPort
invariant(port, 'runs in a worker')
const tell = (message: WorkerMessage) => port.postMessage(message)
const experiment = workerData as Experiment

port.on('message', (key: RunKey) => {
  const result = runOnce(experiment, key, (nowMs) => tell({ type: 'progress', nowMs }))
  tell({ type: 'done', result })
})
