/**
 * Two loops that are wired to each other's inputs, found by when vehicles leave them: over a stop-bar loop they leave while
 * its own head is lit. Nothing else that is read tells one loop from another.
 */
import { hasBit } from '#base/bits.ts'
import type { Detector } from '#signal/detector.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Vehicles that make a block: one that is not clear-cut is then one in a thousand. */
export const BLOCK_VEHICLES = 30
/** Who leaves the stop line so soon after yellow was on his way. */
const CLEARING_MS = 2_000
/** Of a loop that is wired to another's input: hardly anybody leaves it in its own green, nearly all in the other's. */
const OWN_SHARE_MAX = 0.2
const OTHER_SHARE_MIN = 0.8
/** An advance loop never has a greater part of its vehicles in the green than the stop bar that they drive on to. */
const REVERSED_BY = 0.45
/** When an exchange is taken to be mended: not at the first doubt. */
const STRAIGHT_SHARE_MIN = 0.5

interface Trace {
  readonly detector: Detector
  /** Place of its head among those that are watched. */
  readonly head: number
  occupied: boolean | null
  /** Vehicles of the block that runs: all, and by head that was lit when they left. */
  left: number
  readonly lit: number[]
  /** Shares of the last whole block; null before there is one. */
  block: readonly number[] | null
}

interface Pair {
  readonly a: Trace
  readonly b: Trace
  swapped: boolean
}

/** By detector number, the lower first. */
export type SwappedPair = readonly [Detector, Detector]

export class SwappedLoops {
  readonly #heads: readonly HeadSource[]
  readonly #traces: readonly Trace[]
  readonly #pairs: readonly Pair[]
  readonly #litAtMonoMs: number[]
  #seen: IntersectionView['detectors'] | null = null

  constructor(intersection: Intersection) {
    const watched = intersection.detectors.flatMap((detector) => {
      const head = headOf(intersection, detector)
      return head ? [{ detector, head }] : []
    })
    const keys = [...new Set(watched.map(({ head }) => keyOf(head)))]
    this.#heads = keys.flatMap((key) => watched.find(({ head }) => keyOf(head) === key)?.head ?? [])
    this.#litAtMonoMs = keys.map(() => Number.NEGATIVE_INFINITY)
    this.#traces = watched.map(({ detector, head }) => newTrace(detector, keys.indexOf(keyOf(head)), keys.length))
    this.#pairs = this.#traces.flatMap((a, i) =>
      this.#traces.slice(i + 1).flatMap((b) => (canBeTold(a, b) ? [{ a, b, swapped: false }] : [])),
    )
  }

  /** One tick. True where a pair has come or gone. */
  step({ signal, detectors, nowMonoMs }: Pick<IntersectionView, 'signal' | 'detectors' | 'nowMonoMs'>): boolean {
    // Who leaves a stop line while all lamps flash, or are not known, says nothing.
    if (signal.quality !== 'good' || signal.value.flash !== 'none') return this.#forgetPresence()
    this.#noteLamps(signal.value, nowMonoMs)
    // Nobody has come or gone.
    if (detectors === this.#seen) return false
    this.#seen = detectors
    let changed = false
    for (const trace of this.#traces) {
      const reading = detectors.get(trace.detector.id)
      const occupied = reading?.quality === 'good' ? reading.value.occupied : null
      const leaves = trace.occupied === true && occupied === false
      trace.occupied = occupied
      if (leaves && this.#countOut(trace, nowMonoMs)) changed = this.#judge(trace) || changed
    }
    return changed
  }

  get swapped(): readonly SwappedPair[] {
    const swapped = this.#pairs.filter((pair) => pair.swapped)
    const bars = swapped.filter(({ a, b }) => a.head !== b.head).flatMap(({ a, b }) => [a, b])
    // A stop bar that is exchanged with another one looks reversed in its own lane too.
    const lanes = swapped.filter(({ a, b }) => a.head !== b.head || (!bars.includes(a) && !bars.includes(b)))
    return lanes.map(({ a, b }) => [a.detector, b.detector] as const)
  }

  #forgetPresence(): false {
    this.#seen = null
    for (const trace of this.#traces) trace.occupied = null
    return false
  }

  #noteLamps(signal: SignalStatus, nowMonoMs: number): void {
    this.#heads.forEach((head, i) => {
      if (isLit(signal, head)) this.#litAtMonoMs[i] = nowMonoMs
    })
  }

  /** True when its block is whole. */
  #countOut(trace: Trace, nowMonoMs: number): boolean {
    trace.left++
    for (const [i, litAtMonoMs] of this.#litAtMonoMs.entries())
      if (nowMonoMs - litAtMonoMs <= CLEARING_MS) trace.lit[i] = (trace.lit[i] ?? 0) + 1
    if (trace.left < BLOCK_VEHICLES) return false
    trace.block = trace.lit.map((vehicles) => vehicles / BLOCK_VEHICLES)
    trace.left = 0
    trace.lit.fill(0)
    return true
  }

  #judge(trace: Trace): boolean {
    let changed = false
    for (const pair of this.#pairs) {
      if (pair.a !== trace && pair.b !== trace) continue
      const swapped = isSwapped(pair)
      changed ||= swapped !== pair.swapped
      pair.swapped = swapped
    }
    return changed
  }
}

const newTrace = (detector: Detector, head: number, heads: number): Trace => ({
  detector,
  head,
  occupied: null,
  left: 0,
  lit: Array.from({ length: heads }, () => 0),
  block: null,
})

/** The head that lets the vehicles of a loop go; none for a zone, and for one over lanes of several heads. */
function headOf(intersection: Intersection, { kind, lanes }: Detector): HeadSource | null {
  const heads = intersection.approaches
    .flatMap((approach) => approach.lanes)
    .flatMap(({ id, head }) => (lanes.includes(id) ? [head] : []))
  const [first] = heads
  if (kind === 'zone' || !first || heads.some((head) => keyOf(head) !== keyOf(first))) return null
  return first
}

const keyOf = (head: HeadSource): string => JSON.stringify(head)

/** Two stop bars of different heads, or the two loops of one lane; on one device, whose wires can be exchanged. */
function canBeTold(a: Trace, b: Trace): boolean {
  if (a.detector.device !== b.detector.device) return false
  const bars = [a, b].filter(({ detector }) => detector.kind === 'stop-bar').length
  return bars === 2 ? a.head !== b.head : bars === 1 && a.detector.lanes.join() === b.detector.lanes.join()
}

/** What the last whole blocks of both say; while one has none, what was said before. */
function isSwapped({ a, b, swapped }: Pair): boolean {
  if (a.block === null || b.block === null) return swapped
  const share = (of: Trace, head: Trace) => of.block?.[head.head] ?? 0
  const [ownA, ownB] = [share(a, a), share(b, b)]
  if (a.head === b.head) {
    const [bar, advance] = a.detector.kind === 'stop-bar' ? [ownA, ownB] : [ownB, ownA]
    if (swapped) return advance - bar >= REVERSED_BY / 2
    return advance >= OTHER_SHARE_MIN && advance - bar >= REVERSED_BY
  }
  if (swapped) return ownA < STRAIGHT_SHARE_MIN || ownB < STRAIGHT_SHARE_MIN
  const crossed = share(a, b) >= OTHER_SHARE_MIN && share(b, a) >= OTHER_SHARE_MIN
  return crossed && ownA <= OWN_SHARE_MAX && ownB <= OWN_SHARE_MAX
}

function isLit(signal: SignalStatus, head: HeadSource): boolean {
  switch (head.kind) {
    case 'vehicle':
      return hasBit(signal.greens | signal.yellows, head.phase)
    case 'overlap':
    case 'flashingArrow':
      return hasBit(signal.overlapGreens | signal.overlapYellows | signal.overlapFlashes, head.overlap)
    case 'pedestrian':
      return false
    default:
      return head satisfies never
  }
}
