/** What is reported of a place, each figure with its unit in its name; a figure that cannot be told is left out. */
import { VEHICLE_KINDS, KIND_KEYS, type VehicleKindKey } from '../vehicle-kind.ts'
import { co2Kg } from './fuel.ts'
import { sumOf, type Tally } from './tally.ts'
import type { Waits } from './walks.ts'

export const FIGURE_KEYS = [
  /** That came after the warm-up; those still under way at the end, and those that never got in, among them. */
  'vehicles',
  'unfinished',
  'neverIn',
  /** Over the stop line; of the city, trips that ended. */
  'throughputPerH',
  /** What the signal takes, between the beginning of an approach and where one can be up to speed again behind its line. */
  'controlDelayS',
  /** All time lost there, behind slower drivers too, and the wait for room to come in; of the city, of whole trips. */
  'totalDelayS',
  /** Times that a vehicle comes to stand, travel time and speed: of those that got in. */
  'stops',
  'travelTimeS',
  'meanSpeedKph',
  /** Vehicles, and metres from the stop line to the last of them; further up, of the longest. */
  'queueMean',
  'queueP95',
  'queueMax',
  'queueMeanM',
  'queueP95M',
  'queueMaxM',
  'outsideMean',
  'outsideMax',
  /** Of the time in which the queue of an approach reached its upstream end; further up, of any approach. */
  'spillbackShare',
  'blockedStarts',
  'walkers',
  'walkWaitS',
  'walkWaitMaxS',
  /** People in vehicles and on foot. */
  'personDelayS',
  'personDelayH',
  'fuelL',
  'co2Kg',
  'busDelayS',
  'emergencyDelayS',
] as const
export type FigureKey = (typeof FIGURE_KEYS)[number]
export type Figures = Readonly<Partial<Record<FigureKey, number>>>

/** Rows of a tally by kind of vehicle, in the order of `KIND_KEYS`. */
export type RowsByKind = readonly (readonly number[])[]

/** What the sums over vehicles and the waits of people say. */
export function delayFigures(tally: Tally, rows: RowsByKind, waits: Waits): Figures {
  const all = rows.flat()
  const vehicles = sumOf(tally.vehicles, all)
  const drove = vehicles - sumOf(tally.neverIn, all)
  const travelS = sumOf(tally.travelS, all)
  const delayS = (of: readonly number[]) => sumOf(tally.lostS, of) + sumOf(tally.outsideS, of)
  const meanDelayS = (kind: VehicleKindKey) => {
    const own = rows[KIND_KEYS.indexOf(kind)] ?? []
    return perEach(delayS(own), sumOf(tally.vehicles, own))
  }
  return known({
    vehicles,
    unfinished: sumOf(tally.unfinished, all),
    neverIn: vehicles - drove,
    totalDelayS: perEach(delayS(all), vehicles),
    stops: perEach(sumOf(tally.stops, all), drove),
    travelTimeS: perEach(travelS, drove),
    meanSpeedKph: perEach(sumOf(tally.drivenM, all) * 3.6, travelS),
    ...personFigures(tally, rows, { waits, delayS }),
    fuelL: sumOf(tally.fuelMl, all) / 1_000,
    co2Kg: sumByKind(rows, (kind, own) => co2Kg(VEHICLE_KINDS[kind], sumOf(tally.fuelMl, own))),
    busDelayS: meanDelayS('bus'),
    emergencyDelayS: meanDelayS('emergency'),
  })
}

export function walkFigures({ walkers, waitedMs, longestMs }: Waits): Figures {
  if (walkers === 0) return { walkers }
  return { walkers, walkWaitS: waitedMs / walkers / 1_000, walkWaitMaxS: longestMs / 1_000 }
}

/** undefined over nobody. */
export const perEach = (sum: number, count: number): number | undefined => (count === 0 ? undefined : sum / count)

/** Leaves out what cannot be told. */
export const known = (figures: Readonly<Record<string, number | undefined>>): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined))

interface Persons {
  readonly waits: Waits
  readonly delayS: (rows: readonly number[]) => number
}

function personFigures(tally: Tally, rows: RowsByKind, { waits, delayS }: Persons) {
  const people = waits.walkers + sumByKind(rows, (kind, own) => VEHICLE_KINDS[kind].people * sumOf(tally.vehicles, own))
  const lostS = waits.waitedMs / 1_000 + sumByKind(rows, (kind, own) => VEHICLE_KINDS[kind].people * delayS(own))
  return { personDelayS: perEach(lostS, people), personDelayH: lostS / 3_600 }
}

function sumByKind(rows: RowsByKind, of: (kind: VehicleKindKey, rows: readonly number[]) => number): number {
  return KIND_KEYS.reduce((sum, kind, i) => sum + of(kind, rows[i] ?? []), 0)
}
