/** Which streets are open when: closures during a run, and the streets as they are known to whoever sets out. */
import { at } from '#base/at.ts'
import type { EdgeNumber, StreetNetwork } from '../streets/street-network.ts'
import { StreetGraph } from './street-graph.ts'

/**
 * A closure is announced: who sets out so long before it begins would still be under way, and avoids the street. Whoever
 * got into it before then drives out of it.
 */
export const ANNOUNCED_MS = 10 * 60_000

export interface ClosedEdges {
  readonly edges: readonly EdgeNumber[]
  readonly fromMs: number
  readonly untilMs: number
}

export class OpenStreets {
  /** Each with the moment from which it holds, ascending from 0. */
  readonly graphs: readonly { readonly fromMs: number; readonly graph: StreetGraph }[]
  #latest = 0

  constructor(network: StreetNetwork, closures: readonly ClosedEdges[] = []) {
    const known = closures.map(({ edges, fromMs, untilMs }) => ({ edges, fromMs: fromMs - ANNOUNCED_MS, untilMs }))
    const changes = known.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]).filter((ms) => ms > 0)
    this.graphs = [...new Set([0, ...changes])]
      .toSorted((a, b) => a - b)
      .map((ms) => {
        const closed = known.filter(({ fromMs, untilMs }) => fromMs <= ms && ms < untilMs)
        return { fromMs: ms, graph: new StreetGraph(network, new Set(closed.flatMap(({ edges }) => edges))) }
      })
  }

  /** For who sets out at that moment; moments are mostly asked for in their order. */
  at(departMs: number): StreetGraph {
    if (departMs < at(this.graphs, this.#latest).fromMs) this.#latest = 0
    while (departMs >= (this.graphs[this.#latest + 1]?.fromMs ?? Infinity)) this.#latest++
    return at(this.graphs, this.#latest).graph
  }
}
