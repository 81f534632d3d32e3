/** The telemetry thread: disk and network of the edge, so that neither ever makes the scan cycle wait. */
import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { diskAt } from './disk.ts'
import type { HeardOutlook, OutlookCounts } from './outlook-inbox.ts'
import { GROUP_BYTES_MAX, Spool, type SpoolOptions } from './spool.ts'
import { sayFault } from './spool-fault.ts'
import { Uplink } from './uplink.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts'

/** Half of the 100 ms within which an event is to be on disk: the other half is the disk's. */
const GROUP_COMMIT_MS = 50
/** After the disk refused twice in a row. */
const COMMIT_AGAIN_MS = 1_000

invariant(parentPort, 'telemetry is started as a thread')
const port = parentPort

function run(settings: WorkerSettings): void {
  const log: Log = (level, code, message) => tell({ kind: 'log', level, code, message })
  const spool = openSpool(settings, log)
  const commits = new GroupCommits(spool)
  const onHeard = (heard: HeardOutlook) => tell({ kind: 'heard', heard })
  const onOutlookCounts = (counts: OutlookCounts) => tell({ kind: 'outlook-counts', counts })
  const uplink = new Uplink({ ...settings, epoch: newEpoch(), spool, log, onHeard, onOutlookCounts })
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'events':
        commits.append(message.events)
        break
      case 'state':
        uplink.publishState(message.state)
        break
      case 'outlook':
        uplink.tellOutlook(message.intersection, message.outlook)
        break
      case 'close':
        commits.now()
        void uplink.close().then(() => leave(spool))
        break
    }
  })
  const current = { epoch: spool.epoch, last: spool.last }
  tell({ kind: 'ready', former: spool.former, current, cursors: spool.cursors() })
}

function openSpool(settings: WorkerSettings, log: Log): Spool {
  const options: SpoolOptions = {
    disk: diskAt(settings.spoolDirectory),
    newEpoch,
    report: (fault) => {
      const { level, message } = sayFault(fault)
      log(level, fault.code, message)
    },
  }
  return new Spool(settings.spoolBytesMax === undefined ? options : { ...options, bytesMax: settings.spoolBytesMax })
}

const newEpoch = (): string => randomBytes(8).toString('hex')

/** Many events share one sync: it costs the same for one and for a thousand. */
class GroupCommits {
  readonly #spool: Spool
  #timer: NodeJS.Timeout | null = null
  #isRefused = false

  constructor(spool: Spool) {
    this.#spool = spool
  }

  append(events: Parameters<Spool['append']>[0]): void {
    this.#spool.append(events)
    if (this.#spool.pendingBytes >= GROUP_BYTES_MAX && !this.#isRefused) this.now()
    else this.#later(GROUP_COMMIT_MS)
  }

  now(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const count = this.#spool.commit()
    this.#isRefused = count === 0 && this.#spool.pendingBytes > 0
    if (count > 0) tell({ kind: 'recorded', count })
    if (this.#isRefused) this.#later(COMMIT_AGAIN_MS)
  }

  #later(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.now(), delayMs)
  }
}

function leave(spool: Spool): void {
  spool.close()
  tell({ kind: 'closed' })
  port.close()
}

function tell(message: FromWorker): void {
  port.postMessage(message)
}

run(workerData as WorkerSettings)
