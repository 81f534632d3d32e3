/** The stages of an intersection as a graph: what a change from one to another costs in time, and who stays green through it. */
import { hasBit, type Bits } from '#base/bits.ts'
import type { Intersection } from '#signal/intersection.ts'
import { greensToEnd, legalStages } from '#signal/legal-stages.ts'

export interface StageGraph {
  readonly stages: readonly Bits[]
  /** Yellow and red clearance on the way from stage `a` to `b`, at `a × stages + b`; whole seconds. */
  readonly clearanceS: Uint8Array
  /** Phases that stay green through that change. */
  readonly staying: Uint32Array
  /** By stage: its longest minimum green; whole seconds. */
  readonly leastS: Uint8Array
}

const KNOWN = new WeakMap<Intersection, Map<Bits, StageGraph>>()

/** Intersections never change, and every second somebody asks. */
export function stageGraph(intersection: Intersection, omitted: Bits): StageGraph {
  const known = KNOWN.get(intersection) ?? new Map<Bits, StageGraph>()
  KNOWN.set(intersection, known)
  const graph = known.get(omitted) ?? buildGraph(intersection, legalStages(intersection, omitted))
  known.set(omitted, graph)
  return graph
}

function buildGraph({ phases, ...rest }: Intersection, stages: readonly Bits[]): StageGraph {
  const intersection = { phases, ...rest }
  const count = stages.length
  const clearanceS = new Uint8Array(count * count)
  const staying = new Uint32Array(count * count)
  stages.forEach((from, a) =>
    stages.forEach((to, b) => {
      const ending = greensToEnd(intersection, from, to)
      const times = phases
        .filter(({ id }) => hasBit(ending, id))
        .map(({ timing }) => timing.yellowMs + timing.redClearMs)
      clearanceS[a * count + b] = seconds(Math.max(0, ...times))
      staying[a * count + b] = (from & to & ~ending) >>> 0
    }),
  )
  const leastS = stages.map((stage) =>
    seconds(Math.max(0, ...phases.filter(({ id }) => hasBit(stage, id)).map(({ timing }) => timing.minGreenMs))),
  )
  return { stages, clearanceS, staying, leastS: Uint8Array.from(leastS) }
}

const seconds = (ms: number): number => Math.min(255, Math.ceil(ms / 1_000))
