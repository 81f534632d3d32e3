/** Whether the sources behind a server live: one that stamps every reading anew, and then no more, hands out what it kept. */

/** So many readings in a row, each with a stamp of its own, and the server is one that stamps what it reads, changed or not. */
const STAMPED_READINGS = 20
/** A reading or two may fall between two samples of the server's. */
const FROZEN_READINGS = 5
const FROZEN_MS = 1_500

interface Source {
  stampMs: number
  /** Since when, and in how many readings, the stamp is this one. */
  sinceMonoMs: number
  readings: number
  /** Stamps in a row that were read once each. */
  moved: number
}

/**
 * Of one device, over all its sessions: what froze is not thawed by another session. Servers that stamp only what changes (OPC UA
 * part 4, 7.7.3, leaves it to them) are never taken for frozen; of those the device's clock tells.
 */
export class SourceWatch {
  readonly #sources = new Map<string, Source>()

  /** One reading of a node. True where its source stands still. */
  isFrozen(node: string, stamp: Date | null | undefined, nowMonoMs: number): boolean {
    if (!stamp) return false
    const stampMs = stamp.getTime()
    const source = this.#sources.get(node)
    if (source?.stampMs !== stampMs) {
      this.#sources.set(node, { stampMs, sinceMonoMs: nowMonoMs, readings: 1, moved: movedOf(source) })
      return false
    }
    source.readings++
    if (source.moved < STAMPED_READINGS) return false
    return source.readings >= FROZEN_READINGS && nowMonoMs - source.sinceMonoMs >= FROZEN_MS
  }
}

/** Once it is known to stamp each reading it stays known. */
function movedOf(source: Source | undefined): number {
  if (source === undefined) return 0
  return source.moved >= STAMPED_READINGS || source.readings === 1 ? source.moved + 1 : 0
}
