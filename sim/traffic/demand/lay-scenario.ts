/** Lays what a scenario names on the streets: closed edges, blocked lanes, flows between legs, lines with their stops. */
import { at } from '#base/at.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { faultsIn, type ConfigFault } from '#config/config-fault.ts'
import { streetText, type BusLine, type LaneIncident, type ScenarioConfig, type StreetName } from '#config/scenario.ts'
import type { Blockage } from '../flow/flow.ts'
import type { EdgeNumber, StreetNetwork } from '../streets/street-network.ts'
import type { BusStop } from '../trip.ts'
import { VEHICLE_KINDS } from '../vehicle-kind.ts'
import type { LaidLine } from './bus-trips.ts'
import { countedEntries, type CountedIntersection } from './counted-entries.ts'
import { kindsOf } from './counted-trips.ts'
import type { End, Flow } from './flow-trips.ts'
import { valueAt } from './flow-curve.ts'
import { kindOf } from './kind-shares.ts'
import type { ClosedEdges } from './open-streets.ts'
import type { RunClock } from './run-clock.ts'
import { entryOf, exitOf, lanePieces, longM, placeBefore, stretchesOf } from './street-places.ts'

export interface Ground {
  readonly network: StreetNetwork
  readonly intersections: readonly CountedIntersection[]
  readonly scenario: ScenarioConfig
  readonly clock: RunClock
}

type Laid<T> = Outcome<readonly T[], readonly ConfigFault[]>

export const layClosures = ({ network, scenario }: Ground): readonly ClosedEdges[] =>
  scenario.closures.map(({ street, fromMs, untilMs }) => ({
    edges: stretchesOf(network, street).map(({ edge }) => edge),
    fromMs,
    untilMs,
  }))

export function layBlockages({ network, scenario }: Ground): Laid<Blockage> {
  return collect(scenario.incidents.map((incident) => layIncident(network, incident, scenario)))
}

function layIncident(network: StreetNetwork, incident: LaneIncident, { file }: ScenarioConfig): Laid<Blockage> {
  const { key, street, lane, beforeStopLineM: nearM, lengthM, fromMs, untilMs } = incident
  const stretches = stretchesOf(network, street)
  const pieces = lanePieces(network, stretches, { lane, nearM, farM: nearM + lengthM })
  if (pieces.length > 0) return ok(pieces.map(({ lane: track, ...piece }) => ({ ...piece, track, fromMs, untilMs })))
  const says = `${nearM} m before the stop line lane ${lane} has not begun; the street is ${longM(network, stretches)} m long. Lower it.`
  return failed([faultsIn(file)('BEYOND_STREET', ['incidents', key, 'before_stop_line_m'], says)])
}

export function layFlows(ground: Ground): Laid<Flow> {
  const { network, scenario, clock } = ground
  const kinds = kindsOf(scenario)
  return collect(
    scenario.vehicles.flows.map(({ key, from, to, kind, perHour, atMs }): Laid<Flow> => {
      const place = ['vehicles', 'flows', key, 'to']
      const exits = to === 'everywhere' ? ok(allExits(ground)) : exitsOf(network, to, { place, file: scenario.file })
      if (!exits.ok) return exits
      return ok([
        {
          key,
          from: from === 'everywhere' ? allEntries(ground) : entriesOf(network, from),
          to: exits.value,
          perHourAt: (runMs) => (perHour.length === 0 ? 0 : valueAt(perHour, clock.minuteOfDayAt(runMs))),
          atMs,
          kindOf: (persona) => kind ?? kindOf(persona, kinds),
        },
      ])
    }),
  )
}

const entriesOf = (network: StreetNetwork, street: StreetName): End[] => {
  const edge = entryOf(network, street)
  return edge === null ? [] : [{ edge, leg: streetText(street), weight: 1 }]
}

interface Named {
  readonly place: readonly string[]
  readonly file: string
}

function exitsOf(network: StreetNetwork, street: StreetName, { place, file }: Named): Laid<End> {
  const edge = exitOf(network, street)
  if (edge !== null) return ok([{ edge, leg: streetText(street), weight: 1 }])
  const known = network.edges.filter(({ to }) => to === null).map(({ id }) => id.replace(/\.exit$/, ''))
  const says = `nobody leaves the network by ${streetText(street)}. Known: ${known.join(', ')}.`
  return failed([faultsIn(file)('NOT_AN_EXIT', place, says)])
}

/** By what is counted there in the busiest hour. */
function allEntries({ network, intersections }: Ground): End[] {
  const counted = new Map(
    countedEntries(network, intersections).map(({ edge, perHour }) => [edge, Math.max(...perHour.values())]),
  )
  return network.edges.flatMap(({ from }, edge) =>
    from === null ? [{ edge, leg: legOf(network, edge), weight: counted.get(edge) ?? 0 }] : [],
  )
}

/** As many leave by a leg as come in by it; by a leg where nobody comes in, as by the quietest. */
function allExits(ground: Ground): End[] {
  const entries = allEntries(ground).filter(({ weight }) => weight > 0)
  const quietest = entries.length === 0 ? 1 : Math.min(...entries.map(({ weight }) => weight))
  return ground.network.edges.flatMap(({ id, to }, edge) => {
    if (to !== null) return []
    const leg = id.replace(/\.exit$/, '')
    return [{ edge, leg, weight: entries.find((entry) => entry.leg === leg)?.weight ?? quietest }]
  })
}

function legOf({ edges }: StreetNetwork, edge: EdgeNumber): string {
  const { approach, id } = at(edges, edge)
  return approach === null ? id : `${approach.intersection}.${approach.approach}`
}

export function layLines({ network, scenario }: Ground): Laid<LaidLine> {
  return collect(scenario.busLines.map((line) => layLine(network, line, scenario)))
}

function layLine(network: StreetNetwork, line: BusLine, { file }: ScenarioConfig): Laid<LaidLine> {
  const stops = collect(line.stops.map((_, i) => layStop(network, { line, i, file })))
  const exits = exitsOf(network, line.to, { place: ['buses', line.key, 'to'], file })
  const from = entryOf(network, line.from)
  const [to] = exits.ok ? exits.value : []
  if (!stops.ok || !exits.ok || from === null || to === undefined)
    return failed([stops, exits].flatMap((laid) => (laid.ok ? [] : laid.fault)))
  return ok([{ line, from, to: to.edge, stops: stops.value.toSorted(byPlaceOnEdge) }])
}

/** Stops on the same edge are served in their order along it. */
const byPlaceOnEdge = (a: BusStop, b: BusStop): number => (a.edge === b.edge ? a.atM - b.atM : 0)

function layStop(
  network: StreetNetwork,
  { line, i, file }: { readonly line: BusLine; readonly i: number; readonly file: string },
): Laid<BusStop> {
  const { street, beforeStopLineM, dwellMs } = at(line.stops, i)
  const stretches = stretchesOf(network, street)
  const place = placeBefore(network, stretches, beforeStopLineM)
  const { lengthM } = VEHICLE_KINDS.bus
  if (place !== null && place.atM >= lengthM) return ok([{ ...place, dwellMs }])
  const says =
    place === null
      ? `${streetText(street)} is only ${longM(network, stretches)} m long. Lower it.`
      : `a bus of ${lengthM} m does not stand there: the lane begins ${place.atM} m behind the stop. Move it.`
  return failed([faultsIn(file)('BEYOND_STREET', ['buses', line.key, 'stops', String(i), 'before_stop_line_m'], says)])
}

function collect<T>(parts: readonly Laid<T>[]): Laid<T> {
  const faults = parts.flatMap((part) => (part.ok ? [] : part.fault))
  return faults.length > 0 ? failed(faults) : ok(parts.flatMap((part) => (part.ok ? part.value : [])))
}
