/** What a run has shown: the delay of everybody who wanted to leave, and what each light did for it. */
import { explainLightFault, type LightFault } from '../derive/light-fault.ts'
import type { Safety, Trips } from './trips.ts'
import type { ShownGreens } from './light-record.ts'

export interface LightReport {
  readonly id: string
  readonly stages: number
  readonly greens: number
  readonly meanCycle_s: number | null
  readonly shortestCycle_s: number | null
  readonly longestCycle_s: number | null
  readonly longestWait_s: number
  /** Faults of ours, each with its cause: the monitor took the lamps, or the program stopped. */
  readonly monitorTrips: readonly string[]
  readonly refusedCommands: readonly string[]
  /** Where the controller runs something else than the network's own program says. */
  readonly notes: readonly string[]
}

/** Why a run was over. */
export type Ending = 'end' | 'everybody has left' | 'nothing moves any more' | 'longest run' | 'interrupted'

export interface SumoReport {
  readonly scenario: string
  readonly strategy: string
  readonly detectors: string
  /** Whether lights told each other what they do: `on` or `off`. */
  readonly neighbours: string
  readonly seed: number
  readonly begin_s: number
  readonly end_s: number
  readonly stepLength_s: number
  readonly ending: Ending
  /** SUMO's mean time loss and departure delay over all who wanted to leave; null where nobody did. */
  readonly meanDelay_s: number | null
  readonly meanTimeLoss_s: number | null
  readonly meanDepartDelay_s: number | null
  readonly meanWaiting_s: number | null
  readonly meanStops: number | null
  readonly longestDelay_s: number
  readonly longestDepartDelay_s: number
  readonly vehicles: {
    readonly wanted: number
    readonly inserted: number
    readonly arrived: number
    readonly unfinished: number
    readonly neverInserted: number
    readonly removed: number
  }
  readonly teleports: number
  readonly collisions: number
  readonly emergencyStops: number
  readonly lights: readonly LightReport[]
  /** Lights that stay with their own program. */
  readonly left: readonly { readonly id: string; readonly code: LightFault['code']; readonly reason: string }[]
  readonly wall_s: number
  readonly stepsPerSecond: number
  /** Seconds of the street in a second of ours. */
  readonly timesRealTime: number
  readonly versions: { readonly sumo: string; readonly node: string }
  /** Given to SUMO beside the scenario's own. */
  readonly options: readonly string[]
  /** Where SUMO's trip information is; null where nobody asked for it. */
  readonly tripinfo: string | null
}

export const inSeconds = (ms: number): number => Math.round(ms) / 1_000

const HUNDREDTHS = 100

const rounded = (value: number): number => Math.round(value * HUNDREDTHS) / HUNDREDTHS

export type TripFigures = Pick<
  SumoReport,
  | 'meanDelay_s'
  | 'meanTimeLoss_s'
  | 'meanDepartDelay_s'
  | 'meanWaiting_s'
  | 'meanStops'
  | 'longestDelay_s'
  | 'longestDepartDelay_s'
  | 'vehicles'
> &
  Safety

export function tripFigures(trips: Trips, safety: Safety): TripFigures {
  const { wanted, unfinished, neverInserted, removed } = trips
  const mean = (sum: number) => (wanted === 0 ? null : rounded(sum / wanted))
  const inserted = wanted - neverInserted
  return {
    meanDelay_s: mean(trips.timeLossS + trips.departDelayS),
    meanTimeLoss_s: mean(trips.timeLossS),
    meanDepartDelay_s: mean(trips.departDelayS),
    meanWaiting_s: mean(trips.waitingS),
    meanStops: mean(trips.stops),
    longestDelay_s: rounded(trips.longestDelayS),
    longestDepartDelay_s: rounded(trips.longestDepartDelayS),
    vehicles: { wanted, inserted, arrived: inserted - unfinished - removed, unfinished, neverInserted, removed },
    ...safety,
  }
}

export const shownFigures = (shown: ShownGreens) => ({
  greens: shown.greens,
  meanCycle_s: shown.meanCycleMs === null ? null : inSeconds(shown.meanCycleMs),
  shortestCycle_s: shown.shortestCycleMs === null ? null : inSeconds(shown.shortestCycleMs),
  longestCycle_s: shown.longestCycleMs === null ? null : inSeconds(shown.longestCycleMs),
  longestWait_s: inSeconds(shown.longestWaitMs),
})

export const leftLights = (left: readonly LightFault[]): SumoReport['left'] =>
  left.map((fault) => ({ id: fault.light, code: fault.code, reason: explainLightFault(fault) }))
