/** Where time is lost, in both models alike: before each stop line by what its lane is for, inside of each junction, and outside at the entries. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '#base/at.ts'
import { junctionName, laneName } from '#sim/sumo/export/plain-network.ts'
import { document, element } from '#sim/sumo/export/xml.ts'
import type { Traffic } from '#sim/traffic/flow/traffic.ts'
import { NONE } from '#sim/traffic/flow/vehicles.ts'
import type { EdgeNumber, LaneNumber, StreetNetwork, WayNumber } from '#sim/traffic/streets/street-network.ts'
import type { Trip } from '#sim/traffic/trip.ts'

/** Vehicle-seconds by the name of the place. */
export type LostByPlace = ReadonlyMap<string, number>

/** What both models say of a place, in seconds for each vehicle of the run: over all places they add up to the mean delays. */
export interface PlaceShare {
  readonly place: string
  readonly oursS: number
  readonly referenceS: number
}

/** So many say enough of a street. */
const PLACES_SHOWN = 6

/** Those that differ most, the greatest difference first. */
export function differences(ours: LostByPlace, reference: LostByPlace, vehicles: number): PlaceShare[] {
  const places = [...new Set([...ours.keys(), ...reference.keys()])]
  const shareOf = (lost: LostByPlace, place: string) => (lost.get(place) ?? 0) / Math.max(1, vehicles)
  return places
    .map((place) => ({ place, oursS: shareOf(ours, place), referenceS: shareOf(reference, place) }))
    .toSorted((a, b) => Math.abs(b.oursS - b.referenceS) - Math.abs(a.oursS - a.referenceS))
    .slice(0, PLACES_SHOWN)
}

export function addLost(sums: Map<string, number>, lost: LostByPlace): void {
  for (const [place, seconds] of lost) add(sums, place, seconds)
}

/** Follows a run of ours, step by step. */
export class LostInOurs {
  readonly #places: readonly string[]
  readonly #outside: (edge: EdgeNumber) => string
  readonly #sums = new Map<string, number>()
  /** By slot, as it was seen last; whoever has just come in has lost nothing yet. */
  #seenS = new Float64Array(0)

  constructor(network: StreetNetwork) {
    this.#places = [
      ...network.lanes.map((_, lane) => placeOfLane(network, lane)),
      ...network.ways.map((_, way) => placeOfWay(network, way)),
    ]
    this.#outside = (edge) => placeOutside(network, edge)
  }

  /** After each step of the vehicles. */
  step({ flow }: Traffic): void {
    const { cars, nowMs } = flow
    if (this.#seenS.length < cars.top) this.#seenS = grown(this.#seenS, cars.track.length)
    for (let slot = 0; slot < cars.top; slot++) {
      const track = at(cars.track, slot)
      if (track === NONE) continue
      if (at(cars.enteredMs, slot) === nowMs) {
        const { route, departMs } = cars.tripOf(slot)
        add(this.#sums, this.#outside(at(route, 0)), (nowMs - departMs) / 1_000)
        this.#seenS[slot] = 0
      }
      const lostS = at(cars.lostS, slot)
      add(this.#sums, at(this.#places, track), lostS - at(this.#seenS, slot))
      this.#seenS[slot] = lostS
    }
  }

  get sums(): LostByPlace {
    return this.#sums
  }

  /** Those who never got in have waited too. */
  end({ entries, nowMs }: Traffic): void {
    for (const [edge, queue] of entries.queues)
      for (const { departMs } of queue) add(this.#sums, this.#outside(edge), (nowMs - departMs) / 1_000)
  }
}

const LANES = { additional: 'lost.add.xml', output: 'lost.out.xml' } as const

/** The file by which SUMO is asked what is lost on each lane. */
export async function askSumoForLost(directory: string): Promise<string> {
  const file = join(directory, LANES.additional)
  const attributes = { id: 'lost', file: LANES.output, withInternal: true, excludeEmpty: true }
  await writeFile(file, document(element('additional', {}, [element('laneData', attributes)])))
  return file
}

/** `tripsFile`: its trip information, which says who waited outside. */
export async function lostInSumo(
  network: StreetNetwork,
  {
    directory,
    tripsFile,
    trips,
  }: { readonly directory: string; readonly tripsFile: string; readonly trips: readonly Trip[] },
): Promise<LostByPlace> {
  const sums = new Map<string, number>()
  const lanes = new Map(network.lanes.map((_, lane) => [laneName(network, lane), placeOfLane(network, lane)] as const))
  for (const [, lane = '', seconds] of (await readFile(join(directory, LANES.output), 'utf8')).matchAll(LOST_ON_LANE))
    add(sums, lanes.get(lane) ?? placeOfInternal(lane), Number(seconds))
  for (const [, number, seconds] of (await readFile(tripsFile, 'utf8')).matchAll(WAITED_OUTSIDE)) {
    const entry = trips[Number(number)]?.route[0]
    if (entry !== undefined) add(sums, placeOutside(network, entry), Math.max(0, Number(seconds)))
  }
  return sums
}

const LOST_ON_LANE = /<lane id="([^"]+)"[^>]* timeLoss="([\d.]+)"/g
const WAITED_OUTSIDE = /<tripinfo id="trip-(\d+)"[^>]* departDelay="(-?[\d.]+)"/g

function add(sums: Map<string, number>, place: string, seconds: number): void {
  if (seconds > 0) sums.set(place, (sums.get(place) ?? 0) + seconds)
}

function grown(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length)
  larger.set(column)
  return larger
}

/** `IX-03.S left`; of a lane that widens into pockets, `IX-03.S before its pockets`. */
function placeOfLane(network: StreetNetwork, lane: LaneNumber): string {
  const { edge, ways } = at(network.lanes, lane)
  const { approach, id } = at(network.edges, edge)
  if (approach === null) return id
  const turns = [...new Set(ways.map((way) => at(network.ways, way).turn))].toSorted()
  const what = turns.includes('along') ? 'before its pockets' : turns.join('+')
  return `${approach.intersection}.${approach.approach} ${what}`
}

const placeOfWay = (network: StreetNetwork, way: WayNumber): string =>
  inside(junctionName(network, at(network.ways, way).junction))

/** SUMO names the lanes of a junction `:IX-03_4_0`. */
const placeOfInternal = (lane: string): string => inside(lane.replace(/^:/, '').replace(/_\d+_\d+$/, ''))

const inside = (junction: string): string => `${junction} inside`

const placeOutside = ({ edges }: StreetNetwork, edge: EdgeNumber): string => `${at(edges, edge).id} outside`
