/**
 * A segment file is a row of frames, each with its own checksum, that can be read again after damage anywhere in it.
 *
 *     0  u16  mark, F5 5A: no UTF-8 text holds the byte F5, so no payload looks like the beginning of a frame
 *     2  u16  length of the payload in bytes
 *     4  u64  sequence; 0 is the frame of cursors with which each segment begins
 *    12  u32  CRC-32 of epoch, bytes 2–11 and payload
 *    16       payload, UTF-8
 *
 * The epoch in the checksum refuses the frames of a former spool that a file system may show in blocks it gave out anew.
 * CRC-32 is zlib's (IEEE): native code, the same as the batch's digest; both polynomials find every damaged byte, and the
 * one advantage of CRC-32C, a processor instruction, is not to be had from Node.
 */
import { crc32 } from 'node:zlib'

const MARK = 0xf55a
const FRAME_HEAD_BYTES = 16

export interface SegmentName {
  /** Rises with every segment of the directory, over all epochs. */
  readonly ordinal: number
  readonly epoch: string
  /** Sequence of the first event that this segment may hold. */
  readonly first: number
  readonly stage: Stage
}

/** What is left of a segment: all, what is worth keeping, or records of how much went and nothing else. */
export const STAGES = ['segment', 'thinned', 'counted'] as const
export type Stage = (typeof STAGES)[number]

export function segmentFileName({ ordinal, epoch, first, stage }: SegmentName): string {
  return `${String(ordinal).padStart(10, '0')}-${epoch}-${String(first).padStart(16, '0')}.${stage}`
}

/** null for a file that is not a segment. */
export function parseSegmentFileName(name: string): SegmentName | null {
  const found = /^(\d{10})-([0-9a-f]{16})-(\d{16})\.([a-z]+)$/.exec(name)
  const stage = STAGES.find((each) => each === found?.[4])
  if (!found || !stage) return null
  const [, ordinal, epoch = '', first] = found
  return { ordinal: Number(ordinal), epoch, first: Number(first), stage }
}

export interface Frame {
  readonly sequence: number
  readonly text: string
  /** Offsets of the frame in the bytes it was read from. */
  readonly begin: number
  readonly end: number
}

export function encodeFrame(epoch: string, sequence: number, text: string): Buffer {
  const payloadBytes = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payloadBytes)
  frame.writeUInt16BE(MARK, 0)
  frame.writeUInt16BE(payloadBytes, 2)
  frame.writeBigUInt64BE(BigInt(sequence), 4)
  frame.write(text, FRAME_HEAD_BYTES)
  frame.writeUInt32BE(checksum(epoch, frame), 12)
  return frame
}

/**
 * The next whole frame at or after `offset`, over damaged bytes if need be (`begin` is then greater than `offset`);
 * null when none is left.
 */
export function nextFrame(epoch: string, bytes: Buffer, offset: number): Frame | null {
  let begin = offset
  while (begin + FRAME_HEAD_BYTES <= bytes.length) {
    const frame = frameAt(epoch, bytes, begin)
    if (frame) return frame
    const mark = bytes.indexOf(MARK >> 8, begin + 1)
    if (mark < 0) return null
    begin = mark
  }
  return null
}

function frameAt(epoch: string, bytes: Buffer, begin: number): Frame | null {
  if (bytes.readUInt16BE(begin) !== MARK) return null
  const end = begin + FRAME_HEAD_BYTES + bytes.readUInt16BE(begin + 2)
  if (end > bytes.length) return null
  const frame = bytes.subarray(begin, end)
  if (frame.readUInt32BE(12) !== checksum(epoch, frame)) return null
  return { sequence: Number(frame.readBigUInt64BE(4)), text: frame.toString('utf8', FRAME_HEAD_BYTES), begin, end }
}

function checksum(epoch: string, frame: Buffer): number {
  return crc32(frame.subarray(FRAME_HEAD_BYTES), crc32(frame.subarray(2, 12), crc32(epoch)))
}
