/** Mean delay in both models, on one lane, on intersections alone and in the city, from an easy flow to a full one. */
import type { SiteConfig } from '#config/site.ts'
import { controlDelayS, type LaneGroup } from '#measures/control-delay.ts'
import type { Trip } from '#sim/traffic/trip.ts'
import type { RunResult } from './bench-case.ts'
import type { Figure } from './comparison.ts'
import type { Discharge } from './discharge.ts'
import { mean } from './discharge.ts'
import { addLost, askSumoForLost, differences, LostInOurs, lostInSumo, type PlaceShare } from './lost-by-place.ts'
import { fillAlone, fillCity, fillOneLane } from './demands.ts'
import { runOurs } from './ours.ts'
import { alone, CYCLE_MS, GREEN_MS, oneLane, wholeCity, type BenchStreets } from './streets.ts'
import { runSumo, tripsFileOf } from './sumo.ts'
import type { Discharges } from './compare-discharge.ts'

export interface DelayRuns {
  readonly directory: string
  readonly seeds: readonly number[]
  readonly degrees: readonly number[]
  /** What one lane lets pass in SUMO: it says how full a street is. */
  readonly discharges: Discharges
}

const FOR_MS = 3_600_000
const CLEAR_MS = 15 * 60_000
/** Seven in the morning. */
const FROM_MS = 7 * 3_600_000
const BARS = { sumo: 0.1, hcm: 0.15 } as const
/** Protected lefts with pockets; and lefts that find gaps from lanes that others go on from. */
const ALONE = ['IX-02', 'IX-12'] as const

export async function compareOneLane(runs: DelayRuns): Promise<Figure[]> {
  const { ours, sumo } = runs.discharges
  const capacity = (sumo.perCycle * 3_600_000) / CYCLE_MS
  const fill = (degree: number, seed: number) => fillOneLane(oneLane(), capacity, { degree, forMs: FOR_MS, seed })
  const figures: Figure[] = []
  for (const degree of runs.degrees) {
    const both = await runBoth(oneLane(), (seed) => fill(degree, seed), runs)
    // The same vehicles where the light is green all day lose what slower drivers cost, which is no control delay.
    const freeS = await runBoth(oneLane({ alwaysGreen: true }), (seed) => fill(degree, seed), runs)
    figures.push(delayFigure('one lane', degree, both))
    for (const [model, discharge] of [
      ['ours', ours],
      ['sumo', sumo],
    ] as const) {
      const controlS = both[model].meanDelayS - freeS[model].meanDelayS
      figures.push({
        street: 'one lane',
        figure: `control delay${model === 'sumo' ? ' of SUMO' : ''}, v/c ${degree}`,
        unit: 's',
        ours: controlS,
        reference: controlDelayS(laneGroup(discharge, degree * capacity), { periodH: FOR_MS / 3_600_000 }),
        judge: 'HCM',
        bar: { kind: 'share', most: BARS.hcm },
      })
    }
  }
  return figures
}

function laneGroup({ perCycle, saturationPerHour }: Discharge, volumeVph: number): LaneGroup {
  const greenS = (perCycle * 3_600) / saturationPerHour
  return { volumeVph, saturationFlowVph: saturationPerHour, greenS, cycleS: CYCLE_MS / 1_000 }
}

export async function compareAlone(site: SiteConfig, runs: DelayRuns): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const id of ALONE)
    for (const degree of runs.degrees) {
      const streets = alone(site, id)
      const fill = (seed: number) => fillAlone(streets, saturationOf(runs), { degree, forMs: FOR_MS, seed })
      figures.push(delayFigure(`${id} alone`, degree, await runBoth(streets, fill, runs)))
    }
  return figures
}

export async function compareCity(site: SiteConfig, runs: DelayRuns): Promise<Figure[]> {
  const streets = wholeCity(site)
  const figures: Figure[] = []
  for (const degree of runs.degrees) {
    const fill = (seed: number) =>
      fillCity(site, streets, { saturation: saturationOf(runs), degree, forMs: FOR_MS, seed })
    figures.push(delayFigure('city', degree, await runBoth(streets, fill, runs)))
  }
  return figures
}

/** As SUMO has it: green and yellow that are not used by the flow at saturation are lost. */
function saturationOf({ discharges: { sumo } }: DelayRuns): { perHour: number; lostMs: number } {
  const usedMs = (sumo.perCycle * 3_600_000) / sumo.saturationPerHour
  return { perHour: sumo.saturationPerHour, lostMs: GREEN_MS + 3_500 - usedMs }
}

interface Both {
  readonly ours: RunResult
  readonly sumo: RunResult & { readonly teleports: number; readonly collisions: number }
  /** Where the two differ most. */
  readonly places: readonly PlaceShare[]
}

async function runBoth(
  streets: BenchStreets,
  fill: (seed: number) => readonly Trip[],
  { directory, seeds }: DelayRuns,
): Promise<Both> {
  const both: Pick<Both, 'ours' | 'sumo'>[] = []
  const [lostInOurs, lostOfSumo] = [new Map<string, number>(), new Map<string, number>()]
  const { network } = streets
  for (const seed of seeds) {
    const trips = fill(seed)
    const bench = { ...streets, trips, fromMs: FROM_MS, forMs: FOR_MS, clearMs: CLEAR_MS, seed }
    const lost = new LostInOurs(network)
    both.push({
      ours: runOurs(bench, { lost }),
      sumo: await runSumo(bench, directory, await askSumoForLost(directory)),
    })
    addLost(lostInOurs, lost.sums)
    addLost(lostOfSumo, await lostInSumo(network, { directory, tripsFile: tripsFileOf(directory), trips }))
  }
  const ours = meanRun(both.map((run) => run.ours))
  const places = differences(lostInOurs, lostOfSumo, ours.wanted * seeds.length)
  return { ours, sumo: meanSumo(both.map(({ sumo }) => sumo)), places }
}

const meanSumo = (runs: readonly Both['sumo'][]): Both['sumo'] => ({
  ...meanRun(runs),
  teleports: mean(runs.map(({ teleports }) => teleports)),
  collisions: mean(runs.map(({ collisions }) => collisions)),
})

function meanRun(runs: readonly RunResult[]): RunResult {
  const of = (key: keyof RunResult) => mean(runs.map((run) => run[key]))
  return {
    wanted: of('wanted'),
    meanDelayS: of('meanDelayS'),
    unfinished: of('unfinished'),
    neverIn: of('neverIn'),
    updates: of('updates'),
    runS: of('runS'),
  }
}

function delayFigure(street: string, degree: number, { ours, sumo, places }: Both): Figure {
  const left = ({ unfinished, neverIn }: RunResult) => `${Math.round(unfinished)}+${Math.round(neverIn)}`
  const jammed = ours.unfinished + ours.neverIn + sumo.unfinished + sumo.neverIn > 0
  const notes = [
    ...(jammed ? [`under way + never in: ours ${left(ours)}, SUMO ${left(sumo)} of ${Math.round(ours.wanted)}`] : []),
    ...(sumo.teleports + sumo.collisions > 0
      ? [`SUMO teleports ${sumo.teleports}, collisions ${sumo.collisions}`]
      : []),
  ]
  return {
    street,
    figure: `mean delay, v/c ${degree}`,
    unit: 's',
    ours: ours.meanDelayS,
    reference: sumo.meanDelayS,
    judge: 'SUMO',
    bar: { kind: 'share', most: BARS.sumo },
    note: notes.join('; '),
    places,
  }
}
