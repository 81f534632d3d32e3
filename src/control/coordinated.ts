/** The plan of the day: the pattern that the site's schedule asks for, and the calls that the controller cannot see. */
import { NO_PHASE_CONTROL, NO_REQUESTS } from '#signal/command.ts'
import { Decided } from './decided.ts'
import { explainPlan } from './explain.ts'
import { forwardCalls, NO_CALLS_YET, type CallMemory } from './forwarded-calls.ts'
import { NO_GAPS_YET, watchGaps, type GapMemory } from './lane-gaps.ts'
import { askedPattern, scheduledNow, type Scheduled } from './scheduled.ts'
import type { Strategy } from './strategy.ts'

export interface CoordinatedMemory {
  readonly calls: CallMemory
  /** Watched for the why line only: in a plan the controller ends its greens itself. */
  readonly gaps: GapMemory
  /** What the schedule said last. */
  readonly scheduled: Scheduled | null
}

export const coordinated: Strategy<CoordinatedMemory> = {
  rung: 'coordinated',
  initial: () => ({ calls: NO_CALLS_YET, gaps: NO_GAPS_YET, scheduled: null }),
  decide(view, memory) {
    const scheduled = scheduledNow(view, memory.scheduled)
    const pattern = askedPattern(scheduled, scheduled.pattern)
    const calls = forwardCalls(view, memory.calls)
    const gaps = view.signal.quality === 'good' ? watchGaps(view, view.signal.value, memory.gaps) : NO_GAPS_YET
    const { vehicleCall, pedestrianCall } = calls
    return new Decided(
      { ...NO_PHASE_CONTROL, ...NO_REQUESTS, pattern, vehicleCall, pedestrianCall },
      { calls: calls.memory, gaps, scheduled },
      () => explainPlan({ view, gaps, forceOff: 0, recalls: calls.recalls, scheduled }),
    )
  },
}
