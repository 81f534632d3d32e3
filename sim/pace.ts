/** Keeps a simulation in step with real time: due times are counted from the start, so that late timers do not add up. */

export interface Pace {
  /** Between two steps, ms of the clock below. */
  readonly intervalMs: number
  readonly step: () => void
  /** Monotonic, ms. */
  readonly monoMs: () => number
  /** More was missed than is made up for: `lostMs` of the clock are left out, and the simulation goes on from now. */
  readonly onBehind: (lostMs: number) => void
}

/** Faster, and an edge at ten scans a second would see the street in leaps of more than two seconds. */
export const SPEED_MAX = 20

/** What a garbage collection or a busy machine may cost; longer, and controllers would see the street jump. */
export const CATCH_UP_MS_MAX = 1_000

/** After so long a turn is over: whoever waits for an answer on a socket is served before the simulation goes on. */
const TURN_MS_MAX = 20

/** Steps until the returned function is called. */
export function keepPace({ intervalMs, step, monoMs, onBehind }: Pace): () => void {
  let dueMs = monoMs() + intervalMs
  let timer = setTimeout(tick, intervalMs)
  return () => clearTimeout(timer)

  function tick(): void {
    const nowMs = monoMs()
    const lateMs = nowMs - dueMs
    if (lateMs > CATCH_UP_MS_MAX) {
      dueMs = nowMs
      onBehind(lateMs)
    }
    while (dueMs <= nowMs && monoMs() - nowMs < TURN_MS_MAX) {
      step()
      dueMs += intervalMs
    }
    timer = setTimeout(tick, Math.max(0, dueMs - monoMs()))
  }
}
