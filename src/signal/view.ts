/** What is known of one intersection at one tick; the frozen input of every strategy and of the safety envelope. */
import type { Bits } from '#base/bits.ts'
import type { DetectorId, IntersectionId, PatternId } from '#base/id.ts'
import type { Known } from '#base/known.ts'
import type { LimitsByPlan } from './adaptive-limits.ts'
import type { Intersection } from './intersection.ts'
import type { Outlook } from './outlook.ts'
import type { PriorityStrategy } from './preempt.ts'
import type { Schedule } from './schedule.ts'
import type { SignalStatus, UnitStatus } from './status.ts'
import type { TimingPlan } from './timing-plan.ts'

/** A camera divides its zone into cells of this length, from the stop line upstream, … */
export const ZONE_CELL_M = 10
/** … and has so many of them: beyond 100 m one vehicle hides the next. */
export const ZONE_CELLS = 10

export interface ZoneCell {
  readonly vehicles: number
  /** Mean of those in it; 0 where nobody is. */
  readonly speedMps: number
}

export interface DetectorReading {
  readonly occupied: boolean
  /** Actuations since the device started; wraps at 65,536. */
  readonly actuationCount: number
  /** Of a camera zone, from the stop line upstream; other detectors see no cells. */
  readonly cells?: readonly ZoneCell[]
}

export interface IntersectionView {
  readonly intersection: Intersection
  readonly plans: readonly TimingPlan[]
  readonly schedule: Schedule
  /** The plan that a person has ordered for a special event, whatever the schedule says; none unless given. */
  readonly specialPattern?: PatternId | null
  readonly priorities: readonly PriorityStrategy[]
  readonly nowMonoMs: number
  readonly nowEpochMs: number
  readonly signal: Known<SignalStatus>
  readonly unit: Known<UnitStatus>
  readonly detectors: ReadonlyMap<DetectorId, Known<DetectorReading>>
  /** Push buttons held down that only a card sees, by phase called; 0 where no card has buttons. */
  readonly cardButtons: Known<Bits>
  /** Phases that the site lets supervision omit (`CommandLimits`). */
  readonly omittable: Bits
  /** What the engineer leaves to strategies that choose stages, by plan. */
  readonly adaptiveLimits: LimitsByPlan
  /** What other intersections have said last; those that have not spoken are left out, and most strategies ask for none. */
  readonly neighbours: ReadonlyMap<IntersectionId, Known<Outlook>>
}
