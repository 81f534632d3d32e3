/** The plan of the day: the pattern that the site's schedule asks for, and the calls that the controller cannot see. */
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { patternAt } from '#signal/schedule-clock.ts'
import { explainPlan } from './explain.ts'
import { forwardCalls, NO_CALLS_YET, type CallMemory } from './forwarded-calls.ts'
import { NO_GAPS_YET, watchGaps, type GapMemory } from './lane-gaps.ts'
import type { Strategy } from './strategy.ts'

export interface CoordinatedMemory {
  readonly calls: CallMemory
  /** Watched for the why line only: in a plan the controller ends its greens itself. */
  readonly gaps: GapMemory
}

export const coordinated: Strategy<CoordinatedMemory> = {
  rung: 'coordinated',
  initial: () => ({ calls: NO_CALLS_YET, gaps: NO_GAPS_YET }),
  decide(view, memory) {
    const pattern = patternAt(view.schedule, view.nowEpochMs)
    const calls = forwardCalls(view, memory.calls)
    const gaps = view.signal.quality === 'good' ? watchGaps(view, view.signal.value, memory.gaps) : NO_GAPS_YET
    const { vehicleCall, pedestrianCall } = calls
    return {
      command: { ...NO_PHASE_CONTROL, pattern, vehicleCall, pedestrianCall },
      memory: { calls: calls.memory, gaps },
      why: explainPlan(pattern, { view, gaps, forceOff: 0, recalls: calls.recalls }),
    }
  },
}
