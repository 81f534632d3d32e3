/** The one shape of every strategy: a pure step from what is known to what is asked, with its reason. */
import type { SupervisoryCommand } from '#signal/command.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import type { Learnt } from './learnt.ts'

/**
 * Rungs of the ladder, as most cities have them, best first; `released` is the controller's own plan. An edge stands only on
 * those that it has strategies for, and in the order in which it has them.
 */
export const RUNGS = ['adaptive', 'maxPressure', 'coordinated', 'actuated', 'fixed', 'released'] as const
export type Rung = (typeof RUNGS)[number]
/** A rung that a strategy stands on. */
export type Commanding = Exclude<Rung, 'released'>

/** In the parameters of our private events (`src/edge/edge-events.ts`): never given twice. */
export const RUNG_NUMBERS: Readonly<Record<Rung, number>> = {
  coordinated: 0,
  actuated: 1,
  released: 2,
  maxPressure: 3,
  fixed: 4,
  adaptive: 5,
}

/** Why this command, or why no higher rung: a code that the pages write out in Persian and English, and its numbers. */
export interface Reason {
  readonly code: ReasonCode
  readonly phase?: number
  readonly numbers: Readonly<Record<string, number>>
}

/** The order numbers the reasons in the parameters of our private events (`src/edge/edge-events.ts`): append only. */
export const REASON_CODES = [
  // Decisions of a strategy.
  'PLAN_BY_SCHEDULE', // numbers: pattern, cycleMs, localCycleMs
  'EXTENDING_FOR_VEHICLE', // phase; numbers: elapsedMs, detector; maxMs where a maximum is in effect, forceOffInMs in a plan
  'SERVING_CALL', // phase; numbers: elapsedMs, minMs
  'RESTING', // phase, none where all rest in red; no call anywhere
  'CHANGING', // phase that ends; numbers: elapsedMs
  'COORDINATED_GREEN', // phase; numbers: localCycleMs, yieldMs, cycleMs
  'CLEARING_PEDESTRIANS', // phase; numbers: elapsedMs, clearMs
  'WAITING_FOR_GAP', // phase; numbers: elapsedMs, gapMs, passageMs; minGapMs with gap reduction, maxMs and forceOffInMs likewise
  'LANES_HAVE_GAPPED', // phase that is forced off: each lane has had its gap; numbers: elapsedMs
  'DETECTOR_ON_RECALL', // phase that is called because its detector is not trusted; numbers: detector
  // Why supervision stands where it stands.
  'IMAGE_NOT_FRESH', // numbers: ageMs, -1 = never read
  'CABINET_NOT_AVAILABLE', // numbers: controlStatus (index of CONTROL_STATUSES), flashCause (index of FLASH_CAUSES)
  'TIMING_NOT_APPROVED', // numbers: running, approved (configuration hashes)
  'CLOCK_DRIFT', // numbers: driftMs
  'LOCAL_CYCLE_FIRST', // the controller has yet to complete a cycle of its own
  'LEASE_HELD_BY_ANOTHER', // numbers: epoch
  'LEASE_LOST', // numbers: epoch
  'LEASE_REFUSED', // numbers: code (index of LEASE_REFUSALS)
  'EDGE_STALLED', // numbers: gapMs
  'STRATEGY_FAILED', // numbers: rung; it threw, or the envelope kept refusing it
  'PROVING', // all is well and must stay so for a while; numbers: remainingMs
  // Decisions of a strategy, where somebody else's come first.
  'PREEMPT_SERVED', // numbers: preempt, state (index of PREEMPT_STATES)
  'PRIORITY_SERVED', // phase that stays green for the vehicle, none while it waits for its green; numbers: strategy
  'LEADING_WALK', // phase whose pedestrians walk before its vehicles; numbers: elapsedMs, leadMs
  'FLASH_BY_SCHEDULE', // the cabinet begins the flash itself
  // Decisions of a strategy that chooses the next stage; pressures in hundredths of a vehicle.
  'PRESSURE_HOLDS', // phase that stays green, of the stage that presses most; numbers: elapsedMs, pressure, next (pressure of the next best stage)
  'PRESSURE_CHANGES', // phase that comes next; numbers: pressure, left (pressure of the stage that ends)
  'WAITED_LONGEST', // phase that is served next because somebody has waited up to the bound; numbers: waitedMs, mostMs
  // Decisions of the adaptive strategy; costs in whole vehicle-seconds over the horizon, the best two ways to go on.
  'PLAN_HOLDS', // phase that stays green; numbers: elapsedMs, cost, other (cost of the best change)
  'PLAN_CHANGES', // phase that comes next; numbers: elapsedMs (of the stage that ends), cost, other (cost of holding)
  // Why supervision stands where it stands, where strategies that choose stages are concerned.
  'NOT_ALLOWED_BY_PLAN', // the plan of the hour leaves them no place; numbers: pattern
  // A decision of theirs.
  'CYCLE_RUNS_OUT', // phase that comes next, for the longest cycle that the engineer allows; numbers: sinceMs (its last green began), mostMs
  // Why supervision stands where it stands: what a strategy needs, and what it is held against.
  'PHASE_NOT_SEEN', // phase, the lowest, of which no detector is trusted; numbers: unseen (phases), of (phases with lanes)
  'DECIDES_TOO_SLOWLY', // numbers: rung, overruns, mostMs (the longest of them)
  'OUTDONE_BY_SIMPLER', // numbers: rung (the simpler one), delayMs (a vehicle), simplerMs (under that one, in no less traffic)
  'SIMPLER_IS_MEASURED', // a simpler rung has not been measured in this traffic yet; numbers: rung (that one), forMs
  // A decision of a strategy that chooses the next stage.
  'JUNCTION_CLEARED', // phase that comes next, so that those who turn left, and who is stuck behind them, get out of the junction; numbers: stuckMs
  // Why supervision stands where it stands: what the edge has seen of the street, and of itself.
  'STREET_NOT_SOUND', // numbers: check (1 displayedConflict, 2 dualIndication, 3 missingRed, 4 shortYellow, 5 skippedClearance, 6 stuckLease), channel, the lowest, 0 = none
  'EDGE_CRASHED', // numbers: crashes (in a row), remainingMs
  // Why supervision stands where it stands: what people have ordered.
  'RELEASED_BY_ORDER',
  'HELD_BY_ORDER', // numbers: rung (the highest that may be stood on)
  // A decision of a strategy that chooses the next stage.
  'SWING_DAMPED', // phase that stays green though another stage would be better, for turn after turn nobody had any good of it; numbers: elapsedMs, turns (by how many they outnumber the others)
] as const
export type ReasonCode = (typeof REASON_CODES)[number]

export interface Decision<Memory> {
  readonly command: SupervisoryCommand
  readonly memory: Memory
  readonly why: Reason
  /** For the neighbours, about once a second; strategies that look no further than their own stop lines give none. */
  readonly outlook?: Outlook | null
}

/** Memory is plain data that can be logged and replayed. */
export interface Strategy<Memory> {
  readonly rung: Commanding
  /** `learnt`: what this or another rung has learnt of the street by now, before a restart too; one that learns nothing has no use for it. */
  initial(learnt?: Learnt): Memory
  /** What is worth keeping of it for whoever begins next. */
  learnt?(memory: Memory): Learnt
  decide(view: IntersectionView, memory: Memory): Decision<Memory>
}

/** Vehicles that wait in one lane, as counted between its loops. */
export interface LaneQueue {
  readonly lane: string
  readonly vehicles: number
}

/** How many vehicles wait, lane by lane: a pure step like a strategy, and beside it. Lanes that are not known are left out. */
export interface QueueEstimator<Memory> {
  initial(): Memory
  step(view: IntersectionView, memory: Memory): { readonly queues: readonly LaneQueue[]; readonly memory: Memory }
}
