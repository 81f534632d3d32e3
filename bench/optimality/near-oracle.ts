/**
 * A plan for a whole demand that is known before it comes: forward over the seconds, with a wide beam of the best histories
 * of each stage. It can be driven, so it is never better than the optimum; how near it comes is held against the exact
 * one where that can be had (`two-phase.ts`).
 */
import { hasBit, type Bits } from '#base/bits.ts'
import { greensToEnd, legalStages } from '#signal/legal-stages.ts'
import type { Intersection } from '#signal/intersection.ts'

export interface KnownDemand {
  /** By lane: when each would cross if nothing held him up, ascending; ms. */
  readonly atMs: readonly Float64Array[]
  readonly headwayMs: number
  readonly startUpMs: number
  readonly yellowUsedMs: number
  /** Everybody should be gone by then. */
  readonly untilS: number
}

/** The stages and what lies between them, at `from × stages + to`. */
export interface Ways {
  readonly stages: readonly Bits[]
  readonly clearanceS: Uint8Array
  /** By stage, and by change: lanes that are green, or stay so; at `× lanes + lane`. */
  readonly greens: Uint8Array
  readonly staying: Uint8Array
  readonly leastS: number
}

/** The stage that is wanted from each second on, and what that costs; seconds of delay. */
export interface Plan {
  readonly changes: readonly { readonly atS: number; readonly stage: Bits }[]
  readonly delayS: number
  readonly untilS: number
}

/** What one who waits in red is sure to wait still, for ranking only. */
const RED_MS = 8_000
/** What a queue takes to clear while the others wait for it; tried with 0 to 4 on demands of both shapes. */
const SQUARE_HEADWAYS = 2

export function waysOf(intersection: Intersection, phaseOfLane: readonly number[]): Ways {
  const stages = legalStages(intersection, 0)
  const { phases } = intersection
  const lost = (ending: Bits) =>
    Math.max(
      0,
      ...phases.filter(({ id }) => hasBit(ending, id)).map(({ timing }) => timing.yellowMs + timing.redClearMs),
    )
  const pairs = stages.flatMap((from) =>
    stages.map((to) => ({ from, to, ending: greensToEnd(intersection, from, to) })),
  )
  return {
    stages,
    clearanceS: Uint8Array.from(pairs, ({ ending }) => Math.ceil(lost(ending) / 1_000)),
    greens: Uint8Array.from(stages.flatMap((stage) => phaseOfLane.map((phase) => Number(hasBit(stage, phase))))),
    staying: Uint8Array.from(
      pairs.flatMap(({ from, to, ending }) =>
        phaseOfLane.map((phase) => Number(hasBit((from & to & ~ending) >>> 0, phase))),
      ),
    ),
    leastS: Math.ceil(Math.max(...phases.map(({ timing }) => timing.minGreenMs)) / 1_000),
  }
}

export interface PlanStart {
  /** A stage that is green, and has been for as long as it must. */
  readonly begin: number
  /** Histories of each stage and second: the more, the nearer to the optimum, and the slower. */
  readonly beam: number
}

export function planAll(demand: KnownDemand, ways: Ways, { begin, beam }: PlanStart): Plan {
  const search = new Search(demand, ways, beam)
  search.begin(begin)
  for (let second = 0; second < demand.untilS; second++)
    for (let stage = 0; stage < ways.stages.length; stage++) search.expand(second, stage)
  return search.best()
}

/** Who has gone and when the next may go, lane by lane; what it has cost so far. */
class Search {
  readonly #demand: KnownDemand
  readonly #ways: Ways
  readonly #beam: number
  readonly #lanes: number
  /** A change reaches so many seconds ahead, and no further. */
  readonly #window: number
  readonly #gone: Int32Array
  readonly #freeMs: Float64Array
  readonly #cost: Float64Array
  readonly #rank: Float64Array
  readonly #history: Int32Array
  readonly #used: Uint16Array
  /** The one that is being made. */
  readonly #nowGone: Int32Array
  readonly #nowFreeMs: Float64Array
  #nowCost = 0
  /** Every change that was ever weighed and kept: when, to what, and the one before. */
  readonly #changes: { readonly atS: number; readonly stage: number; readonly before: number }[] = []
  readonly #sums: readonly Float64Array[]

  constructor(demand: KnownDemand, ways: Ways, beam: number) {
    this.#demand = demand
    this.#ways = ways
    this.#beam = beam
    this.#lanes = demand.atMs.length
    this.#window = Math.max(...ways.clearanceS) + ways.leastS + 2
    const cells = this.#window * ways.stages.length
    const slots = cells * beam
    this.#gone = new Int32Array(slots * this.#lanes)
    this.#freeMs = new Float64Array(slots * this.#lanes)
    this.#cost = new Float64Array(slots)
    this.#rank = new Float64Array(slots)
    this.#history = new Int32Array(slots)
    this.#used = new Uint16Array(cells)
    this.#nowGone = new Int32Array(this.#lanes)
    this.#nowFreeMs = new Float64Array(this.#lanes)
    this.#sums = demand.atMs.map(runningSums)
  }

  begin(stage: number): void {
    this.#keep(0, stage, -1)
  }

  expand(second: number, stage: number): void {
    const cell = this.#cell(second, stage)
    const used = this.#used[cell]!
    this.#used[cell] = 0
    for (let n = 0; n < used; n++) {
      const slot = cell * this.#beam + n
      this.#hold(second, stage, slot)
      for (let next = 0; next < this.#ways.stages.length; next++)
        if (next !== stage) this.#change(second, { from: stage, to: next }, slot)
    }
  }

  best(): Plan {
    const { stages } = this.#ways
    let found = -1
    let least = Infinity
    for (let stage = 0; stage < stages.length; stage++) {
      const cell = this.#cell(this.#demand.untilS, stage)
      for (let n = 0; n < this.#used[cell]!; n++) {
        const slot = cell * this.#beam + n
        if (this.#rank[slot]! >= least) continue
        least = this.#rank[slot]!
        found = slot
      }
    }
    const changes: { atS: number; stage: Bits }[] = []
    for (let at = this.#history[found] ?? -1; at >= 0;) {
      const { atS, stage, before } = this.#changes[at]!
      changes.push({ atS, stage: stages[stage]! })
      at = before
    }
    return { changes: changes.toReversed(), delayS: least / 1_000, untilS: this.#demand.untilS }
  }

  #hold(second: number, stage: number, slot: number): void {
    this.#load(slot)
    for (let lane = 0; lane < this.#lanes; lane++)
      if (this.#ways.greens[stage * this.#lanes + lane] === 1) this.#cross(lane, (second + 1) * 1_000)
    this.#keep(second + 1, stage, this.#history[slot]!)
  }

  #change(second: number, { from, to }: { from: number; to: number }, slot: number): void {
    const { clearanceS, greens, staying, leastS, stages } = this.#ways
    const pair = from * stages.length + to
    const greenS = second + clearanceS[pair]!
    const readyS = greenS + leastS
    if (readyS > this.#demand.untilS) return
    this.#load(slot)
    for (let lane = 0; lane < this.#lanes; lane++) {
      const stays = staying[pair * this.#lanes + lane] === 1
      if (greens[from * this.#lanes + lane] === 1 && !stays)
        this.#cross(lane, second * 1_000 + this.#demand.yellowUsedMs)
      if (greens[to * this.#lanes + lane] !== 1) continue
      if (!stays) this.#nowFreeMs[lane] = Math.max(this.#nowFreeMs[lane]!, greenS * 1_000 + this.#demand.startUpMs)
      this.#cross(lane, readyS * 1_000)
    }
    this.#changes.push({ atS: second, stage: to, before: this.#history[slot]! })
    if (!this.#keep(readyS, to, this.#changes.length - 1)) this.#changes.pop()
  }

  /** All of a lane that can be over the stop line before then. */
  #cross(lane: number, untilMs: number): void {
    const atMs = this.#demand.atMs[lane]!
    let gone = this.#nowGone[lane]!
    let freeMs = this.#nowFreeMs[lane]!
    while (gone < atMs.length) {
      const crossesMs = Math.max(atMs[gone]!, freeMs)
      if (crossesMs >= untilMs) break
      this.#nowCost += crossesMs - atMs[gone]!
      freeMs = crossesMs + this.#demand.headwayMs
      gone++
    }
    this.#nowGone[lane] = gone
    this.#nowFreeMs[lane] = freeMs
  }

  #load(slot: number): void {
    const from = slot * this.#lanes
    for (let lane = 0; lane < this.#lanes; lane++) {
      this.#nowGone[lane] = this.#gone[from + lane]!
      this.#nowFreeMs[lane] = this.#freeMs[from + lane]!
    }
    this.#nowCost = this.#cost[slot]!
  }

  /** False where it is not among the best of its stage and second. */
  #keep(second: number, stage: number, history: number): boolean {
    const cell = this.#cell(second, stage)
    const rank = this.#nowCost + this.#outlook(second, stage)
    const slot = this.#placeFor(cell, rank)
    if (slot < 0) return false
    this.#cost[slot] = this.#nowCost
    this.#rank[slot] = rank
    this.#history[slot] = history
    this.#gone.set(this.#nowGone, slot * this.#lanes)
    this.#freeMs.set(this.#nowFreeMs, slot * this.#lanes)
    return true
  }

  /** That of its like, of a worse one, or a free one; -1 where it is not good enough. */
  #placeFor(cell: number, rank: number): number {
    const used = this.#used[cell]!
    let worst = -1
    for (let slot = cell * this.#beam; slot < cell * this.#beam + used; slot++) {
      if (this.#isLike(slot)) return this.#rank[slot]! > rank ? slot : -1
      if (worst < 0 || this.#rank[slot]! > this.#rank[worst]!) worst = slot
    }
    if (used < this.#beam) {
      this.#used[cell] = used + 1
      return cell * this.#beam + used
    }
    return this.#rank[worst]! > rank ? worst : -1
  }

  /** The same vehicles have gone: whoever did it at less cost is as good. */
  #isLike(slot: number): boolean {
    for (let lane = 0; lane < this.#lanes; lane++)
      if (this.#gone[slot * this.#lanes + lane] !== this.#nowGone[lane]) return false
    return true
  }

  /** What those who wait have waited, and about what they still will. */
  #outlook(second: number, stage: number): number {
    const nowMs = second * 1_000
    let cost = 0
    for (let lane = 0; lane < this.#lanes; lane++) {
      const atMs = this.#demand.atMs[lane]!
      const gone = this.#nowGone[lane]!
      const come = countUntil(atMs, nowMs, gone)
      const waiting = come - gone
      if (waiting === 0) continue
      const sums = this.#sums[lane]!
      cost += waiting * nowMs - (sums[come]! - sums[gone]!)
      cost += SQUARE_HEADWAYS * waiting * waiting * this.#demand.headwayMs
      if (this.#ways.greens[stage * this.#lanes + lane] !== 1) cost += waiting * RED_MS
    }
    return cost
  }

  #cell(second: number, stage: number): number {
    return (second % this.#window) * this.#ways.stages.length + stage
  }
}

/** How many have come by then; `from` of them are known to have. */
function countUntil(atMs: Float64Array, nowMs: number, from: number): number {
  let count = from
  while (count < atMs.length && atMs[count]! <= nowMs) count++
  return count
}

function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  values.forEach((value, n) => (sums[n + 1] = sums[n]! + value))
  return sums
}
