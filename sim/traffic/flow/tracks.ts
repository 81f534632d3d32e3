/** The network in columns of numbers, and who is on each track: foremost first, each knowing the next one. */
import { invariant } from '#base/invariant.ts'
import { partedAtM } from '../streets/parting.ts'
import type { EdgeNumber, LaneNumber, StreetNetwork, TrackNumber, Way, WayNumber } from '../streets/street-network.ts'
import { NONE, type Slot, type Vehicles } from './vehicles.ts'

/** The conflicts of all ways in one list: those of way `w` from `conflictsFrom[w]` to before `conflictsFrom[w + 1]`. */
export interface Conflicts {
  readonly conflictsFrom: Int32Array
  readonly other: Int32Array
  readonly ownM: Float64Array
  readonly otherM: Float64Array
  readonly merges: Uint8Array
  /** 1 where the way yields to the other, or the other to it. */
  readonly yields: Uint8Array
  readonly hasPriority: Uint8Array
}

export class Tracks {
  readonly network: StreetNetwork
  /** Tracks below it are lanes, the others ways. */
  readonly laneCount: number
  readonly count: number
  readonly lengthM: Float64Array
  readonly limitMps: Float64Array
  /** Foremost and hindmost vehicle, and how many there are. */
  readonly first: Int32Array
  readonly last: Int32Array
  readonly vehicles: Int32Array
  /** Of lanes: who was the last to drive over its end. */
  readonly lastOut: Int32Array
  readonly edgeOf: Int32Array
  readonly fromKerb: Int32Array
  /** The lane beside a lane, or `NONE`. */
  readonly kerbwards: Int32Array
  readonly inwards: Int32Array
  /** Of ways, by way number. */
  readonly wayFrom: Int32Array
  readonly wayTo: Int32Array
  readonly waitsAtM: Float64Array
  readonly junctionOf: Int32Array
  readonly onRed: Uint8Array
  /** The `along` way by which a lane begins where its street has widened; `NONE` otherwise. */
  readonly widensBy: Int32Array
  readonly conflicts: Conflicts
  readonly #wanted = new Map<number, number>()
  readonly #partings = new Map<number, number>()

  constructor(network: StreetNetwork) {
    const { lanes, ways, edges } = network
    this.network = network
    this.laneCount = lanes.length
    this.count = lanes.length + ways.length
    this.lengthM = Float64Array.from([
      ...lanes.map(({ edge }) => edgeAt(network, edge).lengthM),
      ...ways.map(({ lengthM }) => lengthM),
    ])
    this.limitMps = Float64Array.from([
      ...lanes.map(({ edge }) => edgeAt(network, edge).speedMps),
      ...ways.map(({ speedMps }) => speedMps),
    ])
    this.first = new Int32Array(this.count).fill(NONE)
    this.last = new Int32Array(this.count).fill(NONE)
    this.vehicles = new Int32Array(this.count)
    this.lastOut = new Int32Array(lanes.length).fill(NONE)
    this.edgeOf = Int32Array.from(lanes, ({ edge }) => edge)
    this.fromKerb = Int32Array.from(lanes, ({ fromKerb }) => fromKerb)
    const beside = (lane: LaneNumber, by: number) => {
      const own = lanes[lane]
      return own === undefined ? NONE : (edges[own.edge]?.lanes[own.fromKerb + by] ?? NONE)
    }
    this.kerbwards = Int32Array.from(lanes, (_, lane) => beside(lane, -1))
    this.inwards = Int32Array.from(lanes, (_, lane) => beside(lane, 1))
    this.wayFrom = Int32Array.from(ways, ({ from }) => from)
    this.wayTo = Int32Array.from(ways, ({ to }) => to)
    this.waitsAtM = Float64Array.from(ways, ({ waitsAtM }) => waitsAtM)
    this.junctionOf = Int32Array.from(ways, ({ junction }) => junction)
    this.onRed = Uint8Array.from(ways, ({ onRed }) => Number(onRed))
    this.widensBy = new Int32Array(lanes.length).fill(NONE)
    ways.forEach(({ turn, to }, way) => turn === 'along' && (this.widensBy[to] = way))
    this.conflicts = layConflicts(ways)
  }

  isLane(track: TrackNumber): boolean {
    return track < this.laneCount
  }

  trackOf(way: WayNumber): TrackNumber {
    return this.laneCount + way
  }

  crossesOf(way: WayNumber): Way['crosses'] {
    return this.network.ways[way]!.crosses
  }

  /** How far behind the end of their lane two ways have parted. */
  partedM(way: WayNumber, other: WayNumber): number {
    const key = way * this.count + other
    let metres = this.#partings.get(key)
    if (metres === undefined)
      this.#partings.set(key, (metres = partedAtM(this.network.ways[way]!, this.network.ways[other]!)))
    return metres
  }

  /** Puts a vehicle on a track, among the others by its position. */
  insert(cars: Vehicles, slot: Slot, track: TrackNumber): void {
    const { ahead, behind, positionM } = cars
    let after = this.last[track] ?? NONE
    let before = NONE
    while (after !== NONE && positionM[after]! < positionM[slot]!) {
      before = after
      after = ahead[after]!
    }
    cars.track[slot] = track
    ahead[slot] = after
    behind[slot] = before
    if (after === NONE) this.first[track] = slot
    else behind[after] = slot
    if (before === NONE) this.last[track] = slot
    else ahead[before] = slot
    this.vehicles[track]!++
  }

  remove(cars: Vehicles, slot: Slot): void {
    const track = cars.track[slot]!
    const after = cars.ahead[slot]!
    const before = cars.behind[slot]!
    if (after === NONE) this.first[track] = before
    else cars.behind[after] = before
    if (before === NONE) this.last[track] = after
    else cars.ahead[before] = after
    this.vehicles[track]!--
  }

  /**
   * The way at the end of a lane that leads into the next edge, best into a lane that leads on into the edge behind it,
   * then into the emptiest; `NONE` where none does.
   */
  wayInto(lane: LaneNumber, next: EdgeNumber, afterNext: EdgeNumber | undefined): WayNumber {
    let best = NONE
    let bestScore = -Infinity
    for (const way of this.network.lanes[lane]!.ways) {
      const to = this.wayTo[way]!
      if (this.edgeOf[to] !== next) continue
      const score = (this.#leadsInto(to, afterNext) ? 1_000 : 0) - this.vehicles[to]!
      if (score > bestScore) {
        best = way
        bestScore = score
      }
    }
    return best
  }

  /** Lanes of an edge from which a route goes on best over its next two edges: bit field by place from the kerb. */
  wantedLanes(edge: EdgeNumber, next: EdgeNumber | undefined, afterNext: EdgeNumber | undefined): number {
    const edges = this.network.edges.length + 1
    const key = (edge * edges + (next ?? edges - 1)) * edges + (afterNext ?? edges - 1)
    let wanted = this.#wanted.get(key)
    if (wanted === undefined) this.#wanted.set(key, (wanted = this.#findWantedLanes(edge, next, afterNext)))
    return wanted
  }

  #findWantedLanes(edge: EdgeNumber, next: EdgeNumber | undefined, afterNext: EdgeNumber | undefined): number {
    const { lanes } = edgeAt(this.network, edge)
    if (next === undefined) return (1 << lanes.length) - 1
    let leads = 0
    let leadsOn = 0
    lanes.forEach((lane, place) => {
      const way = this.wayInto(lane, next, afterNext)
      if (way === NONE) return
      leads |= 1 << place
      if (this.#leadsInto(this.wayTo[way]!, afterNext)) leadsOn |= 1 << place
    })
    // Only a street that widens leaves no room to change lanes behind it.
    const widens = this.network.lanes[lanes[0]!]!.ways.some((way) => this.network.ways[way]!.turn === 'along')
    return widens && leadsOn !== 0 ? leadsOn : leads
  }

  #leadsInto(lane: LaneNumber, edge: EdgeNumber | undefined): boolean {
    if (edge === undefined) return true
    for (const way of this.network.lanes[lane]!.ways) if (this.edgeOf[this.wayTo[way]!] === edge) return true
    return false
  }
}

function edgeAt({ edges }: StreetNetwork, edge: EdgeNumber) {
  const found = edges[edge]
  invariant(found, 'a lane has its edge')
  return found
}

function layConflicts(ways: readonly Way[]): Conflicts {
  const all = ways.flatMap(({ conflicts, yieldsTo }, own) =>
    conflicts.map((conflict) => ({
      ...conflict,
      yields: yieldsTo.includes(conflict.way),
      hasPriority: ways[conflict.way]?.yieldsTo.includes(own) === true,
    })),
  )
  let from = 0
  return {
    conflictsFrom: Int32Array.from([0, ...ways.map(({ conflicts }) => (from += conflicts.length))]),
    other: Int32Array.from(all, ({ way }) => way),
    ownM: Float64Array.from(all, ({ ownM }) => ownM),
    otherM: Float64Array.from(all, ({ otherM }) => otherM),
    merges: Uint8Array.from(all, ({ merges }) => Number(merges)),
    yields: Uint8Array.from(all, ({ yields }) => Number(yields)),
    hasPriority: Uint8Array.from(all, ({ hasPriority }) => Number(hasPriority)),
  }
}
