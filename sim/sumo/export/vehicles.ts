/** Our trips as SUMO's vehicles, one for one: the same departure, kind, route, stops and desired speed. */
import { at } from '#base/at.ts'
import { speedFactorOf } from '../../traffic/flow/entries.ts'
import type { StreetNetwork } from '../../traffic/streets/street-network.ts'
import type { Trip, TripSource } from '../../traffic/trip.ts'
import { VEHICLE_KINDS, type VehicleKind, type VehicleKindKey } from '../../traffic/vehicle-kind.ts'
import { decimals, edgeName, laneName } from './plain-network.ts'
import { element } from './xml.ts'

/** What SUMO takes a kind for: its shape on the screen, its emissions, and who lets it pass. */
const CLASSES: Readonly<Record<VehicleKindKey, string>> = {
  car: 'passenger',
  lorry: 'truck',
  bus: 'bus',
  emergency: 'emergency',
}

/** So much of a day is made at a time. */
const PIECE_MS = 60_000

export interface Departures {
  readonly trips: TripSource
  /** Of the clock, ms since midnight, at which the trips' time begins; how long it lasts. */
  readonly fromMs: number
  readonly forMs: number
}

/** The lines of a route file, in the order of departure, made while they are written. */
export function* vehicleLines(network: StreetNetwork, { trips, fromMs, forMs }: Departures): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<routes>\n'
  for (const kind of Object.values(VEHICLE_KINDS)) yield `  ${typeXml(kind)}\n`
  for (let untilMs = 0; untilMs < forMs;) {
    untilMs = Math.min(forMs, untilMs + PIECE_MS)
    for (let trip = trips.take(untilMs); trip !== null; trip = trips.take(untilMs))
      yield `${vehicleXml(network, trip, fromMs).replace(/^/gm, '  ')}\n`
  }
  yield '</routes>\n'
}

/** A vehicle of SUMO is our trip of this number. */
export const vehicleName = ({ number }: Trip): string => `trip-${number}`

function typeXml(kind: VehicleKind & { readonly key: VehicleKindKey }): string {
  const { mean, deviation } = kind.speedFactor
  return element('vType', {
    id: kind.key,
    vClass: CLASSES[kind.key],
    carFollowModel: 'Krauss',
    length: kind.lengthM,
    minGap: kind.standingGapM,
    accel: kind.accelerationMps2,
    decel: kind.decelerationMps2,
    tau: kind.headwayS,
    sigma: kind.imperfection,
    // For vehicles that somebody adds; ours have their own, drawn from the same distribution.
    speedFactor: `normc(${mean},${deviation},0.2,2)`,
    // Desired speeds are what the street allows times the factor, also for lorries and buses.
    maxSpeed: 55,
  })
}

function vehicleXml(network: StreetNetwork, trip: Trip, fromMs: number): string {
  const factor = speedFactorOf(trip.persona, VEHICLE_KINDS[trip.kind])
  const route = element('route', { edges: trip.route.map((edge) => edgeName(network, edge)).join(' ') })
  const stops = trip.stops.map(({ edge, atM, dwellMs }) =>
    element('stop', {
      lane: laneName(network, at(at(network.edges, edge).lanes, 0)),
      endPos: decimals(atM, 2),
      duration: decimals(dwellMs / 1_000, 1),
    }),
  )
  return element(
    'vehicle',
    {
      id: vehicleName(trip),
      type: trip.kind,
      depart: decimals((fromMs + trip.departMs) / 1_000, 2),
      departLane: 'best',
      departPos: 'base',
      departSpeed: 'max',
      speedFactor: decimals(factor, 4),
    },
    [route, ...stops],
  )
}
