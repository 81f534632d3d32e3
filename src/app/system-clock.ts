/** The machine's two clocks, for the parts that are handed a clock. */
import type { Clock } from '#base/clock.ts'

export const systemClock: Clock = {
  monoMs: () => performance.now(),
  epochMs: () => Date.now(),
}

/** What this thread has had of the processor: a machine that is busy with other things makes no decision expensive. */
export function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
