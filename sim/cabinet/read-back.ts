/** What is wrong between the lamps and what the controller tells of them: an output whose green, once lit, reads lit for good. */
import { withBit, withoutBit, type Bits } from '#base/bits.ts'
import type { ChannelId } from '#base/id.ts'
import type { PointSource } from '#devices/device.ts'
import { CHANNEL } from '#devices/point-numbers.ts'
import { emptyRow, type FilledRow } from '#devices/point-row.ts'
import { numberOf, type PointName } from '#devices/points.ts'
import type { FilledSource } from './controller-points.ts'

/** The lamps and the cabinet's own monitor know nothing of it: the street stays as it is. */
export class ReadBack {
  #sticking: Bits = 0
  /** Sticking, or freed since, and not truly green since then: a green that ends on the wire has ended as every green does. */
  #stuck: Bits = 0

  /** From its next green on. */
  stick(channel: ChannelId): void {
    this.#sticking = withBit(this.#sticking, channel)
  }

  /** From its next green on it reads as it is. */
  free(channel: ChannelId): void {
    this.#sticking = withoutBit(this.#sticking, channel)
  }

  /** The controller as it is read. */
  over(source: FilledSource): PointSource {
    const fill = (row: FilledRow): void => {
      source.fill(row)
      this.#bend(row)
    }
    const row = emptyRow()
    return {
      ...source,
      fill,
      readPoint(name) {
        if (!BENT.has(name)) return source.readPoint(name)
        fill(row)
        return row[numberOf(name)] ?? 0
      },
    }
  }

  #bend(row: FilledRow): void {
    if ((this.#sticking | this.#stuck) === 0) return
    const greens = Number(row[CHANNEL.greens])
    this.#stuck = ((this.#sticking & (this.#stuck | greens)) | (~this.#sticking & this.#stuck & ~greens)) >>> 0
    row[CHANNEL.greens] = (greens | this.#stuck) >>> 0
    row[CHANNEL.yellows] = (Number(row[CHANNEL.yellows]) & ~this.#stuck) >>> 0
    row[CHANNEL.reds] = (Number(row[CHANNEL.reds]) & ~this.#stuck) >>> 0
  }
}

const BENT: ReadonlySet<PointName> = new Set(['channel.greens', 'channel.yellows', 'channel.reds'])
