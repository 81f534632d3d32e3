/** The longest green against somebody who waits: maximum 1 or 2, and how it moves with the traffic. */
import { at } from '#base/at.ts'
import { NUMBERED } from '../conflicts.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { Ring } from './ring.ts'

/** 0: none ends a green, as in a plan whose force-offs do. */
export type MaximumInEffect = 0 | 1 | 2

export interface Maximums {
  inEffect: MaximumInEffect
  /** By phase number: how far the dynamic maximum has moved from the one in effect. */
  readonly shiftsMs: number[]
  /** By phase number: max-outs in a row; gap-outs in a row are negative. */
  readonly rows: number[]
}

/** Two of a kind in a row move the maximum: one alone may be chance (NTCIP 1202 2.2.2.19). */
const ROW = 2

export const createMaximums = (): Maximums => ({
  inEffect: 1,
  shiftsMs: Array.from({ length: NUMBERED }, () => 0),
  rows: Array.from({ length: NUMBERED }, () => 0),
})

/** Another maximum takes effect: the dynamic ones begin anew from it. */
export function takeMaximum(
  maximums: Maximums,
  inEffect: MaximumInEffect,
  rings: readonly Ring[],
  emit: EmitEvent,
): void {
  if (inEffect === maximums.inEffect) return
  maximums.inEffect = inEffect
  maximums.shiftsMs.fill(0)
  maximums.rows.fill(0)
  for (const ring of rings) announceMaximum(maximums, ring, emit)
}

/** What the green of a phase may last while somebody waits; Infinity where no maximum is in effect. */
export function maximumMs(maximums: Maximums, { number, timing }: PhaseLayout): number {
  if (maximums.inEffect === 0) return Infinity
  return normalMs(maximums.inEffect, timing) + at(maximums.shiftsMs, number)
}

export const isMaxedOut = (maximums: Maximums, ring: Ring, phase: PhaseLayout): boolean =>
  ring.maxRuns && ring.maxMs >= maximumMs(maximums, phase)

/** Codes 50 and 51: which maximum runs, told as it begins to, with code 2. */
export function announceMaximum({ inEffect }: Maximums, ring: Ring, emit: EmitEvent): void {
  if (ring.phase === null || ring.interval !== 'green' || !ring.maxRuns || inEffect === 0) return
  emit(inEffect === 1 ? EVENT.maximum1 : EVENT.maximum2, ring.phase.number)
}

/** Code 52 where the shorter of the dynamic maximum and the one in effect is over: from here on the dynamic one decides. */
export function noteDynamicMaximum(maximums: Maximums, ring: Ring, elapsedMs: number, emit: EmitEvent): void {
  const { phase, maxMs } = ring
  if (phase === null || ring.interval !== 'green' || !ring.maxRuns) return
  const shiftMs = at(maximums.shiftsMs, phase.number)
  if (shiftMs === 0) return
  const shorterMs = maximumMs(maximums, phase) - Math.max(0, shiftMs)
  if (maxMs >= shorterMs && maxMs - elapsedMs < shorterMs) emit(EVENT.dynamicMax, phase.number)
}

/** A green has ended: two max-outs in a row lengthen the maximum by a step, two gap-outs shorten it (codes 53, 54). */
export function learnFromGreen(maximums: Maximums, { phase, termination }: Ring, emit: EmitEvent): void {
  if (phase === null || phase.timing.dynamicMaxStepMs === 0 || phase.maximumRecall) return
  const row = at(maximums.rows, phase.number)
  if (termination === 'maxOut') maximums.rows[phase.number] = Math.max(row, 0) + 1
  else if (termination === 'gapOut') maximums.rows[phase.number] = Math.min(row, 0) - 1
  else maximums.rows[phase.number] = 0
  moveMaximum(maximums, phase, emit)
}

/** A step that would pass the maximum in effect, or the limit, is not taken (NTCIP 1202 2.2.2.18–19). */
function moveMaximum(maximums: Maximums, phase: PhaseLayout, emit: EmitEvent): void {
  const { inEffect, rows, shiftsMs } = maximums
  const row = at(rows, phase.number)
  if (inEffect === 0 || Math.abs(row) < ROW) return
  const { dynamicMaxLimitMs, dynamicMaxStepMs } = phase.timing
  const farthestMs = dynamicMaxLimitMs - normalMs(inEffect, phase.timing)
  const shiftMs = at(shiftsMs, phase.number) + Math.sign(row) * dynamicMaxStepMs
  if (shiftMs < Math.min(0, farthestMs) || shiftMs > Math.max(0, farthestMs)) return
  shiftsMs[phase.number] = shiftMs
  emit(row > 0 ? EVENT.dynamicMaxUp : EVENT.dynamicMaxDown, phase.number)
}

const normalMs = (inEffect: 1 | 2, { max1Ms, max2Ms }: PhaseLayout['timing']): number =>
  inEffect === 1 ? max1Ms : max2Ms
