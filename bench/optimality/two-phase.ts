/**
 * Two streets that cross, in steps of two seconds, with whole vehicles: small enough for the exact optimum by dynamic
 * programming backwards over arrivals that are known. No policy that must wait and see can reach it.
 */

export const STEP_S = 2
/** A saturation flow of 1,800 an hour: a vehicle a step. */
export const FLOW_PER_S = 1 / STEP_S
/** Yellow in which the queue still discharges, and red in which nobody goes. */
export const CHANGE_STEPS = 2
export const CHANGE_S = CHANGE_STEPS * STEP_S
/** The first step of a green is the start-up of the queue. Five seconds of least green, in whole steps. */
export const LEAST_STEPS = 3

/** Who comes in each step, by street. */
export type Arrivals = readonly [Uint8Array, Uint8Array]

export interface Price {
  /** What each vehicle that has to stop costs beside its waiting. */
  readonly stopS: number
}

export interface TwoPhaseState {
  readonly step: number
  /** The street that is green. */
  readonly green: 0 | 1
  /** Steps since its green began; more than `LEAST_STEPS` are not told apart. */
  readonly age: number
  readonly queues: readonly [number, number]
}

/** True: the other street's turn. Asked only when the least green is over. */
export type Policy = (state: TwoPhaseState) => boolean

export interface Lived {
  readonly delayS: number
  readonly stops: number
  readonly left: number
  /** Longest queue of a street. */
  readonly most: number
}

/** Streets are empty at first, the first has been green for long; ends when everybody has come and gone. */
export function live(arrivals: Arrivals, stepsMost: number, policy: Policy): Lived {
  const street = new Street(arrivals)
  const steps = arrivals[0].length
  let green: 0 | 1 = 0
  let age = LEAST_STEPS
  while (street.step < stepsMost && (street.step < steps || street.waiting > 0)) {
    const state = { step: street.step, green, age, queues: street.queues }
    if (age >= LEAST_STEPS && policy(state)) {
      street.go(green)
      street.go(null)
      green = green === 0 ? 1 : 0
      age = 0
    } else {
      street.go(age > 0 ? green : null)
      age = Math.min(LEAST_STEPS, age + 1)
    }
  }
  const { delayS, stops, left, most } = street
  return { delayS, stops, left, most }
}

class Street {
  readonly #arrivals: Arrivals
  readonly #queues: [number, number] = [0, 0]
  step = 0
  delayS = 0
  stops = 0
  left = 0
  most = 0

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals
  }

  get queues(): readonly [number, number] {
    return [this.#queues[0], this.#queues[1]]
  }

  get waiting(): number {
    return this.#queues[0] + this.#queues[1]
  }

  /** One step; `serves`: the street that discharges. */
  go(serves: 0 | 1 | null): void {
    for (const street of [0, 1] as const) {
      const come = this.#arrivals[street][this.step] ?? 0
      const before = this.#queues[street]
      this.#queues[street] = Math.max(0, before + come - (serves === street ? 1 : 0))
      this.left += before + come - this.#queues[street]
      this.stops += stopsOf(before, come, serves === street)
      this.most = Math.max(this.most, this.#queues[street])
    }
    this.delayS += STEP_S * this.waiting
    this.step++
  }
}

/** Who comes and does not drive through. */
const stopsOf = (queue: number, come: number, isServed: boolean): number =>
  isServed && queue === 0 ? Math.max(0, come - 1) : come

/**
 * The least that the arrivals can cost, from the same beginning as `live`, with everybody gone after `steps`; `cap`: no
 * queue may grow beyond it, which no sensible way to serve them would let it.
 */
export function optimum(arrivals: Arrivals, { steps, cap }: { steps: number; cap: number }, price: Price): number {
  const states = new States(cap)
  // Of the steps that follow, the next one first: a change reaches `CHANGE_STEPS` ahead.
  let later = Array.from({ length: CHANGE_STEPS }, (_, ahead) => states.atEnd(ahead === 0))
  for (let step = steps - 1; step >= 0; step--) {
    const street = (of: 0 | 1) => new StreetMoves(arrivals[of], { step, cap, price })
    const now = states.valuesBefore(later, [street(0), street(1)])
    later = [now, ...later.slice(0, -1)]
  }
  return later[0]![states.place(0, LEAST_STEPS, 0)]!
}

/** What becomes of each queue of one street, and what it costs, whatever the other does. */
interface Moves {
  readonly next: Int32Array
  /** Infinity where the queue would grow beyond the cap. */
  readonly cost: Float64Array
}

class StreetMoves {
  readonly served: Moves
  readonly waiting: Moves
  /** Over a change, of the street that was green, … */
  readonly ending: Moves
  /** … and of the other. */
  readonly beginning: Moves

  constructor(arrivals: Uint8Array, { step, cap, price }: { step: number; cap: number; price: Price }) {
    const come = (ahead: number) => arrivals[step + ahead] ?? 0
    const one = (ahead: number, isServed: boolean) => movesOf(cap, { come: come(ahead), isServed, price })
    this.served = one(0, true)
    this.waiting = one(0, false)
    const red = one(1, false)
    this.ending = chained(this.served, red)
    this.beginning = chained(this.waiting, red)
  }
}

function movesOf(cap: number, facts: { come: number; isServed: boolean; price: Price }): Moves {
  const { come, isServed, price } = facts
  const next = Int32Array.from({ length: cap + 1 }, (_, queue) => Math.max(0, queue + come - (isServed ? 1 : 0)))
  const cost = Float64Array.from(next, (after, queue) =>
    after > cap ? Infinity : STEP_S * after + price.stopS * stopsOf(queue, come, isServed),
  )
  return { next: next.map((after) => Math.min(cap, after)), cost }
}

const chained = (first: Moves, then: Moves): Moves => ({
  next: first.next.map((queue) => then.next[queue]!),
  cost: first.cost.map((cost, queue) => cost + then.cost[first.next[queue]!]!),
})

/** Values of all states of a moment: (green, age, q1, q2) in one column. */
class States {
  readonly #side: number

  constructor(cap: number) {
    this.#side = cap + 1
  }

  /** Of both queues empty, unless the place of another is added: q1 × side + q2. */
  place(green: 0 | 1, age: number, queues: number): number {
    return (green * (LEAST_STEPS + 1) + age) * this.#side ** 2 + queues
  }

  /** Everybody must be gone by the end; what would begin later may not. */
  atEnd(isEnd: boolean): Float64Array {
    const values = new Float64Array(2 * (LEAST_STEPS + 1) * this.#side ** 2).fill(Infinity)
    if (isEnd)
      for (const green of [0, 1] as const)
        for (let age = 0; age <= LEAST_STEPS; age++) values[this.place(green, age, 0)] = 0
    return values
  }

  valuesBefore(later: readonly Float64Array[], streets: readonly [StreetMoves, StreetMoves]): Float64Array {
    const values = this.atEnd(false)
    const serving = (of: 0 | 1, isServed: boolean) => (isServed ? streets[of].served : streets[of].waiting)
    for (const green of [0, 1] as const)
      for (let age = 0; age <= LEAST_STEPS; age++) {
        const from = this.place(green, age, 0)
        const hold = [serving(0, age > 0 && green === 0), serving(1, age > 0 && green === 1)] as const
        const held = { values: later[0]!, from: this.place(green, Math.min(LEAST_STEPS, age + 1), 0) }
        this.#lower(values, from, hold, held)
        if (age < LEAST_STEPS) continue
        const change =
          green === 0
            ? ([streets[0].ending, streets[1].beginning] as const)
            : ([streets[0].beginning, streets[1].ending] as const)
        const begun = { values: later.at(-1)!, from: this.place(green === 0 ? 1 : 0, 0, 0) }
        this.#lower(values, from, change, begun)
      }
    return values
  }

  /** Each value of a block, where these moves make it less. */
  #lower(
    values: Float64Array,
    from: number,
    [first, second]: readonly [Moves, Moves],
    after: { readonly values: Float64Array; readonly from: number },
  ): void {
    const side = this.#side
    for (let q1 = 0; q1 < side; q1++) {
      const row = after.from + first.next[q1]! * side
      for (let q2 = 0; q2 < side; q2++) {
        const cost = first.cost[q1]! + second.cost[q2]! + after.values[row + second.next[q2]!]!
        const place = from + q1 * side + q2
        if (cost < values[place]!) values[place] = cost
      }
    }
  }
}
