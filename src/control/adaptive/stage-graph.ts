/** The stages of an intersection as a graph: what a change from one to another costs in time, and who stays green through it. */
import { hasBit, type Bits } from '#base/bits.ts'
import type { Intersection } from '#signal/intersection.ts'
import { changeTimeMs, greensToEnd, legalStages, phasesPassed } from '#signal/legal-stages.ts'
import type { Phase } from '#signal/phase.ts'

export interface StageGraph {
  readonly stages: readonly Bits[]
  readonly rings: number
  /** From the end of the greens of stage `a` to those of `b`, at `a × stages + b`; whole seconds. */
  readonly clearanceS: Uint8Array
  /** Phases that stay green through that change, … */
  readonly staying: Uint32Array
  /** … and those that are served on the way, unless nobody wants them or they may be left out: no change is then such. */
  readonly passed: Uint32Array
  /** Rings whose green ends for that change, by bit: those of the others go on. */
  readonly ending: Uint8Array
  /** The minimum green of each ring in each stage, at `stage × rings + ring`, 0 where it shows none; whole seconds. */
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

function buildGraph(intersection: Intersection, stages: readonly Bits[]): StageGraph {
  const rings = Math.max(...intersection.phases.map(({ ring }) => ring))
  const changes = stages.flatMap((from) => stages.map((to) => changeOf(intersection, from, to)))
  return {
    stages,
    rings,
    clearanceS: Uint8Array.from(changes, ({ timeMs }) => seconds(timeMs)),
    staying: Uint32Array.from(changes, ({ staying }) => staying),
    passed: Uint32Array.from(changes, ({ passed }) => passed),
    ending: Uint8Array.from(changes, ({ ending }) => ending),
    leastS: byRing(intersection, stages, ({ timing }) => timing.minGreenMs),
  }
}

function changeOf(intersection: Intersection, from: Bits, to: Bits) {
  const ending = greensToEnd(intersection, from, to)
  return {
    timeMs: changeTimeMs(intersection, from, to),
    staying: (from & to & ~ending) >>> 0,
    passed: phasesPassed(intersection, from, to),
    ending: intersection.phases.reduce(
      (bits, { id, ring }) => (hasBit(ending, id) ? bits | (1 << (ring - 1)) : bits),
      0,
    ),
  }
}

/** A time of the phase that each ring shows in each stage; whole seconds. */
export function byRing(
  { phases }: Intersection,
  stages: readonly Bits[],
  timeMs: (phase: Phase, stage: Bits) => number,
): Uint8Array {
  const rings = Math.max(...phases.map(({ ring }) => ring))
  const times = new Uint8Array(stages.length * rings)
  stages.forEach((stage, k) => {
    for (const phase of phases) {
      if (hasBit(stage, phase.id)) times[k * rings + phase.ring - 1] = seconds(timeMs(phase, stage))
    }
  })
  return times
}

const seconds = (ms: number): number => Math.min(255, Math.ceil(ms / 1_000))
