/** The edge's log on disk: an event counts as recorded when the medium has it, and stays until central has stored it. */
import type { Disk, DiskFile } from './disk.ts'
import type { ObservedEvent } from './port.ts'
import { advanceCursor, encodeCursors, encodeRow, type Cursors } from './record-codec.ts'
import { recoverSpool } from './recovery.ts'
import { encodeFrame, segmentFileName } from './segment.ts'
import { FrameReader, type Position, type Segment } from './segments.ts'
import type { SpoolFault, SpoolReport } from './spool-fault.ts'

/** 72 hours of twelve busy intersections are about 5.4 million events of 70 bytes; five times that must fit. */
export const SPOOL_BYTES_MAX = 2 * 1024 ** 3
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
  readonly #bytesMax: number
  readonly #segmentBytes: number
  readonly #segments: Segment[]
  readonly #cursors: Cursors
  readonly #acknowledged = new Map<string, number>()
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
    this.#bytesMax = options.bytesMax ?? SPOOL_BYTES_MAX
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
    const { segments, former, tailCut, cursors } = recoverSpool(options.disk, this.#report)
    this.#segments = segments
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
    return this.#acknowledged.get(epoch) ?? 0
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
    this.#keepWithin(this.#bytesMax)
    return recorded
  }

  /** Central has stored everything of the epoch up to `upTo`: frees the segments that hold nothing else. */
  release(epoch: string, upTo: number): void {
    const last = this.#lastOf(epoch)
    if (upTo > last) {
      if (last > 0) this.#report({ code: 'ACK_NOT_OURS', epoch, upTo, last })
      return
    }
    this.#acknowledged.set(epoch, Math.max(upTo, this.acknowledged(epoch)))
    // The newest segment stays: it alone holds the next sequence and the cursors when everything else is freed.
    for (let oldest = this.#segments[0]; oldest && this.#segments.length > 1; oldest = this.#segments[0]) {
      if (oldest.last > this.acknowledged(oldest.epoch)) return
      this.#remove(oldest)
    }
  }

  oldest(): Position {
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

  close(): void {
    this.commit()
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
      if (isNoSpace(error)) this.#giveUpOldest()
      return false
    }
  }

  #nextSegment(): Segment {
    this.#ordinal += 1
    return { ordinal: this.#ordinal, epoch: this.epoch, first: this.#last + 1, last: this.#last, bytes: 0 }
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

  #keepWithin(bytesMax: number): void {
    let bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0)
    while (bytes > bytesMax) {
      const freed = this.#giveUpOldest()
      if (freed === 0) return
      bytes -= freed
    }
  }

  /** Bytes freed; 0 when only the newest segment is left. */
  #giveUpOldest(): number {
    const oldest = this.#segments[0]
    if (!oldest || this.#segments.length < 2) return 0
    const first = Math.max(oldest.first, this.acknowledged(oldest.epoch) + 1)
    if (first <= oldest.last) this.#report({ code: 'SPOOL_FULL', epoch: oldest.epoch, first, last: oldest.last })
    this.#remove(oldest)
    return oldest.bytes
  }

  #remove(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    try {
      this.#disk.remove(segmentFileName(segment))
    } catch (error) {
      // It will be found at the next start and sent again, which is harmless.
      this.#report({ code: 'SPOOL_UNREADABLE', file: segmentFileName(segment), detail: String(error) })
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
