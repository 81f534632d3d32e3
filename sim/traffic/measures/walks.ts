/** How long people stand at the kerb, crosswalk by crosswalk; those who still stand there are counted with their wait so far. */
import type { Crosswalk } from '../flow/crosswalks.ts'
import { NONE } from '../flow/vehicles.ts'
import type { StreetNetwork } from '../streets/street-network.ts'
import type { PlaceNumber, Places } from './places.ts'

export interface Waits {
  walkers: number
  /** Of these, those who still wait. */
  waiting: number
  waitedMs: number
  longestMs: number
}

export class Walks {
  readonly #placeOf: readonly PlaceNumber[]
  /** By crossing: what had been counted when the measures began. */
  readonly #before: { crossed: number; waitedMs: number }[]
  readonly #longestMs: Float64Array

  constructor(places: Places, network: StreetNetwork) {
    this.#placeOf = network.crossings.map(({ junction, approach }) => {
      const intersection = network.junctions[junction]?.intersection
      if (intersection === null || intersection === undefined) return places.city
      const place = places.find({ level: 'approach', intersection, approach })
      return place === NONE ? places.find({ level: 'intersection', intersection }) : place
    })
    this.#before = network.crossings.map(() => ({ crossed: 0, waitedMs: 0 }))
    this.#longestMs = new Float64Array(network.crossings.length)
  }

  /** Leaves out what was counted until now. */
  begin(crosswalks: readonly Crosswalk[]): void {
    crosswalks.forEach(({ count: { crossed, waitedMs } }, number) => (this.#before[number] = { crossed, waitedMs }))
    this.#longestMs.fill(0)
  }

  /** After each step: the first in line has waited longest. */
  step(crosswalks: readonly Crosswalk[], nowMs: number): void {
    crosswalks.forEach(({ waiting }, number) => {
      const [first] = waiting
      if (first !== undefined) this.#longestMs[number] = Math.max(this.#longestMs[number]!, nowMs - first.departMs)
    })
  }

  /** By place. */
  read(places: Places, crosswalks: readonly Crosswalk[], nowMs: number): Waits[] {
    const all = places.list.map((): Waits => ({ walkers: 0, waiting: 0, waitedMs: 0, longestMs: 0 }))
    crosswalks.forEach(({ waiting, count }, number) => {
      const before = this.#before[number]!
      for (let place = this.#placeOf[number]!; place !== NONE; place = places.parent[place]!) {
        const waits = all[place]!
        waits.walkers += count.crossed - before.crossed + waiting.length
        waits.waiting += waiting.length
        waits.waitedMs += count.waitedMs - before.waitedMs
        for (const { departMs } of waiting) waits.waitedMs += Math.max(0, nowMs - departMs)
        waits.longestMs = Math.max(waits.longestMs, this.#longestMs[number]!)
      }
    })
    return all
  }
}
