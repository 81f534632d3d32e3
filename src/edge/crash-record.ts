/** A file beside the spool that says whether the edge has ended in good order: who finds it open has crashed, and counts. */
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '#base/log.ts'
import { FORGIVEN_AFTER_MS } from './crash-back-off.ts'

const FILE = 'running.json'
/** More say nothing new. */
const CRASHES_MOST = 1_000

interface RunRecord {
  /** In a row, before this run. */
  readonly crashes: number
  readonly isOpen: boolean
}

export interface CrashRecord {
  /** Ends in a row that nobody had asked for, this start's included; 0 = the last one was in order, or there was none. */
  readonly crashes: number
  /** The end is in order. */
  close(): Promise<void>
}

/** Opens the record of this run. A disk that does not take it is told, and the edge runs: it then cannot know of its next crash. */
export async function openCrashRecord(
  directory: string,
  log: Log,
  forgivenAfterMs = FORGIVEN_AFTER_MS,
): Promise<CrashRecord> {
  const before = await read(join(directory, FILE))
  const crashes = before.isOpen ? Math.min(CRASHES_MOST, before.crashes + 1) : 0
  let work = write(directory, { crashes, isOpen: true }, log)
  await work
  const forgive = () => void (work = work.then(() => write(directory, { crashes: 0, isOpen: true }, log)))
  const timer = setTimeout(forgive, forgivenAfterMs).unref()
  return {
    crashes,
    async close() {
      clearTimeout(timer)
      await work
      await write(directory, { crashes: 0, isOpen: false }, log)
    },
  }
}

/** A file that cannot be read is half written at best: by whoever crashed over it. */
async function read(path: string): Promise<RunRecord> {
  try {
    const raw: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof raw !== 'object' || raw === null) return { crashes: 0, isOpen: true }
    const { crashes, isOpen } = raw as Partial<RunRecord>
    return {
      crashes: Number.isInteger(crashes) && Number(crashes) >= 0 ? Number(crashes) : 0,
      isOpen: isOpen !== false,
    }
  } catch (error) {
    return { crashes: 0, isOpen: !(error instanceof Error && 'code' in error && error.code === 'ENOENT') }
  }
}

async function write(directory: string, record: RunRecord, log: Log): Promise<void> {
  const path = join(directory, FILE)
  try {
    await mkdir(directory, { recursive: true })
    const file = await open(`${path}.new`, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(record))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    log('warn', 'RUN_NOT_RECORDED', `${path}: ${detail}. After a crash the edge would supervise again at once.`)
  }
}
