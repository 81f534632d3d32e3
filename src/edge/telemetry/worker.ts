/** The telemetry thread: disk and network of the edge, so that neither ever makes the scan cycle wait. */
import { randomBytes } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from 'mqtt'
import { invariant } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { connectWithCertificate } from '#trust/mqtt-connect.ts'
import { keptFileAt } from '../orders/kept-file.ts'
import { diskAt } from './disk.ts'
import { runTelemetry } from './thread.ts'
import type { ToWorker, WorkerSettings } from './worker-messages.ts'

invariant(parentPort, 'telemetry is started as a thread')
const port = parentPort
const settings = workerData as WorkerSettings
/** Beside the spool. */
const orders = join(settings.spoolDirectory, 'orders')
const log: Log = (level, code, message) => port.postMessage({ kind: 'log', level, code, message })
const hear = runTelemetry(settings, {
  clock: { monoMs: () => performance.now(), epochMs: () => Date.now() },
  disk: diskAt(settings.spoolDirectory),
  orderFiles: { plans: keptFileAt(join(orders, 'plans.json')), commands: keptFileAt(join(orders, 'commands.json')) },
  connect: settings.credentials ? connectWithCertificate(settings.credentials, connect, log) : connect,
  chance: { newEpoch: () => randomBytes(8).toString('hex'), uniform: () => Math.random() },
  tell: (message) => port.postMessage(message),
  leave: () => port.close(),
})
port.on('message', (message: ToWorker) => hear(message))
// For the next start: an edge that dies by kill -9 or a power cut would not write it.
flushCompileCache()
