/** Central's time as a page knows it, and ages measured with it. */

/** The least delayed of this many heartbeats tells the time best. */
const OFFSETS_KEPT = 9

/** One reading of both clocks. `monoMs` counts from the same start in every tab and worker of the browser. */
export interface Instant {
  readonly serverEpochMs: number
  readonly monoMs: number
}

/** Central's clock minus ours. A delayed heartbeat makes it too small, never too large: the largest is the best. */
export class ServerOffset {
  readonly #offsets: number[] = []

  add(serverEpochMs: number, ownEpochMs: number): void {
    this.#offsets.push(serverEpochMs - ownEpochMs)
    if (this.#offsets.length > OFFSETS_KEPT) this.#offsets.shift()
  }

  /** 0 before the first heartbeat. */
  get ms(): number {
    return this.#offsets.length === 0 ? 0 : Math.max(...this.#offsets)
  }
}

export interface Sampled {
  readonly sampledAtEpochMs: number
  readonly receivedAtMonoMs: number
}

/** By both clocks, whichever says older: a clock that is set back never makes a value look fresh. */
export function ageMs({ sampledAtEpochMs, receivedAtMonoMs }: Sampled, now: Instant): number {
  return Math.max(0, now.serverEpochMs - sampledAtEpochMs, now.monoMs - receivedAtMonoMs)
}
