/** Who is announced: the departures of the neighbours, past and planned, as they will reach the stop line of an approach. */
import type { IntersectionId } from '#base/id.ts'
import type { Known } from '#base/known.ts'
import type { Approach, Feeder } from '#signal/intersection.ts'
import { OUTLOOK_PAST_S, type Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { disperse, type Departures } from './dispersion.ts'
import { perSMost, travelS } from './feeding-street.ts'

/** So far ahead: a planned departure at the end of what is said, and the way from there. */
export const ANNOUNCED_S = 120

export type Neighbours = IntersectionView['neighbours']

/** All who feed the approach and have ever spoken speak now; a word that is missing would be taken for an empty street. */
export function isAnnounced({ upstream }: Approach, neighbours: Neighbours): boolean {
  const heard = (upstream?.feeders ?? []).flatMap(({ intersection }) => neighbours.get(intersection) ?? [])
  return heard.length > 0 && heard.every(({ quality }) => quality === 'good')
}

/** Vehicles that reach the stop line, unhindered, in each of the next seconds. */
export function announcedAt(approach: Approach, neighbours: Neighbours, nowEpochMs: number): Float64Array {
  const arrivals = new Float64Array(ANNOUNCED_S)
  for (const feeder of approach.upstream?.feeders ?? []) {
    const departures = departuresOf(feeder, neighbours.get(feeder.intersection), nowEpochMs)
    if (departures !== null) disperse(departures, travelS(approach, feeder), arrivals)
  }
  const most = perSMost(approach)
  return arrivals.map((vehicles) => Math.min(most, vehicles))
}

/** Of the oldest of the words on which the announcement stands. */
export const ageMs = ({ upstream }: Approach, neighbours: Neighbours, nowEpochMs: number): number =>
  Math.max(
    0,
    ...(upstream?.feeders ?? []).map(({ intersection }) => {
      const known = neighbours.get(intersection)
      return known?.quality === 'good' ? nowEpochMs - known.value.atEpochMs : 0
    }),
  )

/** Vehicles that left the feeders in the last so many seconds. */
export function leftWithin(approach: Approach, neighbours: Neighbours, secondsOf: (feeder: Feeder) => number): number {
  return (approach.upstream?.feeders ?? []).reduce((sum, feeder) => {
    const left = movementOf(feeder, neighbours.get(feeder.intersection))?.left ?? []
    const seconds = Math.min(OUTLOOK_PAST_S, Math.max(0, Math.round(secondsOf(feeder))))
    return sum + total(left.slice(left.length - Math.min(left.length, seconds)))
  }, 0)
}

/** Who has left the feeders since they were last heard, each by its own clock; of one that is heard for the first time nobody. */
export function leftSince(
  approach: Approach,
  neighbours: Neighbours,
  heardToEpochMs: Readonly<Record<IntersectionId, number>>,
): { readonly vehicles: number; readonly heardToEpochMs: Readonly<Record<IntersectionId, number>> } {
  const feeders = approach.upstream?.feeders ?? []
  const heard = feeders.flatMap(({ intersection }) => {
    const known = neighbours.get(intersection)
    return known?.quality === 'good' ? [[intersection, known.value.atEpochMs] as const] : []
  })
  const atEpochMs = new Map(heard)
  const vehicles = leftWithin(approach, neighbours, ({ intersection }) => {
    const before = heardToEpochMs[intersection]
    return before === undefined ? 0 : ((atEpochMs.get(intersection) ?? before) - before) / 1_000
  })
  return { vehicles, heardToEpochMs: { ...heardToEpochMs, ...Object.fromEntries(heard) } }
}

function movementOf({ approach, turn }: Feeder, known: Known<Outlook> | undefined) {
  if (known?.quality !== 'good') return undefined
  return known.value.movements.find((movement) => movement.approach === approach && movement.turn === turn)
}

/** Beyond what is planned they leave as they lately did: what a neighbour does then is not ours to guess. */
function departuresOf(feeder: Feeder, known: Known<Outlook> | undefined, nowEpochMs: number): Departures | null {
  const movement = movementOf(feeder, known)
  if (movement === undefined || known?.quality !== 'good') return null
  const { left, planned } = movement
  const sinceS = (nowEpochMs - known.value.atEpochMs) / 1_000
  return {
    perS: [...left, ...planned],
    beginsInS: -left.length - sinceS,
    ratePerS: left.length === 0 ? 0 : total(left) / left.length,
  }
}

const total = (vehicles: readonly number[]): number => vehicles.reduce((sum, each) => sum + each, 0)
