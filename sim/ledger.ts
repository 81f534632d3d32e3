/**
 * The cabinet's own ledger on disk: every record that it ever logged, one JSON line each, to be compared with what the
 * edge recorded and the store holds; and what the cabinet must still know after the process that plays it has died.
 *
 * A line is on disk before anybody can read its record over the wire, so a sequence is never given twice. A ledger grows
 * by about 10 MB a day: it is for proofs and demonstrations, not for years.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '#config/make-folder.ts'
import type { LogRecord } from '#devices/device.ts'
import type { CabinetMemory } from './cabinet/cabinet-memory.ts'

type Kept = Omit<CabinetMemory, 'logHead'>

export class Ledger {
  readonly #file: number
  readonly #memoryPath: string
  /** What the cabinet knew when the ledger was opened. */
  readonly before: CabinetMemory
  readonly #onLost: (detail: string) => void
  #kept: Kept
  #lost = false

  /** Opens `<directory>/<name>.ndjson`, or begins it. Throws what the file system throws; `onLost` is told once when it ends later, on a full disk. */
  constructor(directory: string, name: string, onLost: (detail: string) => void) {
    this.#onLost = onLost
    makeFolder(directory)
    this.#memoryPath = join(directory, `${name}.memory.json`)
    this.#file = openSync(join(directory, `${name}.ndjson`), 'a+')
    this.#kept = readKept(this.#memoryPath)
    this.before = { logHead: mendEnd(this.#file), ...this.#kept }
  }

  write(record: LogRecord): void {
    this.#keep(() => writeSync(this.#file, `${JSON.stringify(record)}\n`))
  }

  /** Keeps what the log does not say: the newest epoch, so that a supervisor from before stays closed, a latched trip, and the timing that was activated last. */
  remember({ leaseEpoch, trip, timing }: CabinetMemory): void {
    const before = this.#kept
    if (leaseEpoch === before.leaseEpoch && trip === before.trip && timing === before.timing) return
    const kept = { leaseEpoch, ...(trip && { trip }), ...(timing !== undefined && { timing }) }
    this.#kept = kept
    this.#keep(() => {
      writeFileSync(`${this.#memoryPath}.new`, JSON.stringify(kept))
      renameSync(`${this.#memoryPath}.new`, this.#memoryPath)
    })
  }

  close(): void {
    closeSync(this.#file)
  }

  /** The street goes on without its ledger; one with a hole would prove nothing. */
  #keep(write: () => void): void {
    if (this.#lost) return
    try {
      write()
    } catch (error) {
      this.#lost = true
      this.#onLost(String(error))
    }
  }
}

/**
 * Where the log of a cabinet without a ledger goes on: a number that only grows with time. Tenths of a second since 2020
 * fit the 32 bits of the wire until 2033, and no controller logs ten records a second for long.
 */
export const headByClock = (epochMs: number): number => Math.floor((epochMs - EPOCH_2020_MS) / 100)

/** A line has about 70 characters: the end of the file holds several. */
const END_BYTES = 4_096

const EPOCH_2020_MS = Date.UTC(2020, 0, 1)

/** Cuts off a line that a power cut has torn, which nobody has seen; returns the last whole line's sequence, 0 = none. */
function mendEnd(file: number): number {
  const sizeBytes = fstatSync(file).size
  const end = Buffer.alloc(Math.min(sizeBytes, END_BYTES))
  readSync(file, end, { position: sizeBytes - end.length })
  const wholeBytes = end.lastIndexOf('\n') + 1
  ftruncateSync(file, sizeBytes - end.length + wholeBytes)
  const last = end.toString('utf8', 0, wholeBytes).trimEnd().split('\n').at(-1)
  return last ? (JSON.parse(last) as LogRecord).sequence : 0
}

function readKept(path: string): Kept {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : { leaseEpoch: 0 }
}
