/** Vehicles that are expected at the stop line of an approach over the next two minutes, by what the neighbours say and how far they are believed. */
import type { Approach } from '#signal/intersection.ts'
import { OUTLOOK_FRESH_MS_MAX } from '#signal/outlook.ts'
import { ageMs, ANNOUNCED_S, announcedAt, isAnnounced, type Neighbours } from './announced.ts'
import { perSMost, shortestTravelS } from './feeding-street.ts'
import { believed, BIN_S, othersOf, shareOf, type LeadSkill } from './lead.ts'

export interface ArrivalForecast {
  /** Vehicles that reach the stop line, unhindered, in each of the next seconds: the mean, and as much of the pattern as is believed. */
  readonly expected: Float64Array
  /** How far it is believed, 0 to 1: for `underWayS` by who has left the neighbours, later by whom they plan to let go. */
  readonly confidence: { readonly underWay: number; readonly planned: number }
  readonly underWayS: number
}

/** What the words of the neighbours are worth: of those that are about vehicles under way, and of plans. */
export interface WordsWorth {
  readonly underWay: LeadSkill
  readonly planned: LeadSkill
}

/** A word loses two fifths of its weight in the time for which it is heard at all. */
const FADE_MS = 2 * OUTLOOK_FRESH_MS_MAX

/** null where no neighbour speaks, or one that has spoken does not any more: then the street is as it is on average. */
export function arrivalsFrom(
  neighbours: Neighbours,
  approach: Approach,
  { nowEpochMs, worth }: { readonly nowEpochMs: number; readonly worth: WordsWorth },
): ArrivalForecast | null {
  if (!isAnnounced(approach, neighbours)) return null
  const announced = announcedAt(approach, neighbours, nowEpochMs)
  return blended(announced, approach, faded(worth, ageMs(approach, neighbours, nowEpochMs)))
}

interface Faded extends WordsWorth {
  readonly confidence: ArrivalForecast['confidence']
}

function faded(worth: WordsWorth, olderMs: number): Faded {
  const fading = Math.exp(-Math.max(0, olderMs) / FADE_MS)
  const confidence = { underWay: fading * believed(worth.underWay), planned: fading * believed(worth.planned) }
  return { ...worth, confidence }
}

function blended(announced: Float64Array, approach: Approach, { confidence, ...worth }: Faded): ArrivalForecast {
  const underWayS = shortestTravelS(approach)
  const most = perSMost(approach)
  const flat = flatPerS(worth.underWay, announced)
  const underWay = lineOf(worth.underWay, confidence.underWay)
  const planned = lineOf(worth.planned, confidence.planned)
  const expected = announced.map((word, second) => {
    const { trust, share, others } = second < underWayS ? underWay : planned
    return Math.min(most, Math.max(0, flat + trust * (others + share * word - flat)))
  })
  return { expected, confidence, underWayS }
}

const lineOf = (lead: LeadSkill, trust: number) => ({ trust, share: shareOf(lead), others: othersOf(lead) / BIN_S })

/** What comes on average: as counted, or as announced where nobody has counted yet. */
const flatPerS = ({ bins, seen }: LeadSkill, announced: Float64Array): number =>
  bins > 0 ? seen / BIN_S : announced.reduce((sum, word) => sum + word, 0) / ANNOUNCED_S
