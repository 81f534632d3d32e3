/** A strategy over our own city, as the edge runs it: best rung of the ladder, with the others below. */
import { ladderOf } from '#sim/closed-loop/ladders.ts'
import { closeLoop, type ClosedLoop } from '#sim/closed-loop/close-loop.ts'
import type { Strategy } from '#control/strategy.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'

/** In the morning peak. */
export async function openCity(strategy: Strategy<unknown>, seed: number): Promise<ClosedLoop> {
  const below = (ladderOf('adaptive') ?? []).filter(({ rung }) => rung !== strategy.rung)
  return closeLoop({
    site: await loadHamadan(),
    profiles: await loadProfiles(),
    seed,
    epochMs: MORNING_EPOCH_MS,
    strategies: [strategy, ...below],
  })
}
