/** A forward search over the ways to go on: dynamic programming by second and stage, with a beam of the cheapest of each. */
import type { StageGraph } from './stage-graph.ts'
import { HORIZON_S, SATURATION_PER_S, type StreetForecast } from './street-forecast.ts'

export interface SearchStart {
  readonly graph: StageGraph
  readonly forecast: StreetForecast
  /** Index of the stage that is green, and for how many seconds it has been. */
  readonly stage: number
  readonly ageS: number
  /** Least green of each stage where somebody on foot wants more than the minimum; seconds. */
  readonly leastS: Uint8Array
}

export interface Found {
  /** Of the best way that begins with each stage, its own to hold; Infinity where there is none. Vehicle-seconds. */
  readonly costs: Float64Array
}

/** Beam: so many histories of each stage at each second, as long as they are not all alike; with more the two-phase optimum comes no nearer. */
const BEAM = 4
/** Histories whose queues differ by less are one, and the cheaper stands for it: else the beam is full of the same plan, a second later each. */
const ALIKE = 0.25
/** A stop costs what braking and getting going again take. */
const STOP_COST_S = 6
/** Until a queue is at speed, and what of the yellow is still driven through (HCM 6 ch. 19). */
const START_UP_S = 2
const YELLOW_USED_S = 2
/** For ranking: who waits and is red waits for a change and some more, … */
const RED_AT_END_S = 8
/** … and all others wait while a queue clears; tried with 0.5 and 2 on the two-phase optimum. */
const CLEARING_SHARE = 2
/** While who is opposed discharges, hardly anybody finds a gap. */
const OPPOSED_SHARE = 0.15
/** A left-turner or two clear the junction in the yellow. */
const SNEAKERS = 1.5

/** Everything that a search writes; made once and grown as needed, since hundreds of searches run a second. */
class Pool {
  slots = 0
  streams = 0
  queues = new Float64Array(0)
  cost = new Float64Array(0)
  rank = new Float64Array(0)
  age = new Uint8Array(0)
  first = new Int8Array(0)
  used = new Uint8Array(0)
  scratch = new Float64Array(0)

  prepare(cells: number, streams: number): void {
    const slots = cells * BEAM
    if (slots > this.slots || streams > this.streams) {
      this.slots = Math.max(slots, this.slots)
      this.streams = Math.max(streams, this.streams)
      this.queues = new Float64Array(this.slots * this.streams)
      this.cost = new Float64Array(this.slots)
      this.rank = new Float64Array(this.slots)
      this.age = new Uint8Array(this.slots)
      this.first = new Int8Array(this.slots)
      this.used = new Uint8Array(this.slots)
      this.scratch = new Float64Array(this.streams)
    }
    this.used.fill(0, 0, cells)
  }
}

const POOL = new Pool()

export function search(start: SearchStart): Found {
  const { graph, forecast, stage, ageS } = start
  const stages = graph.stages.length
  POOL.prepare((HORIZON_S + 1) * stages, forecast.streams)
  POOL.scratch.set(forecast.waiting)
  keep(start, { t: 0, stage, cost: 0, age: ageS, first: -1 })
  for (let t = 0; t < HORIZON_S; t++)
    for (let k = 0; k < stages; k++) {
      const cell = t * stages + k
      for (let n = 0; n < (POOL.used[cell] ?? 0); n++) expand(start, t, k, cell * BEAM + n)
    }
  return best(start)
}

interface Node {
  readonly t: number
  readonly stage: number
  readonly cost: number
  readonly age: number
  /** The stage of the first decision; -1 before it. */
  readonly first: number
}

function expand(start: SearchStart, t: number, k: number, slot: number): void {
  const { graph, leastS } = start
  const stages = graph.stages.length
  const age = POOL.age[slot] ?? 0
  const cost = POOL.cost[slot] ?? 0
  const first = POOL.first[slot] ?? -1
  const until = Math.min(HORIZON_S, t + (t < 4 ? 1 : t < 30 ? 2 : 3))
  load(start, slot)
  const held = cost + flow(start, { from: t, until, stage: k, also: k })
  keep(start, {
    t: until,
    stage: k,
    cost: held,
    age: Math.min(255, age + until - t),
    first: first < 0 ? start.stage : first,
  })
  if (age < (leastS[k] ?? 0)) return
  for (let next = 0; next < stages; next++) {
    if (next === k) continue
    load(start, slot)
    if (!isWanted(start, t, k, next)) continue
    const green = Math.min(HORIZON_S, t + (graph.clearanceS[k * stages + next] ?? 0))
    const ready = Math.min(HORIZON_S, green + (leastS[next] ?? 0))
    const changed = cost + change(start, { from: t, green, ready, stage: k, next })
    keep(start, { t: ready, stage: next, cost: changed, age: ready - green, first: first < 0 ? next : first })
  }
}

function load({ forecast }: SearchStart, slot: number): void {
  const { streams } = forecast
  const from = slot * POOL.streams
  for (let s = 0; s < streams; s++) POOL.scratch[s] = POOL.queues[from + s] ?? 0
}

/** Somebody waits for a green that the stage brings, or comes soon. */
function isWanted({ forecast }: SearchStart, t: number, from: number, to: number): boolean {
  const { streams, rate, come, secondsMost } = forecast
  for (let s = 0; s < streams; s++) {
    const now = rate[from * streams + s] ?? 0
    const then = rate[to * streams + s] ?? 0
    if (then <= now) continue
    const row = s * (secondsMost + 1)
    const soon = (come[row + Math.min(secondsMost, t + SOON_S)] ?? 0) - (come[row + t] ?? 0)
    if ((POOL.scratch[s] ?? 0) + soon > SOMEBODY) return true
  }
  return false
}

const SOON_S = 12
const SOMEBODY = 0.3

/** Who had no gap turns in the yellow. */
function sneak({ forecast }: SearchStart, from: number, to: number): void {
  const { streams, opposing, rate } = forecast
  for (let s = 0; s < streams; s++)
    if ((opposing[from * streams + s] ?? -1) >= 0 && (rate[to * streams + s] ?? 0) === 0)
      POOL.scratch[s] = Math.max(0, (POOL.scratch[s] ?? 0) - SNEAKERS)
}

interface Change {
  readonly from: number
  readonly green: number
  readonly ready: number
  readonly stage: number
  readonly next: number
}

/** Through the yellow, of which the beginning is still driven, the red clearance and the start-up to the end of the least green; returns what it costs. */
function change(start: SearchStart, { from, green, ready, stage, next }: Change): number {
  const used = Math.min(green, from + YELLOW_USED_S)
  const moving = Math.min(ready, green + START_UP_S)
  let cost = flow(start, { from, until: used, stage, also: stage })
  cost += flow(start, { from: used, until: green, stage, also: next })
  sneak(start, stage, next)
  cost += flow(start, { from: green, until: moving, stage: next, also: stage })
  return cost + flow(start, { from: moving, until: ready, stage: next, also: next })
}

interface Stretch {
  readonly from: number
  readonly until: number
  readonly stage: number
  /** Only who is green in this one as well goes. */
  readonly also: number
}

/** Moves the queues of the scratch on, and returns what that costs. */
function flow({ forecast }: SearchStart, { from, until, stage, also }: Stretch): number {
  const { streams, rate, opposing, come, secondsMost, weight } = forecast
  const dt = until - from
  if (dt <= 0) return 0
  const queues = POOL.scratch
  let cost = 0
  for (let s = 0; s < streams; s++) {
    const row = s * (secondsMost + 1)
    const arrivals = (come[row + until] ?? 0) - (come[row + from] ?? 0)
    const q = queues[s] ?? 0
    if (q === 0 && arrivals === 0) continue
    let flowing = Math.min(rate[stage * streams + s] ?? 0, rate[also * streams + s] ?? 0)
    if (flowing > 0) {
      const foe = opposing[stage * streams + s] ?? -1
      if (foe >= 0 && (queues[foe] ?? 0) > ALONE) flowing *= OPPOSED_SHARE
    }
    // Who comes to a green without a queue drives through, though he alone is more than a second's flow.
    const room = Math.max(flowing * dt, q < ALONE && flowing > 0 ? Math.min(arrivals, 1) : 0)
    const rest = Math.max(0, q + arrivals - room)
    const clears = flowing > 0 && rest === 0 ? Math.min(1, q / room) : 1
    queues[s] = rest
    cost +=
      (weight[s] ?? 1) * (((q + rest) / 2) * dt * clears + STOP_COST_S * (flowing === 0 || q > ALONE ? arrivals : 0))
  }
  return cost
}

/** Less than half a vehicle is nobody who stands. */
const ALONE = 0.5

/** Puts the scratch where it belongs, if it is among the best there. */
function keep({ graph, forecast }: SearchStart, { t, stage, cost, age, first }: Node): void {
  const cell = t * graph.stages.length + stage
  const used = POOL.used[cell] ?? 0
  const rank = cost + outlook(forecast, stage)
  let place = used
  let worst = -Infinity
  for (let n = 0; n < used; n++) {
    const slot = cell * BEAM + n
    if (isAlike(slot, forecast.streams)) {
      if ((POOL.rank[slot] ?? 0) <= rank) return
      place = n
      worst = Infinity
      break
    }
  }
  if (worst !== Infinity && used === BEAM) {
    for (let n = 0; n < BEAM; n++) {
      const each = POOL.rank[cell * BEAM + n] ?? 0
      if (each > worst) {
        worst = each
        place = n
      }
    }
    if (worst <= rank) return
  }
  if (place === used) POOL.used[cell] = used + 1
  const slot = cell * BEAM + place
  POOL.cost[slot] = cost
  POOL.rank[slot] = rank
  POOL.age[slot] = age
  POOL.first[slot] = first
  POOL.queues.set(POOL.scratch.subarray(0, forecast.streams), slot * POOL.streams)
}

/** The same vehicles have gone, give or take. */
function isAlike(slot: number, streams: number): boolean {
  const from = slot * POOL.streams
  for (let s = 0; s < streams; s++)
    if (Math.abs((POOL.queues[from + s] ?? 0) - (POOL.scratch[s] ?? 0)) > ALIKE) return false
  return true
}

/** What is left in the scratch will cost about so much beyond the horizon. */
function outlook({ streams, rate, weight }: StreetForecast, stage: number): number {
  let cost = 0
  for (let s = 0; s < streams; s++) {
    const q = POOL.scratch[s] ?? 0
    if (q === 0) continue
    const flowing = rate[stage * streams + s] ?? 0
    const clears = (CLEARING_SHARE * q * q) / SATURATION_PER_S
    cost += (weight[s] ?? 1) * (clears + (flowing > 0 ? 0 : q * RED_AT_END_S))
  }
  return cost
}

function best({ graph }: SearchStart): Found {
  const stages = graph.stages.length
  const costs = new Float64Array(stages).fill(Infinity)
  for (let k = 0; k < stages; k++) {
    const cell = HORIZON_S * stages + k
    for (let n = 0; n < (POOL.used[cell] ?? 0); n++) {
      const slot = cell * BEAM + n
      const first = POOL.first[slot] ?? 0
      const rank = POOL.rank[slot] ?? Infinity
      costs[first] = Math.min(costs[first] ?? Infinity, rank)
    }
  }
  return { costs }
}
