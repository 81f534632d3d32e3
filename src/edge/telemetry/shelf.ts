/** The segments of a spool: which of them central has, and which go first when there is no room. */
import { coversRange, type Range } from '#base/ranges.ts'
import type { Disk } from './disk.ts'
import { segmentFileName, STAGES, type Stage } from './segment.ts'
import type { Position, Segment } from './segments.ts'
import type { SpoolReport } from './spool-fault.ts'
import { thin, type Thinned } from './thinning.ts'

export interface ShelfOptions {
  readonly disk: Disk
  /** Oldest first. */
  readonly segments: Segment[]
  readonly report: SpoolReport
  readonly bytesMax: number
  /** Of what central has already: kept so that it can be fetched again, and the first to go. */
  readonly historyBytesMax: number
  /** Held free for a full disk: what is kept of a segment must be written before the segment may go. 0: no such file. */
  readonly reserveBytes: number
}

/** No segment's name. */
const RESERVE_FILE = 'reserve'
const NOTHING_MORE: readonly Range[] = []
/** First raw samples go, then all the rest. The records of it, a few hundred bytes of each segment, stay until central has them. */
const LESS_AND_LESS = STAGES.slice(1)

export class Shelf {
  readonly segments: Segment[]
  readonly #options: ShelfOptions
  readonly #acknowledged = new Map<string, number>()
  /** What central has beyond the contiguous part, by epoch, as it said last. */
  readonly #islands = new Map<string, readonly Range[]>()
  /** Segments that this stage would not make any smaller. */
  readonly #dense = new Map<Segment, Stage>()
  #hasReserve: boolean
  /** Newest segment when the reserve was last tried: not again before the next. */
  #reserveTriedAt = -1

  constructor(options: ShelfOptions) {
    this.#options = options
    this.segments = options.segments
    this.#hasReserve = options.disk.list().includes(RESERVE_FILE)
  }

  /** Greatest sequence of the epoch up to which central has stored all. */
  acknowledged(epoch: string): number {
    return this.#acknowledged.get(epoch) ?? 0
  }

  /** As far as central has said. */
  isStored(epoch: string, range: Range): boolean {
    return range[1] <= this.acknowledged(epoch) || coversRange(this.#islands.get(epoch) ?? NOTHING_MORE, range)
  }

  /** Central has all of the epoch up to `upTo`, and the islands beyond it: no more, if it has lost its ledger. */
  acknowledge(epoch: string, upTo: number, islands: readonly Range[]): void {
    this.#acknowledged.set(epoch, upTo)
    this.#islands.set(epoch, islands)
    this.#freeHistory(this.#options.historyBytesMax)
  }

  /** The first event that central may not have lies here or behind. */
  firstUnacknowledged(): Position {
    const segment = this.segments.find((candidate) => !this.#isHistory(candidate)) ?? this.segments.at(-1)
    return { ordinal: segment?.ordinal ?? 0, offset: 0 }
  }

  /** Gives up the oldest until all is within its limit. */
  keepWithin(): void {
    const { bytesMax } = this.#options
    let bytes = this.segments.reduce((sum, segment) => sum + segment.bytes, 0)
    while (bytes > bytesMax) {
      const freed = this.#giveUpOldest()
      if (freed === 0) return
      bytes -= freed
    }
  }

  /** The disk is full: frees so many bytes of the oldest, if so much can go. */
  makeRoom(bytes: number): void {
    let freed = -1
    for (let room = 0; room < bytes && freed !== 0; room += freed) freed = this.#giveUpOldest()
  }

  /** Puts on the disk what it did not take when it should have. */
  writeHeld(): void {
    for (const segment of this.segments) {
      if (!segment.held) continue
      if (!this.#isWritten(segmentFileName(segment), segment.held)) return
      delete segment.held
    }
  }

  /** Sets the reserve aside again once there is room for it. */
  restoreReserve(): void {
    const { disk, reserveBytes } = this.#options
    const newest = this.segments.at(-1)?.ordinal ?? 0
    if (this.#hasReserve || reserveBytes === 0 || this.#reserveTriedAt === newest) return
    this.#reserveTriedAt = newest
    try {
      // Not zeros: a file system that leaves them out would hold nothing free.
      this.#writeWhole(RESERVE_FILE, Buffer.alloc(reserveBytes, 0xa5))
      this.#hasReserve = true
    } catch {
      this.#removeQuietly(disk, RESERVE_FILE)
    }
  }

  #isHistory({ epoch, last }: Segment): boolean {
    return last <= this.acknowledged(epoch)
  }

  /** The newest segment stays: it alone holds the next sequence and the cursors when everything else is freed. */
  #history(): Segment[] {
    return this.segments.slice(0, -1).filter((segment) => this.#isHistory(segment))
  }

  #freeHistory(bytesMax: number): void {
    const history = this.#history()
    let bytes = history.reduce((sum, segment) => sum + segment.bytes, 0)
    for (const segment of history) {
      if (bytes <= bytesMax) return
      bytes -= segment.bytes
      this.#remove(segment)
    }
  }

  /** Bytes freed; 0 when only the newest segment is left, and of the others what must stay. */
  #giveUpOldest(): number {
    const [history] = this.#history()
    if (history) return this.#remove(history)
    for (const stage of LESS_AND_LESS)
      for (const segment of this.segments.slice(0, -1)) {
        const freed = this.#mayReach(segment, stage) ? this.#reduce(segment, stage) : 0
        if (freed > 0) return freed
      }
    return 0
  }

  #mayReach(segment: Segment, stage: Stage): boolean {
    return isBefore(segment.stage, stage) && isBefore(this.#dense.get(segment) ?? segment.stage, stage)
  }

  /** Bytes freed; 0 where nothing in it can go. */
  #reduce(segment: Segment, stage: Stage): number {
    const { epoch, last } = segment
    const content = this.#read(segment)
    const isStored = (sequence: number) => this.isStored(epoch, [sequence, sequence])
    const less = thin(segment, content, { stage, isStored })
    if (less.isEmpty) return this.#remove(segment)
    if (less.bytes.length >= segment.bytes) {
      this.#dense.set(segment, stage)
      return 0
    }
    const first = Math.max(segment.first, this.acknowledged(epoch) + 1)
    const records = () => thin(segment, content, { stage: 'counted', isStored })
    const { lost, kept } = this.#isReplaced(segment, stage, less) ? less : this.#hold(segment, records())
    this.#options.report({ code: 'SPOOL_FULL', epoch, first, last, lost, kept })
    return segment.bytes - less.bytes.length
  }

  /** What stays is on the medium before anything goes, wherever a power cut falls; false when there was no room for it even then. */
  #isReplaced(segment: Segment, stage: Stage, { bytes }: Thinned): boolean {
    const smaller: Segment = { ...segment, stage, bytes: bytes.length }
    const file = segmentFileName(smaller)
    const isRoom = this.#isWritten(file, bytes)
    this.#unlink(segment)
    // Somebody else has filled the disk to the last byte, the reserve too: only what goes makes room for what stays.
    if (!isRoom && !this.#isWritten(file, bytes)) return false
    this.#exchange(segment, smaller)
    return true
  }

  /** Records alone are small enough to stay in memory until the disk takes them. */
  #hold(segment: Segment, records: Thinned): Thinned {
    const { bytes } = records
    this.#exchange(segment, { ...segment, stage: 'counted', bytes: bytes.length, held: bytes })
    return records
  }

  #exchange(segment: Segment, ...smaller: readonly Segment[]): void {
    this.#dense.delete(segment)
    this.segments.splice(this.segments.indexOf(segment), 1, ...smaller)
  }

  #isWritten(file: string, bytes: Buffer): boolean {
    try {
      this.#writeWithReserve(file, bytes)
      return true
    } catch {
      this.#removeQuietly(this.#options.disk, file)
      return false
    }
  }

  #writeWithReserve(name: string, bytes: Buffer): void {
    const { disk } = this.#options
    try {
      this.#writeWhole(name, bytes)
    } catch (error) {
      if (!this.#hasReserve) throw error
      this.#removeQuietly(disk, name)
      this.#hasReserve = false
      disk.remove(RESERVE_FILE)
      this.#writeWhole(name, bytes)
    }
  }

  #writeWhole(name: string, bytes: Buffer): void {
    const { disk } = this.#options
    const file = disk.create(name)
    try {
      for (let offset = 0; offset < bytes.length;) {
        const taken = file.write(bytes.subarray(offset))
        if (taken <= 0) throw new Error('the disk takes no bytes')
        offset += taken
      }
      file.sync()
    } finally {
      file.close()
    }
    disk.syncNames()
  }

  #read(segment: Segment): Buffer {
    if (segment.held) return segment.held
    try {
      return this.#options.disk.read(segmentFileName(segment)).subarray(0, segment.bytes)
    } catch (error) {
      this.#options.report({ code: 'SPOOL_UNREADABLE', file: segmentFileName(segment), detail: String(error) })
      return Buffer.alloc(0)
    }
  }

  /** Its bytes. */
  #remove(segment: Segment): number {
    this.#exchange(segment)
    this.#unlink(segment)
    return segment.bytes
  }

  #unlink(segment: Segment): void {
    if (segment.held) return
    try {
      this.#options.disk.remove(segmentFileName(segment))
    } catch (error) {
      // It will be found at the next start and sent again, which is harmless.
      this.#options.report({ code: 'SPOOL_UNREADABLE', file: segmentFileName(segment), detail: String(error) })
    }
  }

  #removeQuietly(disk: Disk, name: string): void {
    try {
      disk.remove(name)
    } catch {
      // It was never created.
    }
  }
}

const isBefore = (stage: Stage, other: Stage): boolean => STAGES.indexOf(stage) < STAGES.indexOf(other)
