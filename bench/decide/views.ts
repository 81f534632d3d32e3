/** Recorded views of the intersections that decide the slowest: what the strategy saw, tick by tick, while it had the street. */
import { resolve } from 'node:path'
import { statSync } from 'node:fs'
import { adaptive } from '#control/adaptive/adaptive.ts'
import type { IntersectionView } from '#signal/view.ts'
import { WARM_UP_MS } from '#sim/sumo/bridge/cabinets.ts'
import { PROJECT_ROOT } from '../control/scenarios.ts'
import { crossingOf, type Knowledge } from '../optimality/crossings.ts'
import { drawDemand } from '../optimality/demand.ts'
import { runStreet } from '../optimality/run-street.ts'
import { openCity } from '../street/in-city.ts'
import { runInSumo } from '../street/in-sumo.ts'
import { overhearing } from '../street/overhear.ts'

/** The strategy whose time is taken. */
export const DECIDES = adaptive

export const PLACES = ['ring', 'hamadan', 'grid4x4'] as const
export type Place = (typeof PLACES)[number]

export interface Recording {
  readonly place: string
  /** In order, a tick each. */
  readonly views: readonly IntersectionView[]
}

/** A view is a few kilobytes: half a minute of start-up, and ten minutes of traffic. */
const RECORDED_S = 630

const GRID = resolve(PROJECT_ROOT, '../shared/data/resco/grid4x4/grid4x4.sumocfg')

/** The detectors of each way in which it may be run; the fault is a sentence. */
export async function recordAt(place: Place): Promise<Recording[] | string> {
  if (place === 'ring') return (['loops', 'camera'] as const).map(ringOf)
  if (place === 'hamadan') return [await busiestOfCity()]
  if (statSync(GRID, { throwIfNoEntry: false }) === undefined) return `${GRID} is absent`
  const found: Recording[] = []
  for (const detection of ['loops', 'camera'] as const) {
    const recorded = await lightOfGrid(detection)
    if (typeof recorded === 'string') return recorded
    found.push(recorded)
  }
  return found
}

/** Eight phases in two rings and twelve lanes, at capacity. */
function ringOf(knowledge: Knowledge): Recording {
  const crossing = crossingOf('ring', knowledge)
  const views: IntersectionView[] = []
  const demand = drawDemand(crossing.lanes, { level: 1, seed: 1, durationMs: RECORDED_S * 1_000 })
  runStreet({ crossing, demand, strategy: () => DECIDES, onView: (view) => views.push(view) })
  return { place: `ring, ${knowledge}`, views }
}

async function busiestOfCity(): Promise<Recording> {
  const largest = new Largest()
  const loop = await openCity(
    overhearing(DECIDES, (view) => largest.note(view)),
    1,
  )
  loop.live(RECORDED_S * 1_000)
  return { place: 'hamadan', views: largest.views }
}

async function lightOfGrid(detection: 'loops' | 'camera'): Promise<Recording | string> {
  const largest = new Largest()
  // Before the first vehicle there is nothing to decide.
  const strategy = overhearing(DECIDES, (view) => view.nowMonoMs > WARM_UP_MS && largest.note(view))
  const ran = await runInSumo({ configurationFile: GRID, strategy, detection, seed: 1, seconds: RECORDED_S })
  return ran.ok ? { place: `grid4x4, ${detection}`, views: largest.views } : ran.fault
}

/** Keeps what the largest intersection sees: the most lanes among those with the most phases, the first of its like. */
class Largest {
  #size = 0
  views: IntersectionView[] = []

  note(view: IntersectionView): void {
    const { phases, approaches, id } = view.intersection
    const size = phases.length + approaches.reduce((sum, { lanes }) => sum + lanes.length, 0) / MANY_LANES
    if (size > this.#size) this.views = []
    this.#size = Math.max(size, this.#size)
    const kept = this.views[0]?.intersection.id ?? id
    if (kept === id && size === this.#size) this.views.push(view)
  }
}

const MANY_LANES = 1_000
