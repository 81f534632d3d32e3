/** Who wants to cross the stop line when, lane by lane: Poisson, but nobody nearer behind another than drivers follow. */
import { nextExponential, randomStream, uniformFor, hashText } from '#base/random.ts'
import type { LaneOfStreet } from './crossings.ts'
import { HEADWAY_MS } from './point-queue.ts'

/** When he would cross if nothing held him up, and how fast he drives. */
export interface Comer {
  readonly atMs: number
  readonly speedMps: number
}

const CRUISE_MPS = (0.9 * 50) / 3.6
/** Drivers differ: the fastest and the slowest from the mean. */
const SPEED_SPREAD = 0.15

/** By lane, ascending. `level`: of capacity. */
export function drawDemand(
  lanes: readonly LaneOfStreet[],
  { level, seed, durationMs }: { readonly level: number; readonly seed: number; readonly durationMs: number },
): Comer[][] {
  return lanes.map(({ id, flowRatio }) => {
    const random = randomStream(seed, `demand of ${id}`)
    const meanMs = HEADWAY_MS / (level * flowRatio) - HEADWAY_MS
    const comers: Comer[] = []
    for (let atMs = 0; ;) {
      atMs += Math.round(HEADWAY_MS + nextExponential(random) * meanMs)
      if (atMs >= durationMs) return comers
      const share = 2 * uniformFor(hashText(`${seed} ${id}`), comers.length) - 1
      comers.push({ atMs, speedMps: CRUISE_MPS * (1 + SPEED_SPREAD * share) })
    }
  })
}
