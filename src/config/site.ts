/** A whole site as it is read from /config: checked whole, then frozen. */
import type { EdgeId, IntersectionId } from '#base/id.ts'
import type { Bilingual } from '#base/text.ts'
import type { LimitsByPlan } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { DetectorWatch } from '#signal/detector-watch.ts'
import type { ConfigFault } from './config-fault.ts'
import type { LadderRung } from './site-file.ts'

export interface DeviceConfig {
  /** Name inside the intersection: `controller`, or a card such as `loops`. */
  readonly name: string
  /** File name under `devices/profiles`, without `.yaml`. */
  readonly profile: string
  readonly address: { readonly host: string; readonly port: number; readonly unit: number }
}

/** Demand that the simulator puts on one approach. */
export interface ApproachDemand {
  /** Approach id of the intersection. */
  readonly approach: string
  /** Vehicles per hour that enter the network here, by plan key; 0 where an upstream intersection feeds the approach. */
  readonly vehiclesPerHour: ReadonlyMap<string, number>
  /** Sum 1. */
  readonly turnShares: { readonly left: number; readonly through: number; readonly right: number }
  /** In the busiest hour. */
  readonly pedestriansPerHour: number
}

export interface IntersectionConfig {
  readonly database: ControllerDatabase
  readonly limits: CommandLimits
  /** For strategies that choose stages; the controller knows nothing of them. */
  readonly adaptiveLimits: LimitsByPlan
  readonly controller: DeviceConfig
  /** Loop cards and camera detectors of the cabinet that are devices of their own. */
  readonly cards: readonly DeviceConfig[]
  readonly demand: readonly ApproachDemand[]
}

export interface EdgeConfig {
  readonly id: EdgeId
  readonly intersections: readonly IntersectionId[]
}

export interface SiteConfig {
  readonly id: string
  readonly name: Bilingual
  readonly timeZone: string
  /** Ways of control, best first. */
  readonly ladder: readonly LadderRung[]
  /** When the edge does not believe a detector any more; the usual limits, if left out. */
  readonly detectorWatch?: DetectorWatch
  readonly edges: readonly EdgeConfig[]
  readonly intersections: readonly IntersectionConfig[]
  /** What falls short of the standards, and may by the city's own word. */
  readonly warnings: readonly ConfigFault[]
}
