/** Opens what an earlier process left of a spool: which segments, which sequence comes next, where each device's log was read to. */
import { advanceCursor, decodeCursors, decodeRow, type Cursors } from './record-codec.ts'
import type { Disk } from './disk.ts'
import { nextFrame, parseSegmentFileName, segmentFileName, STAGES, type Frame, type SegmentName } from './segment.ts'
import type { Segment } from './segments.ts'
import type { SpoolReport } from './spool-fault.ts'

export interface Recovery {
  readonly segments: Segment[]
  /** Where the earlier process stopped; null for a new spool. */
  readonly former: { readonly epoch: string; readonly last: number } | null
  /** The newest segment ends in bytes that nothing vouches for. */
  readonly tailCut: boolean
  readonly cursors: Cursors
}

/**
 * Reads the newest segment whole and of the others the names only: opening stays quick however long the backlog is, and
 * damage in it is found when it is read for sending.
 */
export function recoverSpool(disk: Disk, report: SpoolReport): Recovery {
  const names = fullestOnes(disk)
  const newest = names.at(-1)
  if (!newest) return { segments: [], former: null, tailCut: false, cursors: new Map() }

  const content = contentOf(disk, newest, report)
  const cursors = content.cursors ?? cursorsOfAll(disk, names.slice(0, -1), report)
  for (const frame of content.events) advance(cursors, frame)
  syncNewest(disk, segmentFileName(newest), report)
  const segments = names.map((name, index) => segmentOf({ disk, name, next: names[index + 1], report }))
  const last = content.events.at(-1)?.sequence ?? newest.first - 1
  Object.assign(segments.at(-1) ?? {}, { last })
  if (content.tailBytes > 0) report({ code: 'SPOOL_TAIL_CUT', file: segmentFileName(newest), bytes: content.tailBytes })
  return { segments, former: { epoch: newest.epoch, last }, tailCut: content.tailBytes > 0, cursors }
}

/** In their order. A smaller segment beside a fuller one may never have been finished: the fuller one counts. */
function fullestOnes(disk: Disk): SegmentName[] {
  const all = disk.list().flatMap((file) => parseSegmentFileName(file) ?? [])
  const fullest = new Map<number, SegmentName>()
  for (const stage of STAGES)
    for (const name of all)
      if (name.stage === stage && !fullest.has(name.ordinal)) fullest.set(name.ordinal, name)
      else if (name.stage === stage) disk.remove(segmentFileName(name))
  return [...fullest.values()].toSorted((a, b) => a.ordinal - b.ordinal)
}

interface Content {
  /** null when the frame of cursors is damaged or was never written. */
  readonly cursors: Cursors | null
  readonly events: readonly Frame[]
  readonly tailBytes: number
}

function contentOf(disk: Disk, name: SegmentName, report: SpoolReport): Content {
  const file = segmentFileName(name)
  const bytes = readOr(disk, file, report)
  if (!bytes) return { cursors: null, events: [], tailBytes: disk.sizeOf(file) }
  const events: Frame[] = []
  let cursors: Cursors | null = null
  let end = 0
  for (let frame = nextFrame(name.epoch, bytes, 0); frame; frame = nextFrame(name.epoch, bytes, end)) {
    if (frame.begin > end) report({ code: 'SPOOL_DAMAGED', file, offset: end, bytes: frame.begin - end })
    if (frame.sequence === 0) cursors = decodeCursors(frame.text)
    else events.push(frame)
    end = frame.end
  }
  return { cursors, events, tailBytes: bytes.length - end }
}

function readOr(disk: Disk, file: string, report: SpoolReport): Buffer | null {
  try {
    return disk.read(file)
  } catch (error) {
    report({ code: 'SPOOL_UNREADABLE', file, detail: String(error) })
    return null
  }
}

/** The earlier process may have been killed between write and sync: what it left counts as recorded only from here on. */
function syncNewest(disk: Disk, file: string, report: SpoolReport): void {
  try {
    disk.sync(file)
  } catch (error) {
    report({ code: 'SPOOL_UNREADABLE', file, detail: String(error) })
  }
}

/** The frame of cursors is lost: what is still there of the events, and of older frames of cursors, has to tell. */
function cursorsOfAll(disk: Disk, names: readonly SegmentName[], report: SpoolReport): Cursors {
  const cursors: Cursors = new Map()
  for (const name of names) {
    const content = contentOf(disk, name, report)
    for (const [intersection, deviceSequence] of content.cursors ?? [])
      advanceCursor(cursors, intersection, deviceSequence)
    for (const frame of content.events) advance(cursors, frame)
  }
  return cursors
}

function advance(cursors: Cursors, frame: Frame): void {
  const row = decodeRow(frame.text)
  advanceCursor(cursors, row[2], row[6])
}

interface Neighbours {
  readonly disk: Disk
  readonly name: SegmentName
  readonly next: SegmentName | undefined
  readonly report: SpoolReport
}

function segmentOf({ disk, name, next, report }: Neighbours): Segment {
  return { ...name, last: lastOf({ disk, name, next, report }), bytes: disk.sizeOf(segmentFileName(name)) }
}

function lastOf({ disk, name, next, report }: Neighbours): number {
  if (!next) return name.first - 1
  if (next.epoch === name.epoch) return next.first - 1
  return contentOf(disk, name, report).events.at(-1)?.sequence ?? name.first - 1
}
