/** The folder in which an edge keeps what its strategies have learnt, a file an intersection: read at the start, replaced whole or not at all. */
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#base/clock.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Log } from '#base/log.ts'
import { failed, type Outcome } from '#base/outcome.ts'
import { readLearnt, type Learnt } from '#control/learnt.ts'
import type { Intersection } from '#signal/intersection.ts'
import { sayKeptFault, type KeptFault } from './learnt-fault.ts'
import { decodeLearnt, encodeLearnt } from './learnt-file.ts'

/** Sixty-four lanes and all turns of eight approaches are half a megabyte; more is not ours. */
const FILE_BYTES_MAX = 4 * 1024 ** 2
/** Of one intersection: who has put ten aside has a disk that fails, and the eleventh says nothing new. */
const ASIDE_MOST = 10

export interface ShelfParts {
  readonly directory: string
  readonly clock: Pick<Clock, 'epochMs'>
  readonly log: Log
}

export class LearntShelf {
  readonly #parts: ShelfParts
  readonly #kept = new Map<IntersectionId, Learnt>()
  /** Whose trouble has been told, so that a full disk is not told every few minutes. */
  readonly #told = new Set<IntersectionId>()

  constructor(parts: ShelfParts) {
    this.#parts = parts
  }

  /** What was kept of a street; undefined where nothing was. What cannot be used is put aside, told, and begun anew. */
  async take(intersection: Intersection): Promise<Learnt | undefined> {
    const { id } = intersection
    const read = await this.#read(intersection)
    if (read === null) return undefined
    if (!read.ok) {
      this.#warn(id, read.fault, `Learning begins anew; ${await this.#putAside(id)}`)
      return undefined
    }
    this.#kept.set(id, read.value)
    this.#parts.log('info', 'LEARNT_RESTORED', `${this.#pathOf(id)}: ${id} begins with what was learnt before.`)
    return read.value
  }

  /**
   * On the medium when it resolves; never throws, though `tell` does. What no reader would take is not written over what one
   * would.
   */
  async keep(intersection: Intersection, tell: () => Learnt | undefined): Promise<void> {
    const { id } = intersection
    const fault = await this.#write(intersection, tell)
    if (fault === null) this.#told.delete(id)
    else if (!this.#told.has(id)) {
      this.#told.add(id)
      this.#warn(id, fault, 'What was kept before stays.')
    }
  }

  /** Null where there is no file. */
  async #read(intersection: Intersection): Promise<Outcome<Learnt, KeptFault> | null> {
    const path = this.#pathOf(intersection.id)
    try {
      const { size } = await stat(path)
      if (size > FILE_BYTES_MAX) return failed({ code: 'LEARNT_UNREADABLE', detail: `${size} bytes are too many` })
      return decodeLearnt(await readFile(path, 'utf8'), intersection)
    } catch (error) {
      return isMissing(error) ? null : failed({ code: 'LEARNT_UNREADABLE', detail: wordsOf(error) })
    }
  }

  async #write(intersection: Intersection, tell: () => Learnt | undefined): Promise<KeptFault | null> {
    const { directory, clock } = this.#parts
    const path = this.#pathOf(intersection.id)
    try {
      const learnt = tell()
      if (learnt === undefined || learnt === this.#kept.get(intersection.id)) return null
      const plausible = readLearnt(learnt, intersection)
      if (!plausible.ok) return plausible.fault
      // Counts say who drove where and when: only the service's own user reads them.
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeWhole(`${path}.new`, encodeLearnt(intersection, learnt, clock.epochMs()))
      await rename(`${path}.new`, path)
      await syncFolder(directory)
      this.#kept.set(intersection.id, learnt)
      return null
    } catch (error) {
      return { code: 'LEARNT_NOT_KEPT', detail: wordsOf(error) }
    }
  }

  /** Returns what became of the file, in words. */
  async #putAside(id: IntersectionId): Promise<string> {
    const { directory, clock } = this.#parts
    const name = `${id}.aside-${clock.epochMs()}.json`
    try {
      await rename(this.#pathOf(id), join(directory, name))
      await this.#dropOldest(id)
      return `the file is kept as ${name}.`
    } catch (error) {
      return `the file could not be put aside (${wordsOf(error)}) and will be written over.`
    }
  }

  async #dropOldest(id: IntersectionId): Promise<void> {
    const { directory } = this.#parts
    const names = (await readdir(directory)).filter((name) => name.startsWith(`${id}.aside-`))
    for (const name of names.toSorted().slice(0, -ASIDE_MOST)) await unlink(join(directory, name))
  }

  #warn(id: IntersectionId, fault: KeptFault, consequence: string): void {
    this.#parts.log('warn', fault.code, `${this.#pathOf(id)}: ${sayKeptFault(fault)} ${consequence}`)
  }

  #pathOf(id: IntersectionId): string {
    return join(this.#parts.directory, `${id}.json`)
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Puts the new name on the medium. */
async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
