/**
 * Two loops that are wired to each other's inputs: two stop bars, found by when vehicles leave them, which is while their own
 * head is lit; and the two loops of one lane, by which of them vehicles come to first. Nothing else that is read tells loops apart.
 */
import { at } from '#base/at.ts'
import { hasBit } from '#base/bits.ts'
import type { Detector } from '#signal/detector.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { LaneOrder } from './lane-order.ts'

/** Who leaves the stop line so soon after yellow was on his way. */
const CLEARING_MS = 2_000
/**
 * So many more vehicles must have left in the green of the other than in their own, over each of the two: a random walk with a floor
 * (Page 1954, CUSUM). Where every second vehicle of both streets turns on red, sound loops get so far once in seven million vehicles.
 */
export const WRONG_GREEN_MAX = 12
/** One in its own green speaks against four in the other's: of a loop that is exchanged hardly any vehicle leaves in it. */
const RIGHT_WEIGHT = 4

interface Trace {
  readonly detector: Detector
  /** Place of its head among those that are watched. */
  readonly head: number
  occupied: boolean | null
}

interface Side {
  readonly trace: Trace
  /** Vehicles in the other's green more than in its own, within 0 and the limit. */
  wrong: number
}

/** The stop bars of two heads. */
interface Bars {
  readonly a: Side
  readonly b: Side
  swapped: boolean
}

interface Lane {
  readonly bar: Trace
  readonly advance: Trace
  readonly order: LaneOrder
}

/** By detector number, the lower first. */
export type SwappedPair = readonly [Detector, Detector]

export class SwappedLoops {
  readonly #heads: readonly HeadSource[]
  readonly #traces: readonly Trace[]
  readonly #bars: readonly Bars[]
  readonly #lanes: readonly Lane[]
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
    this.#traces = watched.map(({ detector, head }) => ({ detector, head: keys.indexOf(keyOf(head)), occupied: null }))
    const bars = this.#traces.filter(({ detector }) => detector.kind === 'stop-bar')
    const advances = this.#traces.filter(({ detector }) => detector.kind === 'advance')
    this.#bars = bars.flatMap((a, i) =>
      bars.slice(i + 1).flatMap((b) => (a.head !== b.head && onOneDevice(a, b) ? [newBars(a, b)] : [])),
    )
    this.#lanes = bars.flatMap((bar) =>
      advances
        .filter((advance) => onOneDevice(bar, advance) && inOneLane(bar, advance))
        .map((advance) => ({ bar, advance, order: new LaneOrder(bar.detector, advance.detector) })),
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
      if (occupied === trace.occupied) continue
      const leaves = trace.occupied === true && occupied === false
      trace.occupied = occupied
      if (leaves) changed = this.#judgeGreens(trace, nowMonoMs) || changed
      changed = this.#judgeOrder(trace, nowMonoMs) || changed
    }
    return changed
  }

  get swapped(): readonly SwappedPair[] {
    const bars = this.#bars.filter(({ swapped }) => swapped)
    const exchanged = new Set(bars.flatMap(({ a, b }) => [a.trace, b.trace]))
    // Over a stop bar that is exchanged with another one vehicles come in no order.
    const lanes = this.#lanes.filter(({ bar, order }) => order.isReversed && !exchanged.has(bar))
    return [
      ...bars.map(({ a, b }) => byNumber(a.trace.detector, b.trace.detector)),
      ...lanes.map(({ bar, advance }) => byNumber(bar.detector, advance.detector)),
    ]
  }

  #forgetPresence(): false {
    if (this.#seen === null) return false
    this.#seen = null
    for (const trace of this.#traces) trace.occupied = null
    for (const { order } of this.#lanes) order.forgetPresence()
    return false
  }

  #noteLamps(signal: SignalStatus, nowMonoMs: number): void {
    this.#heads.forEach((head, i) => {
      if (isLit(signal, head)) this.#litAtMonoMs[i] = nowMonoMs
    })
  }

  /** Whoever leaves while both heads are lit, or neither is, tells nothing of the two. */
  #judgeGreens(trace: Trace, nowMonoMs: number): boolean {
    const wasLit = ({ head }: Trace) => nowMonoMs - at(this.#litAtMonoMs, head) <= CLEARING_MS
    const inOwn = wasLit(trace)
    let changed = false
    for (const pair of this.#bars) {
      if (pair.a.trace !== trace && pair.b.trace !== trace) continue
      const [own, other] = pair.a.trace === trace ? [pair.a, pair.b] : [pair.b, pair.a]
      if (inOwn !== wasLit(other.trace)) changed = noteLeft(pair, own, inOwn) || changed
    }
    return changed
  }

  #judgeOrder(trace: Trace, nowMonoMs: number): boolean {
    let changed = false
    for (const { bar, advance, order } of this.#lanes)
      if (bar === trace || advance === trace)
        changed = order.see(bar === trace ? 'bar' : 'advance', trace.occupied, nowMonoMs) || changed
    return changed
  }
}

const newBars = (a: Trace, b: Trace): Bars => ({
  a: { trace: a, wrong: 0 },
  b: { trace: b, wrong: 0 },
  swapped: false,
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

/** Whose wires can be exchanged. */
const onOneDevice = (a: Trace, b: Trace): boolean => a.detector.device === b.detector.device

const inOneLane = (a: Trace, b: Trace): boolean => a.detector.lanes.join() === b.detector.lanes.join()

const byNumber = (a: Detector, b: Detector): SwappedPair => (a.id < b.id ? [a, b] : [b, a])

/** One who has left over a side of a pair, in its own green or in the other's. True where the pair is found exchanged, or right again. */
function noteLeft(pair: Bars, side: Side, inOwn: boolean): boolean {
  const { a, b, swapped } = pair
  const right = swapped ? 1 : RIGHT_WEIGHT
  side.wrong = inOwn ? Math.max(0, side.wrong - right) : Math.min(WRONG_GREEN_MAX, side.wrong + 1)
  const least = Math.min(a.wrong, b.wrong)
  pair.swapped = swapped ? least > 0 : least === WRONG_GREEN_MAX
  return pair.swapped !== swapped
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
