/** Which edge leads on to which, by what turn, and how long the rest of the way is: what routes are found on. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { Edge, EdgeNumber, StreetNetwork, Way } from '../streets/street-network.ts'

/** One choice at the end of an edge. */
export interface Onward {
  readonly turn: Way['turn']
  readonly edge: EdgeNumber
  /** Over the junction and along the edge behind it, at the speed of the street. */
  readonly travelS: number
}

/** How much longer than it is somebody thinks an edge: 1 is the truth. */
export type Opinion = (edge: EdgeNumber) => number

const TRUTH: Opinion = () => 1

/** The streets of a network without those that are closed. */
export class StreetGraph {
  readonly network: StreetNetwork
  readonly #closed: ReadonlySet<EdgeNumber>
  readonly #onward: readonly (readonly Onward[])[]
  readonly #comingFrom: readonly (readonly EdgeNumber[])[]
  /** Seconds from the end of each edge to the nearest exit; made when it is first asked for. */
  #toExitS: Float64Array | null = null

  constructor(network: StreetNetwork, closed: ReadonlySet<EdgeNumber> = new Set()) {
    this.network = network
    this.#closed = closed
    this.#onward = network.edges.map((edge, number) => (closed.has(number) ? [] : onwardFrom(network, edge, closed)))
    const comingFrom = network.edges.map((): EdgeNumber[] => [])
    this.#onward.forEach((choices, from) => choices.forEach(({ edge }) => at(comingFrom, edge).push(from)))
    this.#comingFrom = comingFrom
  }

  isOpen(edge: EdgeNumber): boolean {
    return !this.#closed.has(edge)
  }

  /** The choices at the end of an edge, each edge behind it once for each turn that leads there. */
  onwardFrom(edge: EdgeNumber): readonly Onward[] {
    return at(this.#onward, edge)
  }

  /** Seconds from the end of an edge to the nearest exit of the network; infinite where none can be reached. */
  toExitS(edge: EdgeNumber): number {
    this.#toExitS ??= this.secondsTo(this.#exits())
    return at(this.#toExitS, edge)
  }

  /** The rest of the way to the nearest exit; empty at an exit. An exit must be in reach. */
  nearestExitFrom(edge: EdgeNumber): EdgeNumber[] {
    this.#toExitS ??= this.secondsTo(this.#exits())
    return this.descend(edge, this.#toExitS)
  }

  /**
   * Seconds from the end of every edge to the end of the nearest target, in somebody's opinion (Dijkstra's labels, corrected
   * until none is too high). Infinite where no way leads there.
   */
  secondsTo(targets: readonly EdgeNumber[], opinion: Opinion = TRUTH): Float64Array {
    const seconds = new Float64Array(this.network.edges.length).fill(Infinity)
    for (const target of targets) seconds[target] = 0
    const waiting = [...targets]
    for (const next of waiting)
      for (const before of at(this.#comingFrom, next)) {
        const viaNext = costOf(this.#choice(before, next), opinion) + at(seconds, next)
        if (viaNext >= at(seconds, before)) continue
        seconds[before] = viaNext
        waiting.push(before)
      }
    return seconds
  }

  /** The edges behind `edge` down to a target of `secondsTo` with the same opinion, the target last; it must be in reach. */
  descend(edge: EdgeNumber, seconds: Float64Array, opinion: Opinion = TRUTH): EdgeNumber[] {
    invariant(at(seconds, edge) < Infinity, 'a way leads to the target')
    const route: EdgeNumber[] = []
    const left = (choice: Onward) => costOf(choice, opinion) + at(seconds, choice.edge)
    for (let here = edge; at(seconds, here) > 0;) {
      const best = this.onwardFrom(here).reduce((least, choice) => (left(choice) < left(least) ? choice : least))
      route.push(best.edge)
      here = best.edge
    }
    return route
  }

  #exits(): EdgeNumber[] {
    return this.network.edges.flatMap(({ to }, number) => (to === null && this.isOpen(number) ? [number] : []))
  }

  #choice(from: EdgeNumber, to: EdgeNumber): Onward {
    const choices = this.onwardFrom(from).filter(({ edge }) => edge === to)
    return choices.reduce((best, choice) => (choice.travelS < best.travelS ? choice : best))
  }
}

const costOf = ({ edge, travelS }: Onward, opinion: Opinion): number => travelS * opinion(edge)

function onwardFrom(network: StreetNetwork, { lanes }: Edge, closed: ReadonlySet<EdgeNumber>): Onward[] {
  const choices = new Map<string, Onward>()
  for (const way of lanes.flatMap((lane) => at(network.lanes, lane).ways).map((number) => at(network.ways, number))) {
    const { edge } = at(network.lanes, way.to)
    const key = `${way.turn} ${edge}`
    if (closed.has(edge) || choices.has(key)) continue
    const { lengthM, speedMps } = at(network.edges, edge)
    choices.set(key, { turn: way.turn, edge, travelS: way.lengthM / way.speedMps + lengthM / speedMps })
  }
  return [...choices.values()]
}
