/** The figures and the verdicts as lines for a terminal. */
import { remarksOn, summarise, type Runs } from './summary.ts'
import type { Verdict } from './verdicts.ts'

const HEAD = [
  ...['scenario', 'strategy', 'detectors', 'seeds', 'delay s', '± 95 %', 'worst s', 'of seed', 'worst/mean'],
  ...['teleports', 'wait s', 'never in', 'unfinished'],
]
/** Columns of words; the others are of numbers. */
const WORDS: ReadonlySet<number> = new Set([0, 1, 2])
const WORDS_OF_VERDICT: ReadonlySet<number> = new Set([0, 1, 2, 5])

/** A row a way and scenario, and below what is odd about single runs. */
export function tableOf(runs: readonly Runs[]): string[] {
  return [
    ...layOut([HEAD, ...runs.map(rowOf)], WORDS),
    'delay: time loss and departure delay of everybody who wanted to leave; teleports: of all seeds together;',
    'wait (longest at a stop line), never in and unfinished: of the seed where each is worst',
    ...runs.flatMap(remarksOn),
  ]
}

function rowOf(runs: Runs): string[] {
  const { scenario, way, reports } = runs
  const names = [scenario, way.strategy, way.detectors, String(reports.length)]
  const summary = summarise(runs)
  if (summary === null) return [...names, '–']
  const { delayS, worst, worstToMean, teleports, longestWaitS, neverInserted, unfinished } = summary
  return [
    ...names,
    delayS.mean.toFixed(2),
    delayS.plusMinus?.toFixed(2) ?? '–',
    worst.delayS.toFixed(2),
    String(worst.seed),
    worstToMean.toFixed(2),
    String(teleports),
    longestWaitS.toFixed(1),
    String(neverInserted),
    String(unfinished),
  ]
}

/** A line a figure, and how many are missed. */
export function verdictLines(verdicts: readonly Verdict[]): string[] {
  if (verdicts.length === 0) return ['No figure is judged: the strategy adaptive was not run.']
  const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const [missed, open] = [count('missed'), count('open')]
  const judged = verdicts.length - open
  return [
    ...layOut(verdicts.map(verdictRow), WORDS_OF_VERDICT),
    missed === 0 ? `all ${judged} figures that could be judged are held` : `${missed} of ${judged} figures are MISSED`,
    ...(open === 0 ? [] : [`${open} could not be judged`]),
  ]
}

function verdictRow(verdict: Verdict): string[] {
  const { scenario, detectors, figure } = verdict
  if (verdict.outcome === 'open') return [scenario, detectors, figure, '', '', `not judged: ${verdict.why}`]
  const { value, bar, unit } = verdict
  const shown = (number: number) => (Number.isInteger(number) && unit === '' ? String(number) : number.toFixed(2))
  const told = (number: number) => `${shown(number)} ${unit}`.trim()
  const share = bar === 0 ? '' : ` (${((value / bar - 1) * 100).toFixed(1)} %)`
  const outcome = verdict.outcome === 'held' ? 'held' : `MISSED by ${told(value - bar)}${share}`
  return [scenario, detectors, figure, told(value), `≤ ${told(bar)}`, outcome]
}

/** Columns as wide as their widest cell, words to the left, numbers to the right. */
function layOut(rows: readonly (readonly string[])[], words: ReadonlySet<number>): string[] {
  const columns = Math.max(...rows.map(({ length }) => length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const pad = (cell: string, column: number) =>
    words.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}
