/** Finds where ways over a junction cross or meet, and which of two drivers lets the other go first. */
import { turnedDeg } from '#base/bearing.ts'
import type { Turn } from '#signal/intersection.ts'
import { SIDE_BY_SIDE_M } from './parting.ts'
import { crossing, distance, placeAt, rounded } from './plane.ts'
import type { BareWay } from './lay-ways.ts'
import type { Conflict, Way, WayNumber } from './street-network.ts'

/** A way, and the bearing that its drivers come from. */
export interface Bound {
  readonly number: WayNumber
  readonly way: BareWay
  readonly bearingDeg: number
}

const SCAN_M = 0.5
/** Half a vehicle's width and a little more: so far before the oncoming lane a left turner stands. */
const STANDS_BEFORE_M = 2.5

/** The ways of one junction, each with all of its conflicts. */
export function joinWays(bound: readonly Bound[]): Way[] {
  const conflicts = new Map<WayNumber, Conflict[]>(bound.map(({ number }) => [number, []]))
  bound.forEach((one, i) => {
    for (const other of bound.slice(i + 1)) {
      const meet = meeting(one.way, other.way)
      if (!meet) continue
      const { ownM, otherM, merges } = meet
      conflicts.get(one.number)?.push({ way: other.number, ownM, otherM, merges })
      conflicts.get(other.number)?.push({ way: one.number, ownM: otherM, otherM: ownM, merges })
    }
  })
  return bound.map((one) => {
    const own = conflicts.get(one.number) ?? []
    const met = new Set(own.map(({ way }) => way))
    const first = bound.filter((other) => met.has(other.number) && yields(one, other))
    return {
      ...one.way,
      conflicts: own,
      yieldsTo: first.map(({ number }) => number),
      waitsAtM: waitsAtM(one, first, own),
    }
  })
}

/** Ways from one lane part and never meet; the drivers follow each other in the lane. */
function meeting(one: BareWay, other: BareWay): Omit<Conflict, 'way'> | null {
  if (one.from === other.from) return null
  const merges = one.to === other.to
  const meet = merges ? mergingAt(one, other) : crossing(one.shape, other.shape)
  return meet && { ownM: rounded(clamped(meet.ownM, one)), otherM: rounded(clamped(meet.otherM, other)), merges }
}

const clamped = (metres: number, { lengthM }: BareWay): number => Math.min(metres, lengthM)

/** Where, seen from the lane that both end in, they have parted so far that two vehicles pass each other. */
function mergingAt(one: BareWay, other: BareWay): { ownM: number; otherM: number } {
  const shortest = Math.min(one.lengthM, other.lengthM)
  let backM = 0
  while (backM < shortest && apartM(one, other, backM) < SIDE_BY_SIDE_M) backM += SCAN_M
  const sharedM = Math.min(backM, shortest)
  return { ownM: one.lengthM - sharedM, otherM: other.lengthM - sharedM }
}

const apartM = (one: BareWay, other: BareWay, backM: number): number =>
  distance(placeAt(one.shape, one.lengthM - backM), placeAt(other.shape, other.lengthM - backM))

const RANK: Readonly<Record<Turn | 'along', number>> = { along: 0, through: 0, right: 1, left: 2 }

/**
 * Of two that meet exactly one yields: who turns left to who does not, who turns right to who goes straight on, and of two
 * alike the one on the left (priority to the right). Lights keep most of these pairs apart; the rule is for those that
 * they do not, and for the rest when they are dark. Two from opposite sides or from one approach have no right-hand
 * neighbour: the later number waits.
 */
function yields(one: Bound, other: Bound): boolean {
  const [own, others] = [RANK[one.way.turn], RANK[other.way.turn]]
  if (own !== others) return own > others
  const sideDeg = turnedDeg(one.bearingDeg, other.bearingDeg)
  if (sideDeg === 0 || sideDeg === 180) return one.number > other.number
  return sideDeg > 0
}

/** Opposite, or nearly so. */
const ONCOMING_DEG_MIN = 135

/** Left turners go into the box as far as they are out of the way of whoever comes towards them; others stop at the line. */
function waitsAtM(one: Bound, first: readonly Bound[], conflicts: readonly Conflict[]): number {
  if (one.way.turn !== 'left') return 0
  const oncoming = new Set(first.filter((other) => isOncoming(one, other)).map(({ number }) => number))
  const crossedM = conflicts.filter(({ way }) => oncoming.has(way)).map(({ ownM }) => ownM)
  return crossedM.length === 0 ? 0 : rounded(Math.max(0, Math.min(...crossedM) - STANDS_BEFORE_M))
}

const isOncoming = (one: Bound, other: Bound): boolean =>
  Math.abs(turnedDeg(one.bearingDeg, other.bearingDeg)) >= ONCOMING_DEG_MIN
