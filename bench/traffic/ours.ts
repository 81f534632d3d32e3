/** Drives a case in our own model. */
import { at } from '#base/at.ts'
import { lampsOf, type FixedProgram } from '#sim/sumo/export/fixed-program.ts'
import type { Lamps } from '#sim/traffic/flow/lights.ts'
import { createTraffic, tickTraffic, type Traffic } from '#sim/traffic/flow/traffic.ts'
import { NONE, type Slot } from '#sim/traffic/flow/vehicles.ts'
import type { JunctionNumber, WayNumber } from '#sim/traffic/streets/street-network.ts'
import type { LostInOurs } from './lost-by-place.ts'
import { sourceOf, STEP_MS, type BenchCase, type RunResult } from './bench-case.ts'

/** Front bumpers over stop lines, as they are seen to cross. */
export type SeeCrossing = (way: WayNumber, seconds: number) => void

/** Who looks on: at each crossing of a stop line, and at the traffic after each of its steps. */
export interface Watchers {
  readonly see?: SeeCrossing
  readonly lost?: LostInOurs
}

export function runOurs(bench: BenchCase, { see = () => {}, lost }: Watchers = {}): RunResult {
  const traffic = createTraffic({
    network: bench.network,
    trips: sourceOf(bench.trips),
    walkers: { take: () => null },
    stepMs: STEP_MS,
  })
  const lampsAt = lampsOfCase(bench, traffic)
  const tally = { delayS: 0, done: 0 }
  const beganMs = performance.now()
  while (traffic.nowMs < bench.forMs + bench.clearMs) {
    for (let ms = 0; ms < STEP_MS; ms += 100) tickTraffic(traffic, lampsAt)
    for (const slot of traffic.flow.left) {
      tally.delayS += delayOf(traffic, slot)
      tally.done++
    }
    seeCrossings(traffic, see)
    lost?.step(traffic)
  }
  lost?.end(traffic)
  return { ...count(traffic, tally), updates: traffic.updates, runS: (performance.now() - beganMs) / 1_000 }
}

function lampsOfCase(bench: BenchCase, traffic: Traffic): (junction: JunctionNumber) => Lamps {
  const programs = bench.network.junctions.map(({ intersection }): FixedProgram | undefined =>
    bench.programs.find((program) => program.intersection === intersection),
  )
  const now = new Map<FixedProgram, { readonly ms: number; readonly lamps: Lamps }>()
  return (junction) => {
    const program = programs[junction]
    if (program === undefined) return DARK
    const known = now.get(program)
    if (known?.ms === traffic.nowMs) return known.lamps
    const lamps = lampsOf(program, bench.fromMs + traffic.nowMs)
    now.set(program, { ms: traffic.nowMs, lamps })
    return lamps
  }
}

const DARK: Lamps = { greens: 0, yellows: 0, walks: 0, overlapGreens: 0, overlapYellows: 0, overlapFlashes: 0 }

const delayOf = ({ flow: { cars } }: Traffic, slot: Slot): number =>
  at(cars.lostS, slot) + (at(cars.enteredMs, slot) - at(cars.departMs, slot)) / 1_000

function count(
  traffic: Traffic,
  { delayS: ofDone, done }: { readonly delayS: number; readonly done: number },
): Pick<RunResult, 'wanted' | 'meanDelayS' | 'unfinished' | 'neverIn'> {
  const { flow, entries } = traffic
  const gone = new Set(flow.left)
  let delayS = ofDone
  let unfinished = 0
  for (let slot = 0; slot < flow.cars.top; slot++) {
    if (flow.cars.track[slot] === NONE || gone.has(slot)) continue
    delayS += delayOf(traffic, slot)
    unfinished++
  }
  let neverIn = 0
  for (const queue of entries.queues.values())
    for (const { departMs } of queue) {
      delayS += (traffic.nowMs - departMs) / 1_000
      neverIn++
    }
  const wanted = done + unfinished + neverIn
  return { wanted, meanDelayS: delayS / Math.max(1, wanted), unfinished, neverIn }
}

/** The moment lies within the step: the front is so far beyond the line, at the speed of the step. */
function seeCrossings({ flow, nowMs }: Traffic, see: SeeCrossing): void {
  const { cars, crossed, tracks } = flow
  for (let i = 0; i < crossed.length; i += 2) {
    const [slot, way] = [at(crossed, i), at(crossed, i + 1)]
    if (cars.track[slot] !== tracks.trackOf(way)) continue
    see(way, nowMs / 1_000 - at(cars.positionM, slot) / Math.max(0.1, at(cars.speedMps, slot)))
  }
}
