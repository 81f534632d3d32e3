/** The machine's two clocks, for the parts that are handed a clock. */
import type { Clock } from '#base/clock.ts'

export const systemClock: Clock = {
  monoMs: () => performance.now(),
  epochMs: () => Date.now(),
}
