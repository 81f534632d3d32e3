/** What the phases of all rings show at this moment, as overlaps look at them. */
import type { Bits } from '#base/bits.ts'
import type { Ring } from '../rings/ring.ts'

export interface PhasesNow {
  greens: Bits
  yellows: Bits
  redAmbers: Bits
  /** On, and green soon: red-amber and leading pedestrian interval. */
  coming: Bits
  /** From their first interval to the end of red clearance. */
  ons: Bits
  /** What the rings have committed themselves to. */
  nexts: Bits
  walks: Bits
  pedClears: Bits
}

export const nothingYet = (): PhasesNow => ({
  greens: 0,
  yellows: 0,
  redAmbers: 0,
  coming: 0,
  ons: 0,
  nexts: 0,
  walks: 0,
  pedClears: 0,
})

/** Written over at every step: it would be garbage ten times a second. */
export function lookAtPhases(now: PhasesNow, rings: readonly Ring[]): void {
  now.greens = now.yellows = now.redAmbers = now.coming = 0
  now.ons = now.nexts = now.walks = now.pedClears = 0
  for (const { phase, next, interval, pedestrians } of rings) {
    if (next !== null) now.nexts |= next.bit
    if (phase === null) continue
    now.ons |= phase.bit
    if (interval === 'green') now.greens |= phase.bit
    else if (interval === 'yellow') now.yellows |= phase.bit
    else if (interval !== 'redClear') now.coming |= phase.bit
    if (interval === 'redAmber') now.redAmbers |= phase.bit
    if (pedestrians === 'walk') now.walks |= phase.bit
    else if (pedestrians === 'clearance') now.pedClears |= phase.bit
  }
}

/** A ring that has ended one of these phases goes on to another of them: who is green with both stays green between. */
export function bridges(rings: readonly Ring[], phases: Bits): boolean {
  for (const { phase, previous, next } of rings) {
    const ended = phase ?? previous
    if (ended !== null && next !== null && (ended.bit & phases) !== 0 && (next.bit & phases) !== 0) return true
  }
  return false
}
