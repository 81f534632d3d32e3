/** How long whoever is red in a stage waits at least: what has to be served before him counts. */
import type { SearchStart } from './search.ts'
import type { Streams } from './streams.ts'

/** For ranking: a change and some more, … */
const RED_LEAST_S = 8
/** … and no longer than this: a lane that no stage serves is nobody's choice. */
const RED_MOST_S = 120

/** Grown as needed, since hundreds of searches run a second. */
export class Reds {
  /** Seconds from one stage to another, by way of others where need be, at `from × stages + to`. */
  #reach = new Float64Array(0)
  /** Seconds from a stage to one that serves a stream, at `stage × streams + stream`; 0 where it does itself. */
  waitS = new Float64Array(0)

  note(start: SearchStart, { count, rate }: Streams): void {
    const stages = start.graph.stages.length
    if (this.#reach.length < stages * stages) this.#reach = new Float64Array(stages * stages)
    if (this.waitS.length < stages * count) this.waitS = new Float64Array(stages * count)
    findWays(start, this.#reach)
    for (let stage = 0; stage < stages; stage++)
      for (let s = 0; s < count; s++) {
        let waitS = RED_MOST_S
        for (let to = 0; to < stages; to++)
          if ((rate[to * count + s] ?? 0) > 0) waitS = Math.min(waitS, this.#reach[stage * stages + to] ?? 0)
        const isServed = (rate[stage * count + s] ?? 0) > 0
        this.waitS[stage * count + s] = isServed ? 0 : Math.max(RED_LEAST_S, waitS)
      }
  }
}

/** The shortest ways between all stages (Floyd and Warshall), each stage on them for its least green. */
function findWays({ graph, leastS, servedAnyway }: SearchStart, reach: Float64Array): void {
  const count = graph.stages.length
  for (let change = 0; change < count * count; change++) {
    const isDirect = ((graph.passed[change] ?? 0) & servedAnyway) === 0
    reach[change] = isDirect ? (graph.clearanceS[change] ?? 0) : Infinity
  }
  for (let by = 0; by < count; by++) {
    let least = 0
    for (let ring = 0; ring < graph.rings; ring++) least = Math.max(least, leastS[by * graph.rings + ring] ?? 0)
    for (let from = 0; from < count; from++)
      for (let to = 0; to < count; to++) {
        const wayS = (reach[from * count + by] ?? 0) + least + (reach[by * count + to] ?? 0)
        if (wayS < (reach[from * count + to] ?? 0)) reach[from * count + to] = wayS
      }
  }
}
