/** What is kept of a run, and what pairs of runs with the same seed say of each row. */
import type { IntersectionId } from '#base/id.ts'
import { estimateMean, type Estimate } from '#measures/interval.ts'
import type { RunReport } from '#sim/traffic/measures/run-report.ts'
import type { Bar } from '../report/bars.ts'
import { sideRatios, type SideDelay } from './side-streets.ts'
import type { StopWait } from './stop-waits.ts'
import type { Way } from './ways.ts'

export interface RunFigures {
  readonly way: Way
  readonly seed: number
  readonly vehicles: number
  /** Of all who wanted to drive, s. */
  readonly delayS: number
  /** What a stop line takes from who passes it, and who had not arrived at the end: what the delay of trips is made of. */
  readonly controlDelayS: number
  readonly unfinished: number
  readonly walkWaitS: number
  readonly longestWait: StopWait
  readonly stuck: number
  readonly sides: readonly SideDelay[]
  /** Of everybody at each intersection, s. */
  readonly placeDelayS: Readonly<Record<IntersectionId, number>>
  /** Over the stop line of each approach, such as `IX-02.N`. */
  readonly throughputPerH: Readonly<Record<string, number>>
}

export const ROWS = [
  'coordinated',
  'actuated',
  'sides',
  'wait',
  'walk',
  'neighbours',
  'silence',
  'detector',
  'cable',
  'flow',
  'spoofing',
] as const
export type Row = (typeof ROWS)[number]

export const WAYS_OF: Readonly<Record<Row, readonly Way[]>> = {
  coordinated: ['adaptive', 'coordinated'],
  actuated: ['adaptive', 'actuated'],
  sides: ['adaptive', 'coordinated'],
  wait: ['adaptive'],
  walk: ['adaptive', 'coordinated'],
  neighbours: ['adaptive', 'alone'],
  silence: ['adaptive', 'silence'],
  detector: ['adaptive', 'detector'],
  cable: ['adaptive', 'cable'],
  flow: ['adaptive', 'flow -20 %', 'flow +20 %'],
  spoofing: ['fixed', 'spoofed'],
}

/** How the mean of one figure under a way stands to that under another: paired by seed. */
interface Share {
  readonly figure: string
  readonly way: Way
  readonly to: Way
  readonly of: (run: RunFigures) => number
  readonly mostPct: number
}

const delay = ({ delayS }: RunFigures): number => delayS

const SHARES: Readonly<Partial<Record<Row, readonly Omit<Share, 'of'>[]>>> = {
  coordinated: [
    { figure: 'mean delay, of that under coordinated plans', way: 'adaptive', to: 'coordinated', mostPct: 80 },
  ],
  actuated: [{ figure: 'mean delay, of that under actuated control', way: 'adaptive', to: 'actuated', mostPct: 85 }],
  neighbours: [{ figure: 'mean delay, of that without neighbours', way: 'adaptive', to: 'alone', mostPct: 96 }],
  silence: [{ figure: 'mean delay, neighbours fall silent', way: 'silence', to: 'adaptive', mostPct: 105 }],
  detector: [{ figure: 'mean delay, a detector of each has failed', way: 'detector', to: 'adaptive', mostPct: 105 }],
  cable: [
    {
      figure: 'mean delay, the advance loops of an approach of each have failed',
      way: 'cable',
      to: 'adaptive',
      mostPct: 110,
    },
  ],
  flow: [
    { figure: 'mean delay, flow believed 20 % too low', way: 'flow -20 %', to: 'adaptive', mostPct: 105 },
    { figure: 'mean delay, flow believed 20 % too high', way: 'flow +20 %', to: 'adaptive', mostPct: 105 },
  ],
}

/** `at`: the intersection that is lied to. */
export function sharesOf(row: Row, at: IntersectionId): readonly Share[] {
  if (row === 'walk') {
    const figure = 'mean wait on foot, of that under coordinated plans'
    return [{ figure, way: 'adaptive', to: 'coordinated', of: ({ walkWaitS }) => walkWaitS, mostPct: 110 }]
  }
  if (row === 'spoofing') {
    const lied = { way: 'spoofed', to: 'fixed', mostPct: 125 } as const
    const figure = 'a detector lies, of the fixed plan'
    return [
      { ...lied, figure: `mean delay of the city, ${figure}`, of: delay },
      { ...lied, figure: `mean delay at ${at}, ${figure}`, of: ({ placeDelayS }) => placeDelayS[at] ?? 0 },
    ]
  }
  return (SHARES[row] ?? []).map((share) => ({ ...share, of: delay }))
}

export interface Paired {
  readonly row: Row
  readonly share: Share
  /** Of both ways over their pairs. */
  readonly own: Estimate
  readonly other: Estimate
  /** Per cent, pair by pair. */
  readonly pct: Estimate
}

/** Nothing where no seed was run both ways. */
export function pair(row: Row, at: IntersectionId, runs: readonly RunFigures[]): Paired[] {
  return sharesOf(row, at).flatMap((share) => {
    const of = (way: Way, seed: number) => runs.find((run) => run.way === way && run.seed === seed)
    const pairs = runs.flatMap(({ way, seed }) => {
      const [own, other] = [of(share.way, seed), of(share.to, seed)]
      return way === share.way && own && other ? [[share.of(own), share.of(other)] as const] : []
    })
    if (pairs.length === 0) return []
    return {
      row,
      share,
      own: estimateMean(pairs.map(([own]) => own)),
      other: estimateMean(pairs.map(([, other]) => other)),
      pct: estimateMean(pairs.map(([own, other]) => (100 * own) / other)),
    }
  })
}

/** Longest of any vehicle below capacity, and what side streets may lose. */
const WAIT_MOST_S = 180
const SIDES_MOST_PCT = 110

export function barsOf(row: Row, at: IntersectionId, runs: readonly RunFigures[]): Bar[] {
  const ours = runs.filter(({ way }) => way === 'adaptive')
  if (row === 'wait') {
    const longest = ours.map((run) => run.longestWait).toSorted((a, b) => b.waitS - a.waitS)[0]
    if (longest === undefined) return []
    const figure = `longest wait at a stop line (${longest.lane})`
    return [{ place: row, figure, value: longest.waitS, most: WAIT_MOST_S, unit: 's' }]
  }
  if (row === 'sides') {
    const others = runs.filter(({ way }) => way === 'coordinated')
    const worst = sideRatios(
      ours.map(({ sides }) => sides),
      others.map(({ sides }) => sides),
    )[0]
    if (worst === undefined) return []
    const figure = `delay in the side streets of ${worst.place}, of that under coordinated plans`
    return [{ place: row, figure, value: 100 * worst.ratio, most: SIDES_MOST_PCT, unit: '%' }]
  }
  return pair(row, at, runs).map(({ share: { figure, mostPct }, pct }) => ({
    ...{ place: row, figure, value: pct.mean, most: mostPct, unit: '%' },
  }))
}

/** What is kept of a report; `way` and `seed` belong to it. */
export function figuresOf(
  run: Pick<RunFigures, 'way' | 'seed' | 'longestWait' | 'sides'>,
  { places, stuck }: RunReport,
): RunFigures {
  const city = places.at(-1)?.figures ?? {}
  const placeDelayS = Object.fromEntries(
    places.flatMap(({ level, intersection, figures }) =>
      level === 'intersection' && intersection !== undefined ? [[intersection, figures.totalDelayS ?? 0]] : [],
    ),
  )
  const throughputPerH = Object.fromEntries(
    places.flatMap(({ level, intersection, approach, figures }) =>
      level === 'approach' ? [[`${intersection}.${approach}`, figures.throughputPerH ?? 0]] : [],
    ),
  )
  const { vehicles = 0, totalDelayS = 0, controlDelayS = 0, unfinished = 0, walkWaitS = 0 } = city
  return {
    ...run,
    vehicles,
    delayS: totalDelayS,
    controlDelayS,
    unfinished,
    walkWaitS,
    stuck,
    placeDelayS,
    throughputPerH,
  }
}
