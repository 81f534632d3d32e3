/** Phases of quiet and of load in turn, and what the load costs a tick beside the quiet before and after it. */
import type { ScanStats } from '#edge/scan-cycle.ts'
import type { Bar } from '../report/bars.ts'
import { inColumns } from '../report/columns.ts'

export interface Phase {
  readonly kind: 'idle' | 'load'
  readonly tick: ScanStats
  /** Slots in which a bare timer of the same priority did not wake either: those are the machine's. */
  readonly bareMissed: number
  /** Of the edge, at the end of the phase. */
  readonly rssBytes: number
}

export interface LoadRun {
  readonly load: string
  /** Idle first and last, in turn. */
  readonly phases: readonly Phase[]
}

const P99_MORE_MS_MAX = 5
const MEMORY_MB_MAX = 256
const MB = 1024 ** 2

/** By how much a figure is greater under load than in the quiet phases beside each, on average; of no load 0. */
export function costOf(phases: readonly Phase[], figure: (tick: ScanStats) => number): number {
  const costs = phases.flatMap(({ kind, tick }, i) => {
    const [before, after] = [phases[i - 1], phases[i + 1]]
    if (kind === 'idle' || !before || !after) return []
    return [figure(tick) - (figure(before.tick) + figure(after.tick)) / 2]
  })
  return costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, costs.length)
}

export function barsOf({ load: place, phases }: LoadRun): Bar[] {
  const under = phases.filter(({ kind }) => kind === 'load')
  const missed = under.reduce((sum, { tick }) => sum + tick.missed, 0)
  const memoryMb = Math.max(0, ...phases.map(({ rssBytes }) => rssBytes / MB))
  const more = (figure: (tick: ScanStats) => number) => ({
    ...{ place, value: costOf(phases, figure), most: P99_MORE_MS_MAX, unit: 'ms' },
  })
  return [
    { place, figure: 'missed deadlines', value: missed, most: 0, unit: '' },
    { figure: 'tick p99 beyond idle', ...more(({ duration }) => duration.p99Ms) },
    { figure: 'lateness p99 beyond idle', ...more(({ lateness }) => lateness.p99Ms) },
    { place, figure: 'memory of the edge', value: memoryMb, most: MEMORY_MB_MAX, unit: 'MB' },
  ]
}

export function phaseLines({ load, phases }: LoadRun): string[] {
  const head = [load, 'ticks', 'missed', 'timer missed', 'tick p50', 'p99', 'max', 'late p50', 'p99', 'max ms', 'MB']
  const rows = phases.map(({ kind, tick: { ticks, missed, duration, lateness }, bareMissed, rssBytes }) => {
    const times = [duration, lateness].flatMap(({ p50Ms, p99Ms, maxMs }) => [p50Ms, p99Ms, maxMs])
    return [
      kind,
      ...[ticks, missed, bareMissed].map(String),
      ...times.map((ms) => ms.toFixed(1)),
      (rssBytes / MB).toFixed(0),
    ]
  })
  return inColumns([head, ...rows], new Set([0]))
}
