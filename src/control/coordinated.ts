/** The plan of the day: the pattern that the site's schedule asks for, and the calls that the controller cannot see. */
import type { PatternId } from '#base/id.ts'
import { NO_PHASE_CONTROL, NO_REQUESTS } from '#signal/command.ts'
import { patternAt } from '#signal/calendar/schedule-clock.ts'
import { explainPlan } from './explain.ts'
import { forwardCalls, NO_CALLS_YET, type CallMemory } from './forwarded-calls.ts'
import { NO_GAPS_YET, watchGaps, type GapMemory } from './lane-gaps.ts'
import type { Strategy } from './strategy.ts'

const MINUTE_MS = 60_000

export interface CoordinatedMemory {
  readonly calls: CallMemory
  /** Watched for the why line only: in a plan the controller ends its greens itself. */
  readonly gaps: GapMemory
  /** What the schedule said last; it speaks in whole minutes, which are the same in every time zone. */
  readonly scheduled: { readonly minute: number; readonly pattern: PatternId } | null
}

export const coordinated: Strategy<CoordinatedMemory> = {
  rung: 'coordinated',
  initial: () => ({ calls: NO_CALLS_YET, gaps: NO_GAPS_YET, scheduled: null }),
  decide(view, memory) {
    const minute = Math.floor(view.nowEpochMs / MINUTE_MS)
    const known = memory.scheduled?.minute === minute ? memory.scheduled : null
    const scheduled = known ?? { minute, pattern: patternAt(view.schedule, view.nowEpochMs) }
    const { pattern } = scheduled
    const calls = forwardCalls(view, memory.calls)
    const gaps = view.signal.quality === 'good' ? watchGaps(view, view.signal.value, memory.gaps) : NO_GAPS_YET
    const { vehicleCall, pedestrianCall } = calls
    return {
      command: { ...NO_PHASE_CONTROL, ...NO_REQUESTS, pattern, vehicleCall, pedestrianCall },
      memory: { calls: calls.memory, gaps, scheduled },
      why: explainPlan(pattern, { view, gaps, forceOff: 0, recalls: calls.recalls }),
    }
  },
}
