/** Figures of both models side by side, the bar that each has to hold, and whether it does. */

import type { PlaceShare } from './lost-by-place.ts'

export interface Figure {
  readonly street: string
  readonly figure: string
  readonly unit: string
  readonly ours: number
  /** Of SUMO, or of the manual. */
  readonly reference: number
  readonly judge: 'SUMO' | 'HCM'
  /** Deviation that is allowed: a share of the reference, or in the unit of the figure. */
  readonly bar: { readonly kind: 'share' | 'absolute'; readonly most: number }
  /** What else is to be said, such as vehicles that never got in. */
  readonly note?: string
  /** Of a mean over all vehicles: where the two differ most. */
  readonly places?: readonly PlaceShare[]
}

export const deviationOf = ({ ours, reference, bar }: Figure): number =>
  bar.kind === 'share' ? ours / reference - 1 : ours - reference

export const holds = (figure: Figure): boolean => Math.abs(deviationOf(figure)) <= figure.bar.most

export function printFigures(figures: readonly Figure[]): void {
  const rows = [HEAD, ...figures.map(rowOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows)
    console.log(
      row
        .map((cell, i) => (i < 2 || i === 8 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
  const missed = figures.filter((figure) => !holds(figure))
  for (const figure of missed) printPlaces(figure)
  console.log(missed.length === 0 ? 'every bar is held' : `${missed.length} of ${figures.length} bars are missed`)
}

/** So that whoever reads of a deviation sees which movements carry it. */
function printPlaces({ street, figure, judge, places = [] }: Figure): void {
  if (places.length === 0) return
  console.log(`${street}, ${figure}: where most of it lies, seconds for each vehicle of the run`)
  for (const { place, oursS, referenceS } of places)
    console.log(`  ${place}: ours ${oursS.toFixed(2)}, ${judge} ${referenceS.toFixed(2)}`)
}

const HEAD = ['street', 'figure', 'ours', 'judge', '', 'unit', 'deviation', 'bar', 'note']

function rowOf(figure: Figure): string[] {
  const { street, figure: name, ours, reference, judge, unit, bar, note = '' } = figure
  const shown = (value: number) =>
    bar.kind === 'share' ? `${(value * 100).toFixed(1)} %` : `${value.toFixed(2)} ${unit}`
  const verdict = holds(figure) ? '' : 'MISSED'
  return [
    street,
    name,
    ours.toFixed(2),
    reference.toFixed(2),
    judge,
    unit,
    shown(deviationOf(figure)),
    `${shown(bar.most)} ${verdict}`.trim(),
    note,
  ]
}
