/** What the telemetry thread does: spool and uplink of one edge, told by messages, over a disk, a clock and a network that it is handed. */
import type { CallOff, Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { wakeAfter } from '../wake.ts'
import type { OrdersOf } from '../orders/order-desk.ts'
import type { OrderFiles } from '../orders/orders-link.ts'
import type { Connect } from './broker-link.ts'
import type { Disk } from './disk.ts'
import type { HeardOutlook, OutlookCounts } from './outlook-inbox.ts'
import { GROUP_BYTES_MAX, HISTORY_BYTES_MAX, RESERVE_BYTES, Spool, type SpoolOptions } from './spool.ts'
import { sayFault, type SpoolFault, type SpoolReport } from './spool-fault.ts'
import { Uplink } from './uplink.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts'

/** Half of the 100 ms within which an event is to be on disk: the other half is the disk's. */
const GROUP_COMMIT_MS = 50
/** After the disk refused twice in a row. */
const COMMIT_AGAIN_MS = 1_000

/** All that the thread touches of the world. */
export interface ThreadPorts {
  readonly clock: Clock
  /** The directory of the spool. */
  readonly disk: Disk
  /** Where orders are kept; none are followed unless given. */
  readonly orderFiles?: OrderFiles
  readonly connect: Connect
  readonly chance: {
    /** 16 hex digits that nobody has had before. */
    readonly newEpoch: () => string
    /** Uniform in [0, 1). */
    readonly uniform: () => number
  }
  readonly tell: (message: FromWorker) => void
  /** Nothing is left to be done. */
  readonly leave: () => void
}

/** Opens the spool, says `ready`, and returns whom to hand messages to. @throws when the spool cannot be used. */
export function runTelemetry(settings: WorkerSettings, ports: ThreadPorts): (message: ToWorker) => void {
  const { clock, connect, chance, tell } = ports
  const log: Log = (level, code, message) => tell({ kind: 'log', level, code, message })
  const faults: SpoolFault[] = []
  let tellFault = (fault: SpoolFault): void => void faults.push(fault)
  const spool = openSpool(settings, ports, (fault) => {
    const { level, message } = sayFault(fault)
    log(level, fault.code, message)
    tellFault(fault)
  })
  const commits = new GroupCommits(spool, ports, () => uplink.tellRecorded())
  const uplink = new Uplink({
    ...settings,
    ...ordersOf(settings, ports),
    epoch: chance.newEpoch(),
    spool,
    log,
    onHeard: (heard: HeardOutlook) => tell({ kind: 'heard', heard }),
    onOutlookCounts: (counts: OutlookCounts) => tell({ kind: 'outlook-counts', counts }),
    clock,
    connect,
    chance: chance.uniform,
  })
  tellFault = (fault) => uplink.tellFault(fault)
  faults.forEach(tellFault)
  const current = { epoch: spool.epoch, last: spool.last }
  uplink.tellOrders()
  tell({ kind: 'ready', former: spool.former, current, cursors: spool.cursors() })
  return (message) => obey(message, { spool, commits, uplink, ports })
}

interface Obeying {
  readonly spool: Spool
  readonly commits: GroupCommits
  readonly uplink: Uplink
  readonly ports: ThreadPorts
}

function obey(message: ToWorker, { spool, commits, uplink, ports }: Obeying): void {
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
    case 'plan-progress':
      uplink.notePlan(message.progress)
      break
    case 'signers':
      uplink.follow(message.keys)
      break
    case 'close':
      commits.now()
      void uplink.close().then(() => leave(spool, ports))
      break
  }
}

const ordersOf = ({ duty }: WorkerSettings, { orderFiles: files, tell }: ThreadPorts) =>
  duty && files && { orders: { duty, files, tell: (orders: OrdersOf) => tell({ kind: 'orders', orders }) } }

function openSpool(
  { spoolBytesMax, segmentBytes }: WorkerSettings,
  { disk, chance }: ThreadPorts,
  report: SpoolReport,
): Spool {
  const options: SpoolOptions = {
    ...(spoolBytesMax !== undefined && { bytesMax: spoolBytesMax }),
    ...(segmentBytes !== undefined && { segmentBytes }),
    historyBytesMax: HISTORY_BYTES_MAX,
    reserveBytes: RESERVE_BYTES,
    disk,
    newEpoch: chance.newEpoch,
    report,
  }
  return new Spool(options)
}

/** Many events share one sync: it costs the same for one and for a thousand. */
class GroupCommits {
  readonly #spool: Spool
  readonly #ports: ThreadPorts
  #callOff: CallOff | null = null
  readonly #recorded: () => void
  #isRefused = false

  /** `recorded` is told each time that the disk has taken all. */
  constructor(spool: Spool, ports: ThreadPorts, recorded: () => void) {
    this.#spool = spool
    this.#ports = ports
    this.#recorded = recorded
  }

  append(events: Parameters<Spool['append']>[0]): void {
    this.#spool.append(events)
    if (this.#spool.pendingBytes >= GROUP_BYTES_MAX && !this.#isRefused) this.now()
    else this.#later(GROUP_COMMIT_MS)
  }

  now(): void {
    this.#callOff?.()
    this.#callOff = null
    const count = this.#spool.commit()
    this.#isRefused = count === 0 && this.#spool.pendingBytes > 0
    if (count > 0) this.#ports.tell({ kind: 'recorded', count })
    if (count > 0) this.#recorded()
    if (this.#isRefused) this.#later(COMMIT_AGAIN_MS)
  }

  #later(delayMs: number): void {
    this.#callOff ??= wakeAfter(this.#ports.clock, delayMs, () => this.now())
  }
}

function leave(spool: Spool, { tell, leave: end }: ThreadPorts): void {
  spool.close()
  tell({ kind: 'closed' })
  end()
}
