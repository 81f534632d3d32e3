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

/** What a garbage collection or a busy machine may cost; longer, and controllers would see the street jump. */
export const CATCH_UP_MS_MAX = 1_000

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
    for (; dueMs <= nowMs; dueMs += intervalMs) step()
    timer = setTimeout(tick, Math.max(0, dueMs - monoMs()))
  }
}
