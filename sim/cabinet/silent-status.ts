/** What is read of a controller that has nothing to run, or no power: no phase is on, no lamp is lit. */
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'

export const SILENT: SignalStatus = {
  reds: 0,
  yellows: 0,
  greens: 0,
  redAmbers: 0,
  walks: 0,
  pedClears: 0,
  dontWalks: 0,
  vehicleCalls: 0,
  pedestrianCalls: 0,
  phaseOns: 0,
  phaseNexts: 0,
  overlapReds: 0,
  overlapYellows: 0,
  overlapGreens: 0,
  overlapFlashes: 0,
  channelReds: 0,
  channelYellows: 0,
  channelGreens: 0,
  rings: [],
  coordination: { pattern: PATTERN_FREE, cycleMs: 0, localCycleMs: 0, offsetMs: 0, transition: 'free' },
  preempt: { number: 0, state: 'none', calls: 0, priorityCalls: 0, priorityActive: 0 },
  flash: 'none',
}
