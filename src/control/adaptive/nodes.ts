/** What a search has come to, second by second and stage by stage: of each the cheapest few histories, in columns. */

/** So many of each stage at each second, as long as they are not all alike; with more the two-phase optimum comes no nearer. */
const KEPT = 4
/** Histories whose queues differ by less are one, and the cheaper stands for it: else all that are kept are the same plan, a second later each. */
const ALIKE = 0.25

/** How a history goes on. */
export interface Step {
  readonly from: number
  readonly point: number
  readonly stage: number
  /** Rings whose green began at `greenS`, by bit: those of the others go on. */
  readonly begun: number
  readonly greenS: number
}

/** What the move to there has come to. */
export interface Moved {
  readonly cost: number
  readonly beyond: number
  readonly left: Float64Array
}

/** A slot is a node; made once and grown as needed, since hundreds of searches run a second. */
export class Nodes {
  #stages = 0
  #streams = 0
  #rings = 0
  #used = new Uint8Array(0)
  #order = new Int32Array(0)
  rank = new Float64Array(0)
  cost = new Float64Array(0)
  first = new Int16Array(0)
  parent = new Int32Array(0)
  #greenSinceS = new Int16Array(0)
  queues = new Float64Array(0)

  prepare(points: number, { stages, streams, rings }: { stages: number; streams: number; rings: number }): void {
    const slots = points * stages * KEPT
    this.#stages = stages
    this.#streams = streams
    this.#rings = rings
    if (this.rank.length < slots) {
      this.#used = new Uint8Array(points * stages)
      this.#order = new Int32Array(stages * KEPT)
      this.rank = new Float64Array(slots)
      this.cost = new Float64Array(slots)
      this.first = new Int16Array(slots)
      this.parent = new Int32Array(slots)
    }
    if (this.#greenSinceS.length < slots * rings) this.#greenSinceS = new Int16Array(slots * rings)
    if (this.queues.length < slots * streams) this.queues = new Float64Array(slots * streams)
    this.#used.fill(0)
  }

  /** For how long a ring has been green at a second. */
  ageS(slot: number, ring: number, atS: number): number {
    return atS - (this.#greenSinceS[slot * this.#rings + ring] ?? 0)
  }

  isFirst(slot: number): boolean {
    return (this.parent[slot] ?? -1) < 0
  }

  stageOf(slot: number): number {
    return Math.floor(slot / KEPT) % this.#stages
  }

  pointOf(slot: number): number {
    return Math.floor(slot / KEPT / this.#stages)
  }

  /** What is no cheaper than this is not kept there. */
  worstAt(point: number, stage: number): number {
    const cell = point * this.#stages + stage
    if ((this.#used[cell] ?? 0) < KEPT) return Infinity
    return this.rank[this.#worstIn(cell)] ?? Infinity
  }

  #worstIn(cell: number): number {
    let worst = cell * KEPT
    for (let slot = worst + 1; slot < (cell + 1) * KEPT; slot++)
      if ((this.rank[slot] ?? 0) > (this.rank[worst] ?? 0)) worst = slot
    return worst
  }

  /** The first of all: what the street shows now. */
  begin(stage: number, queues: Float64Array, agesS: Uint8Array): void {
    const slot = stage * KEPT
    this.#used[stage] = 1
    this.cost[slot] = 0
    this.rank[slot] = 0
    this.first[slot] = -1
    this.parent[slot] = -1
    for (let ring = 0; ring < this.#rings; ring++) this.#greenSinceS[slot * this.#rings + ring] = -(agesS[ring] ?? 0)
    for (let s = 0; s < this.#streams; s++) this.queues[slot * this.#streams + s] = queues[s] ?? 0
  }

  /** Where it is among the cheapest, and no other like it is cheaper. */
  keep({ from, point, stage, begun, greenS }: Step, { cost, beyond, left }: Moved): void {
    const costNow = (this.cost[from] ?? 0) + cost
    const slot = this.#placeFor(point * this.#stages + stage, costNow + beyond, left)
    if (slot < 0) return
    const first = this.first[from] ?? -1
    this.cost[slot] = costNow
    this.rank[slot] = costNow + beyond
    this.first[slot] = first < 0 ? stage : first
    this.parent[slot] = from
    for (let ring = 0; ring < this.#rings; ring++)
      this.#greenSinceS[slot * this.#rings + ring] =
        (begun & (1 << ring)) === 0 ? (this.#greenSinceS[from * this.#rings + ring] ?? 0) : greenS
    for (let s = 0; s < this.#streams; s++) this.queues[slot * this.#streams + s] = left[s] ?? 0
  }

  /** -1 where it is not kept. */
  #placeFor(cell: number, rank: number, queues: Float64Array): number {
    const alike = this.#alikeIn(cell, queues)
    const used = this.#used[cell] ?? 0
    if (alike < 0 && used < KEPT) {
      this.#used[cell] = used + 1
      return cell * KEPT + used
    }
    const slot = alike < 0 ? this.#worstIn(cell) : alike
    return rank < (this.rank[slot] ?? 0) ? slot : -1
  }

  /** The same vehicles have gone, give or take; -1 where none is. */
  #alikeIn(cell: number, queues: Float64Array): number {
    const end = cell * KEPT + (this.#used[cell] ?? 0)
    for (let slot = cell * KEPT; slot < end; slot++) {
      const from = slot * this.#streams
      let s = 0
      while (s < this.#streams && Math.abs((this.queues[from + s] ?? 0) - (queues[s] ?? 0)) <= ALIKE) s++
      if (s === this.#streams) return slot
    }
    return -1
  }

  /** The cheapest of a second, whatever their stage: at most so many; good until it is asked again. */
  cheapestAt(point: number, most: number): Int32Array {
    let count = 0
    for (let stage = 0; stage < this.#stages; stage++) {
      const cell = point * this.#stages + stage
      for (let n = 0; n < (this.#used[cell] ?? 0); n++) count = this.#insert(cell * KEPT + n, count)
    }
    return this.#order.subarray(0, Math.min(most, count))
  }

  #insert(slot: number, count: number): number {
    const rank = this.rank[slot] ?? 0
    let place = count
    while (place > 0 && (this.rank[this.#order[place - 1] ?? 0] ?? 0) > rank) {
      this.#order[place] = this.#order[place - 1] ?? 0
      place--
    }
    this.#order[place] = slot
    return count + 1
  }
}
