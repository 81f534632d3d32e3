/** Free running on demand: pattern 254, the calls that the controller cannot see, and an earlier gap-out lane by lane. */
import { NO_PHASE_CONTROL, NO_REQUESTS } from '#signal/command.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { Decided } from './decided.ts'
import { explainFree } from './explain.ts'
import { forwardCalls, NO_CALLS_YET, type CallMemory } from './forwarded-calls.ts'
import { gappedPhases, NO_GAPS_YET, watchGaps, type GapMemory } from './lane-gaps.ts'
import { askedPattern, scheduledNow, type Scheduled } from './scheduled.ts'
import type { Strategy } from './strategy.ts'

export interface ActuatedMemory {
  readonly calls: CallMemory
  readonly gaps: GapMemory
  /** What the schedule said last: free operation has its maximum, and leaves its flash to the cabinet. */
  readonly scheduled: Scheduled | null
}

/** Needs no clock and no trusted detector: what it cannot see it calls. */
export const actuated: Strategy<ActuatedMemory> = {
  rung: 'actuated',
  initial: () => ({ calls: NO_CALLS_YET, gaps: NO_GAPS_YET, scheduled: null }),
  decide(view, memory) {
    const calls = forwardCalls(view, memory.calls)
    const signal = view.signal.quality === 'good' ? view.signal.value : null
    const gaps = signal ? watchGaps(view, signal, memory.gaps) : NO_GAPS_YET
    const forceOff = signal ? gappedPhases(view, signal, gaps) : 0
    const { vehicleCall, pedestrianCall } = calls
    const scheduled = scheduledNow(view, memory.scheduled)
    const pattern = askedPattern(scheduled, PATTERN_FREE)
    return new Decided(
      { ...NO_PHASE_CONTROL, ...NO_REQUESTS, pattern, vehicleCall, pedestrianCall, forceOff },
      { calls: calls.memory, gaps, scheduled },
      () => explainFree({ view, gaps, forceOff, recalls: calls.recalls, scheduled }),
    )
  },
}
