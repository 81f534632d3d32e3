/** All that the counts of a city ask for, by the clock on its wall: vehicles at the entries, people at the crosswalks. */
import { at } from '#base/at.ts'
import { patternId } from '#base/id.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import type { StreetNetwork } from '../streets/street-network.ts'
import type { PerHourAt } from './arrivals.ts'
import { countTrips } from './count-trips.ts'
import { countedEntries, countedShares, type CountedEntry, type CountedIntersection } from './counted-entries.ts'
import type { DepartureSource } from './departures.ts'
import { FlowByPlan, valueAt, type Columns } from './flow-curve.ts'
import { USUAL_KINDS, type KindShares } from './kind-shares.ts'
import type { OpenStreets } from './open-streets.ts'
import type { RunClock } from './run-clock.ts'
import type { WalkersAt } from './walkers.ts'

export interface CountedCity {
  readonly network: StreetNetwork
  readonly intersections: readonly CountedIntersection[]
  readonly scenario: ScenarioConfig
  readonly clock: RunClock
  readonly streets: OpenStreets
  readonly seed: number
}

/** A way out of the network must lead from every entry that has vehicles, whichever streets are closed. */
export function countedTrips(city: CountedCity): DepartureSource[] {
  const { network, intersections, scenario, clock, streets, seed } = city
  const drivers = {
    seed,
    graphAt: (departMs: number) => streets.at(departMs),
    sharesAt: countedShares(network, intersections),
    kinds: kindsOf(scenario),
  }
  return countedEntries(network, intersections).map((entry) => {
    const name = at(network.edges, entry.edge).id
    const flow = flowOf(entry, scenario)
    const perHourAt = (runMs: number) =>
      flow.at(clock.epochMsAt(runMs)) * valueAt(scenario.vehicles.factors, clock.minuteOfDayAt(runMs))
    return countTrips({ edge: entry.edge, name, perHourAt }, drivers)
  })
}

/** People at every crosswalk that the counts have people at. */
export function countedWalkers(city: CountedCity): WalkersAt[] {
  const { network, intersections } = city
  const factorAt = walkersFactor(city)
  return network.crossings.flatMap(({ junction, approach }, crossing) => {
    const { intersection } = at(network.junctions, junction)
    const counted = intersections.find(({ database }) => database.intersection.id === intersection)
    const perHour = counted?.demand.find((row) => row.approach === approach)?.pedestriansPerHour ?? 0
    if (perHour === 0) return []
    return [{ crossing, name: `${intersection}.${approach}`, perHourAt: (runMs) => perHour * factorAt(runMs) }]
  })
}

export const kindsOf = ({ vehicles: { kinds } }: ScenarioConfig): KindShares =>
  kinds === null
    ? USUAL_KINDS
    : [
        { kind: 'lorry', share: kinds.lorry },
        { kind: 'bus', share: kinds.bus },
      ]

function flowOf({ perHour, columns }: CountedEntry, { vehicles: { hours } }: ScenarioConfig): FlowByPlan {
  return new FlowByPlan(hours === null ? columns : columnsByHours(hours, columns.schedule.timeZone), perHour)
}

/** The hours of a scenario as a schedule with one day plan for all days. */
function columnsByHours(hours: NonNullable<ScenarioConfig['vehicles']['hours']>, timeZone: string): Columns {
  const entry = (startMinuteOfDay: number, column: number) =>
    ({ startMinuteOfDay, pattern: patternId(column), maximum: 1 }) as const
  const entries = hours.map(([minuteOfDay], column) => entry(minuteOfDay, column))
  const [first] = entries
  const fromMidnight = first?.startMinuteOfDay === 0 ? entries : [entry(0, hours.length - 1), ...entries]
  return {
    schedule: {
      timeZone,
      dayPlans: [{ number: 1, key: 'hours', entries: fromMidnight }],
      week: [1, 1, 1, 1, 1, 1, 1],
      dates: [],
    },
    keyOf: new Map(hours.map(([, key], column) => [patternId(column), key])),
  }
}

/**
 * People are counted for the busiest time; at others they are fewer, as vehicles are. Where no vehicles are counted, they
 * are as many all day.
 */
function walkersFactor({ network, intersections, scenario, clock }: CountedCity): PerHourAt {
  const curve = scenario.pedestrianFactors
  if (curve !== null) return (runMs) => valueAt(curve, clock.minuteOfDayAt(runMs))
  const entries = countedEntries(network, intersections)
  const flows = entries.map((entry) => flowOf(entry, scenario))
  const most = entries.reduce((sum, { perHour }) => sum + Math.max(...perHour.values()), 0)
  if (most === 0) return () => 1
  let known = { runMs: -1, factor: 1 }
  return (runMs) => {
    if (runMs !== known.runMs) {
      const epochMs = clock.epochMsAt(runMs)
      known = { runMs, factor: flows.reduce((sum, flow) => sum + flow.at(epochMs), 0) / most }
    }
    return known.factor
  }
}
