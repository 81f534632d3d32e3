/** What a controller runs (its timing database), and the limits that no command from outside may break. */
import type { Bits } from '#base/bits.ts'
import type { PatternId } from '#base/id.ts'
import type { Intersection } from './intersection.ts'
import type { Preempt, PriorityStrategy } from './preempt.ts'
import type { Schedule } from './schedule.ts'
import type { TimingPlan } from './timing-plan.ts'
import type { UnitParameters } from './unit.ts'

/** Everything that the configuration hash covers. */
export interface ControllerDatabase {
  readonly intersection: Intersection
  readonly unit: UnitParameters
  readonly plans: readonly TimingPlan[]
  readonly schedule: Schedule
  readonly preempts: readonly Preempt[]
  readonly priorities: readonly PriorityStrategy[]
}

/** Immutable limits of a site for commands; made from the checked configuration at start. */
export interface CommandLimits {
  /** Phases that exist. */
  readonly phases: Bits
  /** Phases that may be omitted at all. */
  readonly omittable: Bits
  /** Preempts and strategies that supervision may call, each by an explicit word of the site. */
  readonly preempts: Bits
  readonly priorities: Bits
  /** Plans that the site has; free and standby are always allowed. */
  readonly patterns: readonly PatternId[]
  /** Floor of the minimum green by phase number (index 0 unused), ms. */
  readonly minGreenMs: readonly number[]
  /** First 32 bits of SHA-256 over the canonical database. */
  readonly configurationHash: number
}
