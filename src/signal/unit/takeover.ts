/** When a controller may take over another timing of its street: while no phase is on, and none waits on a preempt. */
import { areAllRed } from '../overlaps/standing.ts'
import type { Sequencer } from '../rings/sequencing.ts'
import type { Unit, UnitStreet } from './stages.ts'

/** All red, or flash: whatever was green has been served and cleared by the timing that it began with. */
export function isClear({ rings, overlaps }: Pick<UnitStreet, 'rings' | 'overlaps'>): boolean {
  for (const { phase } of rings) if (phase !== null) return false
  return areAllRed(overlaps)
}

export const mayTakeOver = (street: UnitStreet): boolean => street.preemption.active === null && isClear(street)

/** Greens that rest, while nobody waits, may be ended for it: nobody loses what he was given. */
export function isAtRest({ rings, called, target }: Sequencer): boolean {
  if (called !== 0 || target !== 0) return false
  for (const { phase, mayEnd, next } of rings) if (next !== null || (phase !== null && mayEnd === 'none')) return false
  return true
}

/** The flash, or the all red, goes on where it was; a street that was running waits for as long as after a flash. */
export function carryStage(from: Unit, to: Unit): void {
  const running = from.stage !== 'flash' && from.stage !== 'allRed'
  to.stage = running ? 'allRed' : from.stage
  to.stageMs = running ? 0 : from.stageMs
  to.cause = from.cause
  to.logged = from.logged
  // A street that was running goes on with whoever is called first.
  to.starts = running ? 0 : from.starts
}
