/** The segments of a spool in their order, and how a thread of reading runs through them. */
import type { Disk } from './disk.ts'
import type { SpoolReport } from './spool-fault.ts'
import { nextFrame, segmentFileName, type Frame, type SegmentName } from './segment.ts'

export interface Segment extends SegmentName {
  /** Greatest sequence this segment answers for; what lies beyond in the file was written again in the next one. */
  last: number
  /** Bytes that are known to be on the medium; readers look no further. */
  bytes: number
  /** Its content, while no medium has taken it. */
  held?: Buffer
}

/** A place in the spool: every byte of the segments before `ordinal`, and `offset` bytes of that one. */
export interface Position {
  readonly ordinal: number
  readonly offset: number
}

/** An event's frame and the epoch it belongs to. */
export interface Head {
  readonly epoch: string
  readonly frame: Frame
}

/** Frames in order from a position on, over the borders of segments and over damage, which is reported once. */
export class FrameReader {
  readonly #disk: Disk
  readonly #segments: readonly Segment[]
  readonly #report: SpoolReport
  #ordinal: number
  #offset: number
  /** Which is read: another of the same ordinal is what was kept of it. */
  #segment: Segment | null = null
  /** Bytes of the current segment from `#base` on. */
  #chunk: Buffer | null = null
  #base = 0
  /** Last sequence taken from the current segment: what lies after its last event is nobody's loss. */
  #previous = 0

  /** `segments` is the spool's own list, which grows at its end and is freed at its beginning. */
  constructor(disk: Disk, segments: readonly Segment[], from: Position & { readonly report: SpoolReport }) {
    this.#disk = disk
    this.#segments = segments
    this.#report = from.report
    this.#ordinal = from.ordinal
    this.#offset = from.offset
  }

  get position(): Position {
    return { ordinal: this.#ordinal, offset: this.#offset }
  }

  /** The next event frame and its epoch without going past it; null when all that is on the medium was read. */
  peek(): Head | null {
    for (;;) {
      const segment = this.#current()
      if (!segment) return null
      const frame = this.#frameIn(segment)
      if (frame) return { epoch: segment.epoch, frame }
      if (segment === this.#segments.at(-1)) return null
      this.#enter(segment.ordinal + 1, 0)
    }
  }

  /** Goes on from there, if it lies ahead by a whole segment. */
  leap(to: Position): void {
    if (to.ordinal > this.#ordinal) this.#enter(to.ordinal, 0)
  }

  /** Goes past a frame that `peek` gave. */
  take(frame: Frame): void {
    this.#offset = this.#base + frame.end
    this.#previous = frame.sequence
  }

  #current(): Segment | null {
    const segment = this.#segments.find((candidate) => candidate.ordinal >= this.#ordinal)
    if (!segment) return null
    const isReplaced = this.#segment !== null && this.#segment !== segment
    if (segment.ordinal > this.#ordinal || isReplaced) this.#enter(segment.ordinal, 0)
    this.#segment = segment
    return segment
  }

  #enter(ordinal: number, offset: number): void {
    this.#ordinal = ordinal
    this.#offset = offset
    this.#segment = null
    this.#chunk = null
    this.#previous = 0
  }

  #frameIn(segment: Segment): Frame | null {
    while (this.#offset < segment.bytes) {
      const chunk = this.#load(segment)
      const frame = nextFrame(segment.epoch, chunk, this.#offset - this.#base)
      if (!frame || frame.sequence > segment.last) {
        const closed = segment !== this.#segments.at(-1)
        if (closed && this.#previous < segment.last) this.#skip(segment, segment.bytes)
        return null
      }
      this.#skip(segment, this.#base + frame.begin)
      if (frame.sequence >= segment.first) return frame
      this.take(frame)
    }
    return null
  }

  #load(segment: Segment): Buffer {
    const loaded = this.#chunk
    if (loaded && this.#base + loaded.length >= segment.bytes) return loaded
    this.#base = this.#offset
    this.#chunk = this.#bytesOf(segment).subarray(this.#base, segment.bytes)
    return this.#chunk
  }

  #bytesOf(segment: Segment): Buffer {
    if (segment.held) return segment.held
    try {
      return this.#disk.read(segmentFileName(segment))
    } catch (error) {
      this.#report({ code: 'SPOOL_UNREADABLE', file: segmentFileName(segment), detail: String(error) })
      return Buffer.alloc(0)
    }
  }

  #skip(segment: Segment, until: number): void {
    if (until <= this.#offset) return
    const bytes = until - this.#offset
    this.#report({ code: 'SPOOL_DAMAGED', file: segmentFileName(segment), offset: this.#offset, bytes })
    this.#offset = until
  }
}
