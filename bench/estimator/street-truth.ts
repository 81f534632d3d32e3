/**
 * What truly waited and came, lane by lane: told afterwards, when it is known by which lane everybody has left. Whoever is
 * between the advance loop and the stop line and slower than 5 m/s waits; all others come, when they would have reached
 * the stop line had nothing held them up behind the advance loop, and those who move up in a queue at once.
 */
import { DischargeTruth } from './discharge-truth.ts'
import { BIN_S, BINS, type JudgedLane, type LaneSeconds } from './lane-seconds.ts'

const DRIVES_MPS = 5
const STANDS_MPS = 1

/** One vehicle at one second. */
export interface Sighting {
  readonly vehicle: string
  /** The lane whose stop line is at its end; null on all other stretches of street. */
  readonly lane: string | null
  /** To the end of that lane. */
  readonly toLineM: number
  /** Driven since it entered the network. */
  readonly drivenM: number
  readonly speedMps: number
  /** Beside its lane there may be others of the same street, into which it changes. */
  readonly street: string
}

interface Moment {
  readonly second: number
  readonly drivenM: number
  readonly speedMps: number
}

interface Trail {
  moments: Moment[]
  lane: string | null
  street: string
  lineAtM: number
  seenAt: number
}

/** A trail is as long as the longest red and a minute; who stands longer is counted from there on. */
const MOMENTS_MOST = 1_200

export class StreetTruth {
  readonly #lanes: ReadonlyMap<string, JudgedLane>
  readonly #into: LaneSeconds
  readonly #trails = new Map<string, Trail>()
  readonly discharge = new DischargeTruth()

  constructor(lanes: readonly JudgedLane[], into: LaneSeconds) {
    this.#lanes = new Map(lanes.map((lane) => [lane.key, lane]))
    this.#into = into
  }

  /** All vehicles of one second; seconds in their order. */
  see(second: number, sightings: Iterable<Sighting>): void {
    for (const sighting of sightings) this.#note(second, sighting)
    for (const [vehicle, trail] of this.#trails) {
      if (trail.seenAt === second) continue
      this.#leave(trail, second)
      this.#trails.delete(vehicle)
    }
  }

  /** Whoever still stands before a stop line is counted for it. */
  end(second: number): void {
    for (const trail of this.#trails.values()) this.#leave(trail, second)
    this.#trails.clear()
  }

  #note(second: number, { vehicle, lane, toLineM, drivenM, speedMps, street }: Sighting): void {
    const trail = this.#trails.get(vehicle) ?? { moments: [], lane, street, lineAtM: 0, seenAt: second }
    this.#trails.set(vehicle, trail)
    if (trail.lane !== null && street !== trail.street) this.#leave(trail, second)
    trail.moments.push({ second, drivenM, speedMps })
    if (trail.moments.length > MOMENTS_MOST) trail.moments.shift()
    trail.lane = lane
    trail.street = street
    trail.lineAtM = drivenM + toLineM
    trail.seenAt = second
  }

  /** It is over the stop line of its lane, or nobody sees it any more. */
  #leave(trail: Trail, second: number): void {
    const { moments, lineAtM } = trail
    const lane = trail.lane === null ? undefined : this.#lanes.get(trail.lane)
    trail.moments = []
    if (lane === undefined) return
    const near = moments.filter(({ drivenM }) => lineAtM - drivenM <= lane.lookM)
    const [first] = near
    if (first === undefined) return
    // When it would have been there, and no sooner than it was.
    const atS = Math.min(second, first.second + (lineAtM - first.drivenM) / lane.cruiseMps)
    const waits = new Set(near.filter(({ speedMps }) => speedMps < DRIVES_MPS).map((moment) => moment.second))
    this.#cross(lane, near, lineAtM)
    for (const waited of waits) this.#into.add(waited, lane.key, { bin: null, vehicles: 1 })
    for (let now = Math.ceil(atS) - BIN_S * BINS; now < second; now++) {
      if (waits.has(now)) continue
      const bin = Math.max(0, Math.ceil((atS - now) / BIN_S) - 1)
      this.#into.add(now, lane.key, { bin, vehicles: 1 })
    }
  }
  #cross({ key, lookM }: JudgedLane, near: readonly Moment[], lineAtM: number): void {
    const [first, last] = [near[0], near.at(-1)]
    if (first === undefined || last === undefined) return
    const atS = last.second + (lineAtM - last.drivenM) / Math.max(STANDS_MPS, last.speedMps)
    const sinceS = first.second - (lookM - (lineAtM - first.drivenM)) / Math.max(STANDS_MPS, first.speedMps)
    this.discharge.cross(key, {
      atS,
      stood: near.some(({ speedMps }) => speedMps < STANDS_MPS),
      travelS: near.every(({ speedMps }) => speedMps >= DRIVES_MPS) ? atS - sinceS : null,
    })
  }
}
