/** A scenario as the simulator takes it: checked against the site, its times reckoned from the start of the run. */
import type { IntersectionId } from '#base/id.ts'
import type { Bilingual } from '#base/text.ts'
import type { FaultRow } from './fault-rows.ts'
import type { WeatherFactors } from './weathers.ts'

export interface ScenarioConfig {
  /** Of its file, without `.yaml`. */
  readonly key: string
  /** Where its faults are told, such as `config/hamadan/scenarios/rain.yaml`. */
  readonly file: string
  readonly name: Bilingual
  /** IANA name: times of day are those of the city. */
  readonly timeZone: string
  readonly startEpochMs: number
  /** Whether its time of day is true time also when that is found to be another, or goes on from its start whatever happens. */
  readonly clock: 'true' | 'own'
  readonly durationMs: number
  readonly seed: number
  readonly vehicles: VehicleDemand
  /** null: as busy as the streets are with vehicles. */
  readonly pedestrianFactors: TimeCurve | null
  /** Ascending; dry before the first. */
  readonly weather: readonly { readonly fromMs: number; readonly factors: WeatherFactors }[]
  readonly busLines: readonly BusLine[]
  readonly closures: readonly StreetClosure[]
  readonly incidents: readonly LaneIncident[]
  /** Intersections that drivers enter though they cannot leave them. */
  readonly boxBlockedAt: readonly IntersectionId[]
  /** What breaks in the field meanwhile; only a simulation with cabinets plants it. */
  readonly faults: readonly FaultRow[]
}

/** Values at minutes of the day, ascending; straight lines lead from one to the next, and over midnight to the first. */
export type TimeCurve = readonly (readonly [minuteOfDay: number, value: number])[]

export interface VehicleDemand {
  /** Which column of the counts holds from a minute of the day on; null: as the schedule of the city has it. */
  readonly hours: readonly (readonly [minuteOfDay: number, column: string])[] | null
  /** On the counts. */
  readonly factors: TimeCurve
  /** Shares; null: the usual ones. */
  readonly kinds: { readonly lorry: number; readonly bus: number } | null
  readonly flows: readonly VehicleFlow[]
}

/** An approach of the city: its street, or the leg outwards beside it. */
export interface StreetName {
  readonly intersection: IntersectionId
  readonly approach: string
}

export interface VehicleFlow {
  readonly key: string
  readonly from: StreetName | 'everywhere'
  readonly to: StreetName | 'everywhere'
  /** null: the mix of the counts. */
  readonly kind: 'car' | 'lorry' | 'bus' | 'emergency' | null
  readonly perHour: TimeCurve
  /** And one vehicle at each of these, ascending. */
  readonly atMs: readonly number[]
}

export interface BusLine {
  readonly key: string
  readonly from: StreetName
  readonly to: StreetName
  readonly firstMinuteOfDay: number
  readonly lastMinuteOfDay: number
  readonly headwayMinutes: number
  readonly stops: readonly {
    readonly street: StreetName
    readonly beforeStopLineM: number
    readonly dwellMs: number
  }[]
}

export interface StreetClosure {
  readonly key: string
  readonly street: StreetName
  readonly fromMs: number
  readonly untilMs: number
}

export interface LaneIncident {
  readonly key: string
  readonly street: StreetName
  /** As in the network file: `S1`. */
  readonly lane: string
  /** To its downstream end. */
  readonly beforeStopLineM: number
  readonly lengthM: number
  readonly fromMs: number
  readonly untilMs: number
}

export const streetText = ({ intersection, approach }: StreetName): string => `${intersection}.${approach}`
