/** Recorded views of the intersections that decide the slowest: what the strategy saw, tick by tick, while it had the street. */
import { resolve } from 'node:path'
import { statSync } from 'node:fs'
import { adaptive } from '#control/adaptive/adaptive.ts'
import type { IntersectionView } from '#signal/view.ts'
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
  const views = new Map<string, IntersectionView[]>()
  const loop = await openCity(overhearing(DECIDES, keeping(views)), 1)
  loop.live(RECORDED_S * 1_000)
  return { place: 'hamadan', ...largest(views) }
}

async function lightOfGrid(detection: 'loops' | 'camera'): Promise<Recording | string> {
  const views = new Map<string, IntersectionView[]>()
  const strategy = overhearing(DECIDES, keeping(views))
  const seen = { detection, seed: 1, seconds: RECORDED_S } as const
  const ran = await runInSumo({ configurationFile: GRID, strategy, ...seen })
  return ran.ok ? { place: `grid4x4, ${detection}`, ...largest(views) } : ran.fault
}

const keeping = (views: Map<string, IntersectionView[]>) => (view: IntersectionView) => {
  const { id } = view.intersection
  const own = views.get(id) ?? []
  views.set(id, own)
  own.push(view)
}

/** Of the intersection with the most lanes among those with the most phases. */
function largest(recorded: ReadonlyMap<string, readonly IntersectionView[]>): Pick<Recording, 'views'> {
  const sizeOf = ([first]: readonly IntersectionView[]) => {
    const lanes = first?.intersection.approaches.reduce((sum, approach) => sum + approach.lanes.length, 0) ?? 0
    return 1_000 * (first?.intersection.phases.length ?? 0) + lanes
  }
  const views = [...recorded.values()].toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? []
  return { views }
}
