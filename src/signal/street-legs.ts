/** The legs of the intersections of a city: who drives in along each, and where it leads out. */
import { turnedDeg } from '#base/bearing.ts'
import type { IntersectionId } from '#base/id.ts'
import type { Approach, Intersection, Lane, Turn } from './intersection.ts'
import { legsOfTurns } from './turn-legs.ts'

export interface Leg {
  /** `IX-03.S`; of a street that only leads away, `IX-03.out-90`. */
  readonly name: string
  readonly bearingDeg: number
  /** Who drives in; null where the street leads away only. */
  readonly approach: Approach | null
  /** Where drivers go who leave along it; null where nobody may. */
  readonly out: Outwards | null
}

export type Outwards =
  | { readonly kind: 'edgeOfNetwork'; readonly lanes: number; readonly speedKph: number }
  | { readonly kind: 'street'; readonly to: Intersection; readonly approach: Approach }

export interface Legs {
  readonly legs: readonly Leg[]
  /** By approach id and turn. */
  readonly ofTurn: (approach: string, turn: Turn) => Leg | undefined
}

export const turnsOf = ({ lanes }: Approach): ReadonlySet<Turn> => new Set(lanes.flatMap((lane) => lane.turns))

/** Lanes that stand as long as the approach; the others are pockets. */
export function fullLanes({ lanes }: Approach): readonly Lane[] {
  const longestM = Math.max(...lanes.map(({ lengthM }) => lengthM))
  return lanes.filter(({ lengthM }) => lengthM === longestM)
}

/**
 * The legs of one intersection. A turn that no leg lies near leads out of the network along a one-way street, for streets
 * that only lead away stand in no configuration.
 */
export function legsOf(intersection: Intersection, all: ReadonlyMap<IntersectionId, Intersection>): Legs {
  const legs = [...twoWayLegs(intersection, all)]
  const ofTurn = new Map<string, Leg>()
  for (const approach of intersection.approaches) {
    const turns = turnsOf(approach)
    const others = legs.filter((leg) => leg.approach !== approach && leg.out !== null)
    const taken = legsOfTurns(approach.bearingDeg, turns, others)
    for (const turn of turns) {
      const leg = taken.get(turn) ?? streetAway(intersection, approach, turn)
      if (!taken.has(turn)) legs.push(leg)
      ofTurn.set(`${approach.id} ${turn}`, leg)
    }
  }
  return { legs, ofTurn: (approach, turn) => ofTurn.get(`${approach} ${turn}`) }
}

function twoWayLegs(intersection: Intersection, all: ReadonlyMap<IntersectionId, Intersection>): Leg[] {
  const streets = streetsFrom(intersection, all)
  const matched = matchStreets(intersection, streets)
  const legs = intersection.approaches.map((approach): Leg => {
    const street = matched.get(approach)
    const inner = approach.upstream !== null && all.has(approach.upstream.intersection)
    const atEdge = { kind: 'edgeOfNetwork', lanes: fullLanes(approach).length, speedKph: approach.speedKph } as const
    const out = street ?? (inner ? null : atEdge)
    return { name: `${intersection.id}.${approach.id}`, bearingDeg: approach.bearingDeg, approach, out }
  })
  const used = new Set(matched.values())
  const away = streets
    .filter((street) => !used.has(street))
    .map((out): Leg => {
      const bearingDeg = (out.approach.bearingDeg + 180) % 360
      return { name: `${intersection.id}.to-${out.to.id}.${out.approach.id}`, bearingDeg, approach: null, out }
    })
  return [...legs, ...away]
}

type Street = Extract<Outwards, { kind: 'street' }>

/** The streets that lead to the approaches which this intersection feeds. */
function streetsFrom(intersection: Intersection, all: ReadonlyMap<IntersectionId, Intersection>): Street[] {
  return [...all.values()].flatMap((to) =>
    to.approaches
      .filter(({ upstream }) => upstream?.intersection === intersection.id)
      .map((approach): Street => ({ kind: 'street', to, approach })),
  )
}

/**
 * A street that also leads back is the leg that comes from there, however it bends on the way. Where two streets join the
 * same two intersections, each goes with the leg that it leaves in line with.
 */
function matchStreets({ approaches }: Intersection, streets: readonly Street[]): Map<Approach, Street> {
  const pairs = approaches.flatMap((approach) =>
    streets
      .filter((street) => approach.upstream?.intersection === street.to.id)
      .map((street) => ({ approach, street, slantDeg: slantDeg(approach, street) })),
  )
  const matched = new Map<Approach, Street>()
  const used = new Set<Street>()
  for (const { approach, street } of pairs.toSorted((a, b) => a.slantDeg - b.slantDeg)) {
    if (matched.has(approach) || used.has(street)) continue
    matched.set(approach, street)
    used.add(street)
  }
  return matched
}

const slantDeg = (approach: Approach, street: Street): number =>
  Math.abs(turnedDeg(approach.bearingDeg, street.approach.bearingDeg + 180))

const CLOCKWISE_DEG: Readonly<Record<Turn, number>> = { left: -90, through: 0, right: 90 }

function streetAway(intersection: Intersection, approach: Approach, turn: Turn): Leg {
  const bearingDeg = (approach.bearingDeg + 180 + CLOCKWISE_DEG[turn] + 360) % 360
  const lanes = approach.lanes.filter((lane) => lane.turns.includes(turn)).length
  return {
    name: `${intersection.id}.${approach.id}.${turn}`,
    bearingDeg,
    approach: null,
    out: { kind: 'edgeOfNetwork', lanes, speedKph: approach.speedKph },
  }
}
