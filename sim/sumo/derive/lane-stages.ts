/** Which stage the detectors of a lane call, and which stages must come round because no detector calls them. */
import type { Movement } from './movements.ts'
import { isGreen, type Stage } from './stages.ts'

/** Index of the stage that serves most ways of the lane, with most priority, for the longest; null where none does. */
export function stageOfLane(movements: readonly Movement[], stages: readonly Stage[]): number | null {
  const worth = stages.map(({ state, greenMs }) => {
    const letters = movements.map(({ link }) => state[link])
    return [letters.filter(isGreen).length, letters.filter((letter) => letter === 'G').length, greenMs] as const
  })
  const best = worth.reduce((most, next) => (isMore(next, most) ? next : most), [0, 0, 0] as const)
  return best[0] === 0 ? null : worth.indexOf(best)
}

/** Stages with a way that has its best green nowhere among the called ones; a turn back to where one came from needs none. */
export function uncalledStages(
  movements: readonly Movement[],
  stages: readonly Stage[],
  called: ReadonlySet<number>,
): ReadonlySet<number> {
  const served = new Set(called)
  for (const { link, direction, onFoot } of movements) {
    const letters = stages.map(({ state }) => state[link])
    const best = letters.includes('G') && direction !== 'turn' && !onFoot ? 'G' : 'g'
    const good = letters.flatMap((letter, stage) =>
      letter === best || (best === 'g' && isGreen(letter)) ? [stage] : [],
    )
    const [first] = good
    if (first !== undefined && !good.some((stage) => served.has(stage))) served.add(first)
  }
  return served.difference(called)
}

function isMore(a: readonly number[], b: readonly number[]): boolean {
  const first = a.findIndex((value, index) => value !== b[index])
  return first >= 0 && (a[first] ?? 0) > (b[first] ?? 0)
}
