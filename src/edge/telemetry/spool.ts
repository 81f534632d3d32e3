/** The edge's log on disk: an event counts as recorded when the medium has it, and stays until central has stored it. */
import type { Range } from '#base/ranges.ts'
import type { Disk, DiskFile } from './disk.ts'
import type { ObservedEvent } from './port.ts'
import { advanceCursor, encodeCursors, encodeRow, type Cursors } from './record-codec.ts'
import { recoverSpool } from './recovery.ts'
import { encodeFrame, segmentFileName } from './segment.ts'
import { FrameReader, type Position, type Segment } from './segments.ts'
import { Shelf } from './shelf.ts'
import type { SpoolFault, SpoolReport } from './spool-fault.ts'

/** 72 hours of twelve busy intersections are about 5.4 million events of 70 bytes; five times that must fit. */
export const SPOOL_BYTES_MAX = 2 * 1024 ** 3
/** Of what central has, two days of twelve busy intersections stay to be fetched again: a store restored from its last copy. */
export const HISTORY_BYTES_MAX = 256 * 1024 ** 2
/** What stays of a segment of which a quarter is worth keeping; a street in order has one such event in a hundred. */
export const RESERVE_BYTES = 1024 ** 2
/** Small enough to be read at once when opened, large enough that 2 GB are some 500 files. */
export const SEGMENT_BYTES = 4 * 1024 ** 2
/** A group of this size is committed without waiting for its time. */
export const GROUP_BYTES_MAX = 64 * 1024

export interface SpoolOptions {
  readonly disk: Disk
  /** A new random identity, 16 hex digits. */
  readonly newEpoch: () => string
  readonly report: SpoolReport
  readonly bytesMax?: number
  readonly segmentBytes?: number
  /** Nothing that central has is kept unless given. */
  readonly historyBytesMax?: number
  /** No room is held free for a full disk unless given. */
  readonly reserveBytes?: number
}

interface Pending {
  readonly sequence: number
  readonly frame: Buffer
  readonly event: ObservedEvent
}

export class Spool {
  readonly epoch: string
  /** Where the process before this one stopped; null for a new spool. */
  readonly former: { readonly epoch: string; readonly last: number } | null
  readonly #disk: Disk
  readonly #report: SpoolReport
  readonly #segmentBytes: number
  readonly #shelf: Shelf
  readonly #cursors: Cursors
  readonly #reported = new Set<string>()
  #file: DiskFile | null = null
  #pending: Pending[] = []
  #pendingBytes = 0
  #appended: number
  #last: number
  #ordinal: number
  #isRefused = false

  /** Throws when the directory cannot be made or read: without a disk nothing can be promised. */
  constructor(options: SpoolOptions) {
    this.#disk = options.disk
    this.#report = (fault) => this.#tell(fault, options.report)
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
    const { segments, former, tailCut, cursors } = recoverSpool(options.disk, this.#report)
    this.#shelf = new Shelf({
      ...{ disk: options.disk, segments, report: this.#report },
      bytesMax: options.bytesMax ?? SPOOL_BYTES_MAX,
      historyBytesMax: options.historyBytesMax ?? 0,
      reserveBytes: options.reserveBytes ?? 0,
    })
    this.#cursors = cursors
    this.former = former
    // A disk may lie about its sync: sequences in a cut tail may have reached central. A new epoch never uses them twice.
    this.epoch = former && !tailCut ? former.epoch : options.newEpoch()
    this.#last = former && !tailCut ? former.last : 0
    this.#appended = this.#last
    this.#ordinal = segments.at(-1)?.ordinal ?? 0
  }

  /** Sequence of the last recorded event of the epoch, 0 before the first. */
  get last(): number {
    return this.#last
  }

  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** Greatest sequence of the epoch up to which central has stored all. */
  acknowledged(epoch: string): number {
    return this.#shelf.acknowledged(epoch)
  }

  /** Whether central has all of the range, as far as it has said. */
  isStored(epoch: string, range: Range): boolean {
    return this.#shelf.isStored(epoch, range)
  }

  cursors(): ReadonlyMap<string, number> {
    return this.#cursors
  }

  /** Gives events their sequences; they are recorded by a later `commit`. */
  append(events: readonly ObservedEvent[]): void {
    for (const event of events) {
      const sequence = ++this.#appended
      const frame = encodeFrame(this.epoch, sequence, encodeRow(sequence, event))
      this.#pending.push({ sequence, frame, event })
      this.#pendingBytes += frame.length
    }
  }

  /** How many events became recorded: all that are pending, or none when the disk refused; call again later then. */
  commit(): number {
    if (this.#pending.length === 0) return 0
    // An error of sync is never answered by another sync: the kernel may have dropped the pages and would say yes.
    if (!this.#tryCommit() && !this.#tryCommit()) return 0
    this.#isRefused = false
    const recorded = this.#pending.length
    for (const { event } of this.#pending) advanceCursor(this.#cursors, event.intersection, event.deviceSequence)
    this.#pending = []
    this.#pendingBytes = 0
    this.#shelf.keepWithin()
    this.#shelf.writeHeld()
    this.#shelf.restoreReserve()
    return recorded
  }

  /**
   * Central has stored everything of the epoch up to `upTo`, and the islands beyond it: what only it needed may go. Less than
   * it said before is a central that has lost its ledger: it gets again whatever is still here.
   */
  release(epoch: string, upTo: number, islands: readonly Range[] = []): void {
    const last = this.#lastOf(epoch)
    if (upTo <= last) this.#shelf.acknowledge(epoch, upTo, islands)
    else if (last > 0) this.#report({ code: 'ACK_NOT_OURS', epoch, upTo, last })
  }

  /** Before everything that central may not have. */
  oldest(): Position {
    return this.#shelf.firstUnacknowledged()
  }

  /** Before everything that is still here. */
  begin(): Position {
    return { ordinal: this.#segments[0]?.ordinal ?? 0, offset: 0 }
  }

  /** Behind everything that is recorded by now. */
  end(): Position {
    const newest = this.#segments.at(-1)
    return newest ? { ordinal: newest.ordinal, offset: newest.bytes } : { ordinal: 0, offset: 0 }
  }

  reader(from: Position): FrameReader {
    return new FrameReader(this.#disk, this.#segments, { ...from, report: this.#report })
  }

  get #segments(): Segment[] {
    return this.#shelf.segments
  }

  close(): void {
    this.commit()
    this.#shelf.writeHeld()
    this.#closeFile()
  }

  #tryCommit(): boolean {
    const fresh = this.#file ? null : this.#nextSegment()
    try {
      const bytes = this.#write(fresh)
      this.#settle(fresh, bytes)
      return true
    } catch (error) {
      this.#abandon(fresh)
      this.#report({ code: 'SPOOL_NOT_RECORDED', detail: String(error), events: this.#pending.length })
      if (isNoSpace(error)) this.#shelf.makeRoom(2 * this.#pendingBytes)
      return false
    }
  }

  #nextSegment(): Segment {
    this.#ordinal += 1
    return {
      ordinal: this.#ordinal,
      epoch: this.epoch,
      first: this.#last + 1,
      stage: 'segment',
      last: this.#last,
      bytes: 0,
    }
  }

  /** Bytes that the medium has taken. */
  #write(fresh: Segment | null): number {
    const frames = this.#pending.map(({ frame }) => frame)
    if (fresh) {
      this.#file = this.#disk.create(segmentFileName(fresh))
      frames.unshift(encodeFrame(this.epoch, 0, encodeCursors(this.#cursors)))
    }
    if (!this.#file) throw new Error('invariant broken: no open segment')
    const bytes = Buffer.concat(frames)
    for (let offset = 0; offset < bytes.length;) {
      const taken = this.#file.write(bytes.subarray(offset))
      if (taken <= 0) throw new Error('the disk takes no bytes')
      offset += taken
    }
    this.#file.sync()
    if (fresh) this.#disk.syncNames()
    return bytes.length
  }

  #settle(fresh: Segment | null, bytes: number): void {
    if (fresh) this.#segments.push(fresh)
    const segment = this.#segments.at(-1)
    this.#last = this.#pending.at(-1)?.sequence ?? this.#last
    if (!segment) return
    segment.last = this.#last
    segment.bytes += bytes
    if (segment.bytes >= this.#segmentBytes) this.#closeFile()
  }

  #abandon(fresh: Segment | null): void {
    this.#closeFile()
    if (!fresh) return
    try {
      this.#disk.remove(segmentFileName(fresh))
    } catch {
      // It was never created, or it stays behind: what follows has another ordinal and begins with the same sequence.
    }
  }

  #closeFile(): void {
    const file = this.#file
    this.#file = null
    try {
      file?.close()
    } catch {
      // Everything that counts was synced before; a close that fails takes nothing back.
    }
  }

  #lastOf(epoch: string): number {
    if (epoch === this.epoch) return this.#last
    return this.#segments.findLast((segment) => segment.epoch === epoch)?.last ?? 0
  }

  /** The same damage is met at every reading, a full disk at every attempt: each is told once. */
  #tell(fault: SpoolFault, report: SpoolReport): void {
    if (fault.code === 'SPOOL_NOT_RECORDED') {
      if (this.#isRefused) return
      this.#isRefused = true
    }
    if (fault.code === 'SPOOL_DAMAGED' || fault.code === 'SPOOL_UNREADABLE') {
      const key = `${fault.file}:${'offset' in fault ? fault.offset : 'whole'}`
      if (this.#reported.has(key)) return
      this.#reported.add(key)
    }
    report(fault)
  }
}

const isNoSpace = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
