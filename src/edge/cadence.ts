/** When the next tick is due: every slot of a fixed grid on the monotonic clock, without drift and without piling up. */

export interface Slot {
  /** Place on the grid that began at `originMonoMs`. */
  readonly index: number
  readonly dueMonoMs: number
  /** Slots that went by unused before this one. */
  readonly missed: number
}

export const firstSlot = (originMonoMs: number): Slot => ({ index: 0, dueMonoMs: originMonoMs, missed: 0 })

/**
 * The slot after `slot`. A slot whose whole period has gone by is missed, never caught up: after a stall one tick with
 * fresh values is worth more than ten in a row.
 */
export function nextSlot(slot: Slot, periodMs: number, nowMonoMs: number): Slot {
  const originMonoMs = slot.dueMonoMs - slot.index * periodMs
  const current = Math.floor((nowMonoMs - originMonoMs) / periodMs)
  const index = Math.max(slot.index + 1, current)
  return { index, dueMonoMs: originMonoMs + index * periodMs, missed: index - slot.index - 1 }
}
