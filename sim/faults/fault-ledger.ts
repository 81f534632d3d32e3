/** Every fault that was planted or mended, one JSON line each, beside the ledgers of the cabinets: to be compared with the alarms. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '#config/make-folder.ts'
import type { FaultReport } from './fault-desk.ts'

export class FaultLedger {
  readonly #file: number
  readonly #onLost: (detail: string) => void
  #lost = false

  /** Opens `<directory>/faults.ndjson`, or begins it. Throws what the file system throws; `onLost` is told once when it ends later. */
  constructor(directory: string, onLost: (detail: string) => void) {
    this.#onLost = onLost
    makeFolder(directory)
    this.#file = openSync(join(directory, 'faults.ndjson'), 'a')
  }

  write(epochMs: number, report: FaultReport): void {
    if (this.#lost) return
    try {
      writeSync(this.#file, `${JSON.stringify({ epochMs, ...report })}\n`)
    } catch (error) {
      this.#lost = true
      this.#onLost(String(error))
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}
