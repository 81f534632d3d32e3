/** Moves the queues of a street on, through a green that is held or through a change, and says what that costs. */
import { SATURATION_PER_S } from '../queues/discharge.ts'
import type { Reds } from './reds.ts'
import type { Streams } from './streams.ts'

/** A stop costs what braking and getting going again take. */
const STOP_COST_S = 6
/** Until a queue is at speed, and what of the yellow it still drives through (HCM 6 ch. 19). */
export const START_UP_S = 2
export const YELLOW_USED_S = 2
/** Who comes without a queue before him stops for a yellow if he can: two seconds away he does, and a plan that thinks he is through ends his green just then. */
const YELLOW_PASSED_S = 1
/** While who is opposed discharges, hardly anybody finds a gap. */
const OPPOSED_SHARE = 0.15
/** A left-turner or two clear the junction in the yellow. */
const SNEAKERS = 1.5
/** Less than half a vehicle is nobody who stands. */
const ALONE = 0.5
/** For ranking: all others wait while a queue clears; tried with 0.5 and 2 on the two-phase optimum. */
const CLEARING_SHARE = 2
const CLEARING_S = CLEARING_SHARE / SATURATION_PER_S

export interface Hold {
  readonly stage: number
  readonly fromS: number
  readonly untilS: number
}

export interface Change {
  readonly from: number
  readonly to: number
  readonly fromS: number
  /** The new greens begin, … */
  readonly greenS: number
  /** … and this is as far as the queues are moved. */
  readonly readyS: number
}

/** What a second of a way is like. */
export interface Moment {
  /** Only who is green in both goes. */
  readonly stage: number
  readonly also: number
  /** The beginning of the yellow is over: who had no gap turns. */
  readonly sneaks: boolean
}

/** Where the sums of a move stand: numbers that are handed from call to call one by one would each be made anew. */
const COST = 0
const BEYOND = 1

/** The innermost loops of the search: nothing is made here, and what a move results in is read from its fields. */
export class Flow {
  readonly #streams: Streams
  readonly #reds: Reds
  readonly #sums = new Float64Array(2)
  /** Who waits where the move begins, and who is left at its end. */
  #before: Float64Array = new Float64Array(0)
  left: Float64Array = new Float64Array(0)
  /** The stage with which it begins, and when. */
  #stage = 0
  #fromS = 0

  constructor(streams: Streams, reds: Reds) {
    this.#streams = streams
    this.#reds = reds
  }

  /** What the last move has cost, in vehicle-seconds, … */
  get cost(): number {
    return this.#sums[COST] ?? 0
  }

  /** … and about what those who are left will cost beyond it, with the stage that is green then. */
  get beyond(): number {
    return this.#sums[BEYOND] ?? 0
  }

  /** The next moves begin with these queues, from `at` on. */
  begin(queues: Float64Array, at: number): void {
    const { count } = this.#streams
    if (this.left.length < count) {
      this.#before = new Float64Array(count)
      this.left = new Float64Array(count)
    }
    for (let s = 0; s < count; s++) this.#before[s] = queues[at + s] ?? 0
  }

  /** False as soon as it is dearer than `most`, and all that lies beyond. */
  hold({ stage, fromS, untilS }: Hold, most: number): boolean {
    this.#open(stage, fromS)
    for (let s = 0; s < this.#streams.count; s++) {
      this.left[s] = this.#before[s] ?? 0
      if (this.#streams.isServed(stage, s)) this.#leave(s, stage, fromS, untilS)
      else this.#wait(s, fromS, untilS)
      this.#look(s, stage)
      if (this.cost + this.beyond >= most) return false
    }
    return true
  }

  /** Through the yellow, of which the beginning is still driven, the red clearance and the start-up. */
  change(change: Change, most: number): boolean {
    const { from, to } = change
    this.#open(from, change.fromS)
    for (let s = 0; s < this.#streams.count; s++) {
      this.left[s] = this.#before[s] ?? 0
      if (this.#streams.isServed(from, s)) {
        if (this.#streams.isServed(to, s)) this.#stay(s, change)
        else this.#end(s, change)
      } else if (this.#streams.isServed(to, s)) this.#start(s, change)
      else this.#wait(s, change.fromS, change.readyS)
      this.#look(s, to)
      if (this.cost + this.beyond >= most) return false
    }
    return true
  }

  #open(stage: number, fromS: number): void {
    this.#sums.fill(0)
    this.#stage = stage
    this.#fromS = fromS
  }

  #stay(s: number, { from, to, fromS, greenS, readyS }: Change): void {
    const slower = this.#rate(s, from, fromS) < this.#rate(s, to, fromS) ? from : to
    this.#leave(s, slower, fromS, greenS)
    this.#leave(s, to, greenS, readyS)
  }

  #end(s: number, { from, fromS, greenS, readyS }: Change): void {
    const usedS = Math.min(greenS, fromS + ((this.#before[s] ?? 0) > ALONE ? YELLOW_USED_S : YELLOW_PASSED_S))
    this.#leave(s, from, fromS, usedS)
    this.#sneak(s, from)
    this.#wait(s, usedS, readyS)
  }

  #start(s: number, { to, fromS, greenS, readyS }: Change): void {
    const movingS = Math.min(readyS, greenS + START_UP_S)
    this.#wait(s, fromS, movingS)
    this.#leave(s, to, movingS, readyS)
  }

  /** One second of a way; only who is green in both stages goes. */
  second({ stage, also, sneaks }: Moment, fromS: number): void {
    this.#open(stage, fromS)
    for (let s = 0; s < this.#streams.count; s++) {
      this.left[s] = this.#before[s] ?? 0
      const slower = this.#rate(s, stage, fromS) < this.#rate(s, also, fromS) ? stage : also
      if (this.#streams.isServed(slower, s)) this.#leave(s, slower, fromS, fromS + 1)
      else this.#wait(s, fromS, fromS + 1)
      if (sneaks && !this.#streams.isServed(also, s)) this.#sneak(s, stage)
    }
  }

  /** Who yields goes where nobody who is opposed to him waits: neither at first nor, behind a red, by then. */
  #rate(s: number, stage: number, atS: number): number {
    const { rate, opposing, count } = this.#streams
    const foe = opposing[stage * count + s] ?? -1
    return (rate[stage * count + s] ?? 0) * (foe >= 0 && this.#waits(foe, atS) ? OPPOSED_SHARE : 1)
  }

  #waits(foe: number, atS: number): boolean {
    const since = this.#streams.isServed(this.#stage, foe) ? 0 : this.#streams.comeBetween(foe, this.#fromS, atS)
    return (this.#before[foe] ?? 0) + since > ALONE
  }

  /** In the yellow, who had no gap. */
  #sneak(s: number, stage: number): void {
    const { opposing, count } = this.#streams
    if ((opposing[stage * count + s] ?? -1) >= 0) this.left[s] = Math.max(0, (this.left[s] ?? 0) - SNEAKERS)
  }

  /** In red. */
  #wait(s: number, fromS: number, untilS: number): void {
    const { come, stood, weight, count } = this.#streams
    const queue = this.left[s] ?? 0
    const before = come[fromS * count + s] ?? 0
    const arrivals = (come[untilS * count + s] ?? 0) - before
    const standing = (stood[untilS * count + s] ?? 0) - (stood[fromS * count + s] ?? 0)
    const waitedS = standing + (queue - before) * (untilS - fromS)
    this.left[s] = queue + arrivals
    this.#sums[COST] = this.cost + (weight[s] ?? 1) * (waitedS + STOP_COST_S * arrivals)
  }

  /** In green. */
  #leave(s: number, stage: number, fromS: number, untilS: number): void {
    const { come, weight, stops, count } = this.#streams
    const queue = this.left[s] ?? 0
    const arrivals = (come[untilS * count + s] ?? 0) - (come[fromS * count + s] ?? 0)
    if (untilS === fromS || (queue === 0 && arrivals === 0)) return
    const flow = this.#rate(s, stage, fromS) * (untilS - fromS)
    // Who comes to a green without a queue drives through, though he alone is more than a second's flow.
    const room = Math.max(flow, queue < ALONE ? Math.min(arrivals, 1) : 0)
    const left = Math.max(0, queue + arrivals - room)
    const clears = left === 0 ? Math.min(1, queue / room) : 1
    const waitedS = ((queue + left) / 2) * (untilS - fromS) * clears
    const stop = queue > ALONE || stops[stage * count + s] === 1
    this.left[s] = left
    this.#sums[COST] = this.cost + (weight[s] ?? 1) * (waitedS + (stop ? STOP_COST_S * arrivals : 0))
  }

  /** Beyond the move: until it is green, and until those before him are gone. */
  #look(s: number, stage: number): void {
    const { weight, count } = this.#streams
    const queue = this.left[s] ?? 0
    const redS = this.#reds.waitS[stage * count + s] ?? 0
    this.#sums[BEYOND] = this.beyond + (weight[s] ?? 1) * queue * (CLEARING_S * queue + redS)
  }
}
