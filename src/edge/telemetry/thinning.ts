/** Takes out of a segment what there is no room for, and says exactly how much that was. */
import { intersectionId } from '#base/id.ts'
import { EVENT } from '#signal/events.ts'
import { decodeRow, encodeRow } from './record-codec.ts'
import { encodeFrame, nextFrame, type Stage } from './segment.ts'
import type { Segment } from './segments.ts'
import { isWorthKeeping } from './worth-keeping.ts'

export interface Thinned {
  /** What the segment is from now on. */
  readonly bytes: Buffer
  /** Events that central has not, and that stay. */
  readonly kept: number
  /** Events that central has not, and that go now. */
  readonly lost: number
  /** Central has all of it. */
  readonly isEmpty: boolean
}

export interface Thinning {
  readonly stage: Stage
  readonly isStored: (sequence: number) => boolean
}

interface Loss {
  sinceEpochMs: number
  last: number
  count: number
}

/**
 * The record of a gap (event 263) is one an intersection: how many went, and since when. It stands in the place of the last
 * of them, so that it needs no sequence of its own, and central hears of every hole by what follows it. A record that goes
 * itself hands what it has counted to the one that takes its place.
 */
export function thin(segment: Segment, bytes: Buffer, { stage, isStored }: Thinning): Thinned {
  const frames = new Map<number, Buffer>()
  const losses = new Map<string, Loss>()
  let [kept, lost] = [0, 0]
  for (let frame = nextFrame(segment.epoch, bytes, 0); frame; frame = nextFrame(segment.epoch, bytes, frame.end)) {
    const { sequence, begin, end } = frame
    if (sequence > segment.last) break
    if (sequence === 0) frames.set(0, bytes.subarray(begin, end))
    if (sequence < segment.first || isStored(sequence)) continue
    const [, epochMs, intersection, code, parameter] = decodeRow(frame.text)
    const isRecord = code === EVENT.logGap
    if (stage !== 'counted' && isWorthKeeping(code)) {
      frames.set(sequence, bytes.subarray(begin, end))
      kept += 1
    } else {
      lose(losses, intersection, { sequence, epochMs, count: isRecord ? parameter : 1 })
      if (!isRecord) lost += 1
    }
  }
  for (const [intersection, loss] of losses) frames.set(loss.last, gapFrame(segment.epoch, intersection, loss))
  const inOrder = [...frames].toSorted(([a], [b]) => a - b).map(([, frame]) => frame)
  return { bytes: Buffer.concat(inOrder), kept, lost, isEmpty: kept + losses.size === 0 }
}

interface Gone {
  readonly sequence: number
  readonly epochMs: number
  /** How many events it stands for. */
  readonly count: number
}

function lose(losses: Map<string, Loss>, intersection: string, { sequence, epochMs, count }: Gone): void {
  const loss = losses.get(intersection) ?? { sinceEpochMs: epochMs, last: 0, count: 0 }
  loss.sinceEpochMs = Math.min(loss.sinceEpochMs, epochMs)
  loss.last = sequence
  loss.count += count
  losses.set(intersection, loss)
}

function gapFrame(epoch: string, intersection: string, { sinceEpochMs, last, count }: Loss): Buffer {
  const row = encodeRow(last, {
    intersection: intersectionId(intersection),
    epochMs: sinceEpochMs,
    code: EVENT.logGap,
    parameter: count,
    source: 'edge',
    deviceSequence: 0,
  })
  return encodeFrame(epoch, last, row)
}
