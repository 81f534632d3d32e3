/** Looks for the worst lie: half of all tries are drawn anew, half vary one of the worst so far. */
import { nextUniform, randomStream } from '#base/random.ts'
import type { Detector } from '#signal/detector.ts'
import { drawAttack, varyAttack, type Attack } from './attack.ts'

export interface WeighedAttack {
  readonly attack: Attack
  /** Mean delay under it, s. */
  readonly delayS: number
}

export interface AttackSearch {
  readonly detectors: readonly Detector[]
  readonly tries: number
  readonly seed: number
  /** Mean delay of the intersection under the attack, s. */
  readonly weigh: (attack: Attack) => number
  readonly onTry?: (tried: number, worst: WeighedAttack) => void
}

/** Varied are those: one alone may stand on a hill that is not the highest. */
const KEPT = 5

/** Worst first; at least one. */
export function searchAttack({ detectors, tries, seed, weigh, onTry }: AttackSearch): readonly WeighedAttack[] {
  const random = randomStream(seed, 'attacks')
  let worst: readonly WeighedAttack[] = []
  for (let tried = 1; tried <= tries; tried++) {
    const from = worst[Math.floor(nextUniform(random) * worst.length)]
    const isNew = from === undefined || nextUniform(random) < 1 / 2
    const attack = isNew ? drawAttack(random, detectors) : varyAttack(random, from.attack, detectors)
    worst = [...worst, { attack, delayS: weigh(attack) }].toSorted((a, b) => b.delayS - a.delayS).slice(0, KEPT)
    if (worst[0] !== undefined) onTry?.(tried, worst[0])
  }
  return worst
}
