/** What SUMO itself says of the trips: everybody who wanted to leave, whether he arrived, is under way, or never got in. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { SaxesParser } from 'saxes'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SumoFault } from '../traci/sumo-fault.ts'

/** Sums over vehicles, as SUMO's trip information has them. */
export interface Trips {
  readonly wanted: number
  /** Of them are under way at the end, … */
  readonly unfinished: number
  /** … never got in, … */
  readonly neverInserted: number
  /** … or were taken out by SUMO, as after a collision. */
  readonly removed: number
  readonly timeLossS: number
  readonly departDelayS: number
  readonly longestDepartDelayS: number
  readonly longestDelayS: number
  readonly waitingS: number
  readonly stops: number
}

export interface Safety {
  readonly teleports: number
  readonly collisions: number
  readonly emergencyStops: number
}

type Growing<T> = { -readonly [field in keyof T]: T[field] }

/** A file with everybody in it: unfinished trips, and those of whom waits to depart. */
export async function readTrips(file: string): Promise<Outcome<Trips, SumoFault>> {
  const trips: Growing<Trips> = { ...NO_TRIPS }
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'tripinfo') addTrip(trips, attributes)
  })
  try {
    const text = new TextDecoder()
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>)
      parser.write(text.decode(piece, { stream: true }))
    parser.close()
  } catch (error) {
    return unreadable(file, error)
  }
  return ok(trips)
}

/** SUMO's own summary of a run. */
export async function readSafety(file: string): Promise<Outcome<Safety, SumoFault>> {
  const found = new Map<string, number>()
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    for (const [key, value] of Object.entries(attributes)) found.set(`${name} ${key}`, Number(value))
  })
  try {
    parser.write(await readFile(file, 'utf8')).close()
  } catch (error) {
    return unreadable(file, error)
  }
  const count = (name: string) => found.get(name) ?? 0
  return ok({
    teleports: count('teleports total'),
    collisions: count('safety collisions'),
    emergencyStops: count('safety emergencyStops'),
  })
}

const NO_TRIPS: Trips = {
  wanted: 0,
  unfinished: 0,
  neverInserted: 0,
  removed: 0,
  timeLossS: 0,
  departDelayS: 0,
  longestDepartDelayS: 0,
  longestDelayS: 0,
  waitingS: 0,
  stops: 0,
}

/** SUMO writes -1 for a time that has not come. */
function addTrip(trips: Growing<Trips>, attributes: Readonly<Record<string, string>>): void {
  const value = (name: string) => Number(attributes[name] ?? 0)
  const departDelayS = Math.max(0, value('departDelay'))
  const timeLossS = Math.max(0, value('timeLoss'))
  trips.wanted++
  if (value('depart') < 0) trips.neverInserted++
  else if (value('arrival') < 0) trips.unfinished++
  else if ((attributes['vaporized'] ?? '') !== '') trips.removed++
  trips.timeLossS += timeLossS
  trips.departDelayS += departDelayS
  trips.longestDepartDelayS = Math.max(trips.longestDepartDelayS, departDelayS)
  trips.longestDelayS = Math.max(trips.longestDelayS, timeLossS + departDelayS)
  trips.waitingS += value('waitingTime')
  trips.stops += value('waitingCount')
}

const unreadable = (file: string, error: unknown) =>
  failed({
    code: 'SUMO_TRIPS_UNREADABLE',
    file,
    detail: error instanceof Error ? error.message : String(error),
  } as const)
