/** Whether a device that answers lives: its clock goes on. One that merely repeats itself would have its last values taken for live. */
import { UNIT } from '#devices/point-numbers.ts'
import { asRow } from '#devices/point-row.ts'
import type { PointImage, PointValue } from '#devices/points.ts'

/** What goes on in every controller, and in every card that tells it. */
const CLOCKS = [UNIT.clockEpochMs, UNIT.uptimeMs]

/** A clock that counts in whole seconds stands still for one of them; a tick or two of ours more. */
const FROZEN_MS = 1_500
/** Nor is it the device that stands still, where it is we who have not asked. */
const FROZEN_ANSWERS = 5

export interface Heartbeat {
  /** As the clocks stood last; empty where the device has none. */
  readonly clocks: readonly PointValue[]
  /** When they were first seen to stand so, and in how many answers since. */
  readonly sinceMonoMs: number
  readonly answers: number
}

export const NO_HEARTBEAT: Heartbeat = { clocks: [], sinceMonoMs: 0, answers: 0 }

/** One answer. */
export function stepHeartbeat(before: Heartbeat, points: PointImage, readAtMonoMs: number): Heartbeat {
  const { clocks, sinceMonoMs, answers } = before
  const now = clocksIn(points)
  return areSame(now, clocks)
    ? { clocks, sinceMonoMs, answers: answers + 1 }
    : { clocks: now, sinceMonoMs: readAtMonoMs, answers: 1 }
}

/** Nothing that such a device says is as young as its answer. A device without a clock never is. */
export const isFrozen = ({ clocks, sinceMonoMs, answers }: Heartbeat, readAtMonoMs: number): boolean =>
  clocks.length > 0 && answers >= FROZEN_ANSWERS && readAtMonoMs - sinceMonoMs >= FROZEN_MS

function clocksIn(points: PointImage): readonly PointValue[] {
  const clocks: PointValue[] = []
  const { row } = asRow(points)
  for (const point of CLOCKS) {
    const clock = row[point]
    if (clock !== undefined) clocks.push(clock)
  }
  return clocks
}

function areSame(a: readonly PointValue[], b: readonly PointValue[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
