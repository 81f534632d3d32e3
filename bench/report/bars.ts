/** Figures that have a bar to hold, and whether they hold it. */
import { inColumns } from './columns.ts'

export interface Bar {
  readonly place: string
  readonly figure: string
  readonly value: number
  /** The most that it may be. */
  readonly most: number
  readonly unit: string
}

export const isHeld = ({ value, most }: Bar): boolean => value <= most

/** A line a bar, and how many are missed. */
export function barLines(bars: readonly Bar[]): string[] {
  if (bars.length === 0) return ['No bar belongs to what was run.']
  const missed = bars.filter((bar) => !isHeld(bar)).length
  return [
    ...inColumns(bars.map(rowOf), WORDS),
    missed === 0 ? `all ${bars.length} bars are held` : `${missed} of ${bars.length} bars are MISSED`,
  ]
}

const WORDS: ReadonlySet<number> = new Set([0, 1, 4])

function rowOf(bar: Bar): string[] {
  const { place, figure, value, most, unit } = bar
  const told = (number: number) => `${number.toFixed(2)} ${unit}`.trim()
  return [place, figure, told(value), `≤ ${told(most)}`, isHeld(bar) ? 'held' : `MISSED by ${told(value - most)}`]
}
