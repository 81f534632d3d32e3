/** Who has left over each stop line, way by way and second by second: what the intersections downstream are told. */
import type { Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import type { Turn } from '#signal/intersection.ts'
import { OUTLOOK_PAST_S, OUTLOOK_PER_S_MAX } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'
import { passedSince } from '../queues/counter.ts'
import { approachFacts, type LaneFacts, type SharedDetector } from '../queues/lane-facts.ts'

export interface DepartureMemory {
  /** The end of the last whole second that was counted; null before the first. */
  readonly atMonoMs: number | null
  /** What the detectors at the stop lines showed then, by number; without those that were not trusted. */
  readonly shown: Readonly<Record<number, Shown>>
  /** By way (`wayKey`): vehicles in each of the last seconds, the latest last. */
  readonly left: Readonly<Record<string, readonly number[]>>
}

interface Shown {
  readonly count: number
  /** Who is over it has come and not yet left. */
  readonly present: number
}

export const NOBODY_LEFT_YET: DepartureMemory = { atMonoMs: null, shown: {}, left: {} }

const SECOND_MS = 1_000

/** Where a lane lets vehicles go two ways, and nobody sees which they take: most go straight on. */
const TAKEN: Readonly<Record<Turn, number>> = { through: 3, left: 1, right: 1 }

export const wayKey = (approach: string, turn: Turn): string => `${approach} ${turn}`

/** The same memory until another second is over. */
export function countDepartures(view: IntersectionView, before: DepartureMemory): DepartureMemory {
  const { nowMonoMs } = view
  const passedMs = before.atMonoMs === null ? 0 : nowMonoMs - before.atMonoMs
  const seconds = Math.floor(passedMs / SECOND_MS)
  if (before.atMonoMs === null || passedMs < 0 || seconds > OUTLOOK_PAST_S)
    return { atMonoMs: nowMonoMs, shown: readAll(view), left: {} }
  if (seconds === 0) return before
  const shown = readAll(view)
  const fresh = leftByWay(view, (detector) => leftOver(before.shown[detector.id], shown[detector.id]) / detector.lanes)
  return {
    atMonoMs: before.atMonoMs + seconds * SECOND_MS,
    shown,
    left: Object.fromEntries(
      Object.entries(fresh).map(([way, vehicles]) => [way, later(before.left[way] ?? [], vehicles, seconds)]),
    ),
  }
}

function readAll(view: IntersectionView): Record<number, Shown> {
  const shown: Record<number, Shown> = {}
  for (const { stopBar } of approachFacts(view.intersection).flatMap(({ lanes }) => lanes))
    if (stopBar !== null) {
      const seen = readOne(view, stopBar.id)
      if (seen !== null) shown[stopBar.id] = seen
    }
  return shown
}

function readOne({ detectors }: IntersectionView, id: DetectorId): Shown | null {
  const reading = detectors.get(id)
  if (reading?.quality !== 'good') return null
  const { actuationCount, occupied, cells } = reading.value
  const present = cells?.reduce((sum, { vehicles }) => sum + vehicles, 0) ?? (occupied ? 1 : 0)
  return { count: actuationCount, present }
}

/** Whoever came since, and whoever was there, but who is there now. */
const leftOver = (before: Shown | undefined, now: Shown | undefined): number =>
  before === undefined || now === undefined
    ? 0
    : Math.max(0, passedSince(before.count, now.count) + before.present - now.present)

function leftByWay(view: IntersectionView, leftOf: (detector: SharedDetector) => number): Record<string, number> {
  const left: Record<string, number> = {}
  const greens = view.signal.quality === 'good' ? view.signal.value.greens : 0
  for (const { id, lanes } of approachFacts(view.intersection))
    for (const { ways, stopBar } of lanes) {
      const vehicles = stopBar === null ? 0 : leftOf(stopBar)
      for (const { turn, share } of sharesOf(ways, greens)) {
        const key = wayKey(id, turn)
        left[key] = (left[key] ?? 0) + vehicles * share
      }
    }
  return left
}

/** Of those who leave a lane: by the ways that are green, or by any where none is. */
export function sharesOf(ways: LaneFacts['ways'], greens: Bits): { readonly turn: Turn; readonly share: number }[] {
  const isOpen = ({ phases }: LaneFacts['ways'][number]): boolean => (phases & greens) !== 0
  const anyOpen = ways.some(isOpen)
  const weights = ways.map((way) => (anyOpen && !isOpen(way) ? 0 : TAKEN[way.turn]))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return ways.map(({ turn }, index) => ({ turn, share: (weights[index] ?? 0) / all }))
}

/** A tick that was late has counted for several seconds. */
function later(before: readonly number[], vehicles: number, seconds: number): readonly number[] {
  const each = tellable(vehicles / seconds)
  return [...before, ...Array.from({ length: seconds }, () => each)].slice(-OUTLOOK_PAST_S)
}

/** Numbers travel as text, and within what a street can do. */
export const tellable = (vehicles: number): number =>
  Math.round(Math.min(OUTLOOK_PER_S_MAX, Math.max(0, vehicles)) * 100) / 100
