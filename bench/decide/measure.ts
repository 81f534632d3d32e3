/** How long decisions take: one by one, a hundred intersections in a second, and what a hundred thousand of them leave in memory. */
import type { Strategy } from '#control/strategy.ts'
import { hasBit } from '#base/bits.ts'
import type { IntersectionView } from '#signal/view.ts'
import { spreadOf, type Spread } from '../report/spread.ts'

const TICKS_A_SECOND = 10

export interface DecisionTimes {
  /** Of the longest call of each second in which it was free to choose, ms. */
  readonly decision: Spread
  /** Of all calls of a second together: what one intersection asks of the processor, ms. */
  readonly second: Spread
  /** Of all calls of all laps, by the clock on the wall, with whatever the machine did meanwhile. */
  readonly slowestMs: number
}

/** Calls before the compiler has settled; they are not measured. */
const SETTLING_LAPS = 2
/** A call is made so often, and the quickest counts: what was slower was the machine's, which may be shared. */
const LAPS = 5

export function timeDecisions(strategy: Strategy<unknown>, views: readonly IntersectionView[]): DecisionTimes {
  const seconds = Math.floor(views.length / TICKS_A_SECOND)
  const measured = views.slice(0, seconds * TICKS_A_SECOND)
  for (let lap = 0; lap < SETTLING_LAPS; lap++) timeLap(strategy, measured)
  const laps = Array.from({ length: LAPS }, () => timeLap(strategy, measured))
  const quickest = measured.map((_, call) => Math.min(...laps.map((lap) => lap[call] ?? 0)))
  const bySecond = Array.from({ length: seconds }, (_, second) => {
    const [from, to] = [second * TICKS_A_SECOND, (second + 1) * TICKS_A_SECOND]
    return { wasFree: measured.slice(from, to).every(isFree), callsMs: quickest.slice(from, to) }
  })
  return {
    decision: spreadOf(bySecond.filter(({ wasFree }) => wasFree).map(({ callsMs }) => Math.max(...callsMs))),
    second: spreadOf(bySecond.map(({ callsMs }) => callsMs.reduce((sum, ms) => sum + ms, 0))),
    slowestMs: Math.max(...laps.flat()),
  }
}

/** Each call, ms. */
function timeLap(strategy: Strategy<unknown>, views: readonly IntersectionView[]): number[] {
  let memory = strategy.initial()
  return views.map((view) => {
    const beganMs = performance.now()
    memory = strategy.decide(view, memory).memory
    return performance.now() - beganMs
  })
}

/** Of this thread's processor time, which is coarse, but not disturbed by others. */
function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

/** All rings are green and have been for their least time: what comes next is the strategy's to choose. */
function isFree({ signal, intersection }: IntersectionView): boolean {
  if (signal.quality !== 'good') return false
  const { rings, greens } = signal.value
  return rings.every(({ phase, interval, elapsedMs }) => {
    const own = intersection.phases.find(({ id }) => id === phase)
    return own === undefined || (interval === 'green' && hasBit(greens, phase) && elapsedMs >= own.timing.minGreenMs)
  })
}

export interface HundredTimes {
  readonly intersections: number
  /** Of one core: 1 is all of it. */
  readonly share: number
}

export const INTERSECTIONS = 100
/** Of the street, for all of them. */
const HUNDRED_S = 20

/** Each with a memory of its own, ten ticks a second as at the edge, from the middle of the recording on. */
export function timeHundred(strategy: Strategy<unknown>, views: readonly IntersectionView[]): HundredTimes {
  const middle = Math.floor(views.length / 2)
  const learnt = views
    .slice(0, middle)
    .reduce((memory, view) => strategy.decide(view, memory).memory, strategy.initial())
  const memories = Array.from({ length: INTERSECTIONS }, () => learnt)
  const measured = views.slice(middle, middle + HUNDRED_S * TICKS_A_SECOND)
  const before = process.threadCpuUsage()
  for (const view of measured)
    for (let n = 0; n < INTERSECTIONS; n++) memories[n] = strategy.decide(view, memories[n]).memory
  return {
    intersections: INTERSECTIONS,
    share: (millisecondsSince(before) * TICKS_A_SECOND) / (measured.length * 1_000),
  }
}

export interface HeapGrowth {
  /** Calls, a second of the street apart. */
  readonly decisions: number
  readonly kilobytes: number
}

/** From the second tenth of the decisions to the last one, with whatever may be swept swept: `--expose-gc`. */
export function heapGrowth(
  strategy: Strategy<unknown>,
  views: readonly IntersectionView[],
  decisions: number,
): HeapGrowth {
  const once = everySecond(views)
  let memory = strategy.initial()
  let lap = 0
  let before = 0
  for (let done = 0; done < decisions; done++) {
    const place = done % once.length
    if (place === 0) lap = done
    if (done === Math.floor(decisions / 10)) before = heapNow()
    const view = once[place]
    // The clock goes on from lap to lap.
    if (view !== undefined) memory = strategy.decide({ ...view, nowMonoMs: (lap + place) * 1_000 }, memory).memory
  }
  return { decisions, kilobytes: (heapNow() - before) / 1_024 }
}

const everySecond = (views: readonly IntersectionView[]): IntersectionView[] =>
  views.filter((_, tick) => tick % TICKS_A_SECOND === 0)

function heapNow(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
