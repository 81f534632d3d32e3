/** Figures as text: an estimate with its interval, rows in columns, and all of them as a table for other programs. */
import type { Difference, Estimate } from '#measures/interval.ts'
import type { ExperimentReport } from '#sim/experiment/experiment-report.ts'
import { FIGURE_KEYS, type FigureKey } from '#sim/traffic/measures/figures.ts'
import type { Place } from '#sim/traffic/measures/places.ts'

/** Decimals where a whole number would say too little. */
const DIGITS: Readonly<Partial<Record<FigureKey, number>>> = {
  controlDelayS: 1,
  totalDelayS: 1,
  stops: 2,
  travelTimeS: 1,
  meanSpeedKph: 1,
  queueMean: 1,
  walkWaitS: 1,
  personDelayS: 1,
  busDelayS: 1,
  emergencyDelayS: 1,
  outsideMean: 1,
}
const PERCENT: ReadonlySet<FigureKey> = new Set(['spillbackShare'])

export function numberText(key: FigureKey, value: number): string {
  if (PERCENT.has(key)) return `${(100 * value).toFixed(1)} %`
  return value.toFixed(DIGITS[key] ?? 0)
}

/** `31.4 ± 1.2`; without an interval where there is a single run; `-` where nothing can be told. */
export function estimateText(key: FigureKey, estimate: Estimate | undefined): string {
  if (estimate === undefined) return '-'
  const { mean, plusMinus } = estimate
  return plusMinus === undefined ? numberText(key, mean) : `${numberText(key, mean)} ± ${numberText(key, plusMinus)}`
}

const VERDICTS: Readonly<Record<Difference['verdict'], string>> = { more: 'more', less: 'less', none: 'no difference' }

export function differenceText(key: FigureKey, difference: Difference | undefined): string {
  if (difference === undefined) return '-'
  if (difference.plusMinus === undefined) return `${signed(key, difference)} (one seed)`
  return `${signed(key, difference)} (${VERDICTS[difference.verdict]})`
}

const signed = (key: FigureKey, difference: Difference): string =>
  `${difference.mean > 0 ? '+' : ''}${estimateText(key, difference)}`

/** Such as `IX-03`, `IX-03 S` or `IX-03 S left`. */
export const placeText = ({ intersection, approach, turn }: Place): string =>
  [intersection ?? 'city', approach, turn].filter((part) => part !== undefined).join(' ')

/** The first column to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** A row for each way of control, place and figure, as comma-separated values. */
export function figuresTable({ strategies }: ExperimentReport): string {
  const rows = strategies.flatMap(({ strategy, places }) =>
    places.flatMap(({ figures, level, intersection = '', approach = '', turn = '' }) =>
      FIGURE_KEYS.flatMap((key) => {
        const estimate = figures[key]
        if (estimate === undefined) return []
        const { mean, plusMinus = '', samples } = estimate
        return [[strategy, level, intersection, approach, turn, key, mean, plusMinus, samples].map(quoted).join(',')]
      }),
    ),
  )
  return ['strategy,level,intersection,approach,turn,figure,mean,plus_minus,seeds', ...rows, ''].join('\n')
}

/** RFC 4180. */
function quoted(value: string | number): string {
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
