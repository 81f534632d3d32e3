/** Runs and pairs of runs as lines for a terminal. */
import type { Estimate } from '#measures/interval.ts'
import { inColumns } from '../report/columns.ts'
import type { Paired, RunFigures } from './figures.ts'

export function runLine(run: RunFigures): string {
  const { way, seed, vehicles, delayS, controlDelayS, unfinished, walkWaitS, longestWait, stuck } = run
  return [
    `${way}, seed ${seed}: ${delayS.toFixed(2)} s of delay of ${vehicles} vehicles, ${unfinished} of them under way`,
    `${controlDelayS.toFixed(2)} s at a light`,
    `${walkWaitS.toFixed(1)} s on foot`,
    `longest wait ${longestWait.waitS.toFixed(0)} s at ${longestWait.lane}`,
    ...(stuck > 0 ? [`stuck for minutes: ${stuck}`] : []),
  ].join(', ')
}

const HEAD = ['row', 'one way', 's', '± 95 %', 'the other', 's', '± 95 %', '%', '± 95 %', 'seeds']
const WORDS: ReadonlySet<number> = new Set([0, 1, 4])

/** Seconds of both ways, and the one in per cent of the other, pair by pair. */
export const pairLines = (pairs: readonly Paired[]): string[] => inColumns([HEAD, ...pairs.map(rowOf)], WORDS)

function rowOf({ row, share, own, other, pct }: Paired): string[] {
  const told = (estimate: Estimate, digits: number) => [
    estimate.mean.toFixed(digits),
    estimate.plusMinus?.toFixed(digits) ?? '–',
  ]
  return [row, share.way, ...told(own, 2), share.to, ...told(other, 2), ...told(pct, 1), String(pct.samples)]
}
