/** The report of an experiment as people read it: the city, then its intersections, then its worst movements. */
import type { ComparisonReport, ExperimentReport, StrategyReport } from '#sim/experiment/experiment-report.ts'
import type { RunResult } from '#sim/experiment/run-once.ts'
import type { PlaceEstimate } from '#sim/experiment/over-seeds.ts'
import { clockText } from '#sim/experiment/window.ts'
import type { FigureKey } from '#sim/traffic/measures/figures.ts'
import type { Place } from '#sim/traffic/measures/places.ts'
import { STUCK_MS } from '#sim/traffic/measures/run-measures.ts'
import { columns, differenceText, estimateText, placeText } from './simulate-table.ts'
import type { Terminal } from './terminal.ts'

const MINUTE_MS = 60_000
const WORST = 10

const CITY_ROWS: readonly (readonly [label: string, key: FigureKey])[] = [
  ['vehicles that wanted to drive', 'vehicles'],
  ['  trips ended, veh/h', 'throughputPerH'],
  ['  never got in', 'neverIn'],
  ['total delay, s a trip', 'totalDelayS'],
  ['  of buses', 'busDelayS'],
  ['  of emergency vehicles', 'emergencyDelayS'],
  ['control delay, s a junction', 'controlDelayS'],
  ['stops a trip', 'stops'],
  ['travel time, s', 'travelTimeS'],
  ['mean speed, km/h', 'meanSpeedKph'],
  ['wait on foot, s', 'walkWaitS'],
  ['  longest', 'walkWaitMaxS'],
  ['person delay, s', 'personDelayS'],
  ['  hours of all people', 'personDelayH'],
  ['vehicles in queues', 'queueMean'],
  ['  at most', 'queueMax'],
  ['time with a full approach', 'spillbackShare'],
  ['blocked starts', 'blockedStarts'],
  ['fuel, L', 'fuelL'],
  ['CO₂, kg', 'co2Kg'],
]

/** Of intersections and movements; LOS stands behind the delay. */
const PLACE_COLUMNS: readonly (readonly [label: string, key: FigureKey])[] = [
  ['veh/h', 'throughputPerH'],
  ['control delay s', 'controlDelayS'],
  ['stops', 'stops'],
  ['queue P95', 'queueP95'],
  ['max', 'queueMax'],
  ['longest m', 'queueMaxM'],
  ['full', 'spillbackShare'],
  ['never in', 'neverIn'],
]

export function printExperiment(report: ExperimentReport, terminal: Terminal): void {
  printHead(report, terminal)
  printCity(report, terminal)
  printIntersections(report, terminal)
  for (const strategy of report.strategies) printWorst(strategy, terminal)
  printTrouble(report.runs, terminal)
}

function printHead(
  { scenario, timeZone, fromEpochMs, untilEpochMs, warmUpMs, strategies, confidence }: ExperimentReport,
  { print, paint }: Terminal,
): void {
  const [from, until] = [clockText(fromEpochMs, timeZone), clockText(untilEpochMs, timeZone)]
  print(paint('strong', `${scenario}, ${from} to ${until}, after ${warmUpMs / MINUTE_MS} min of warm-up`))
  for (const { strategy, seeds } of strategies)
    print(
      `${strategy}: ${seeds.length === 1 ? `seed ${seeds[0]}, no interval` : `${seeds.length} seeds, ${seeds[0]} to ${seeds.at(-1)}`}`,
    )
  print(`± is the ${100 * confidence} % interval of the mean over seeds (Student); differences are paired by seed.`)
}

function printCity({ strategies, comparison }: ExperimentReport, { print }: Terminal): void {
  const city = ({ level }: Place) => level === 'city'
  const estimates = strategies.map(({ places }) => places.find(city))
  const difference = comparison?.places.find(city)
  const rows = CITY_ROWS.filter(([, key]) => estimates.some((place) => place?.figures[key] !== undefined)).map(
    ([label, key]) => [
      label,
      ...estimates.map((place) => estimateText(key, place?.figures[key])),
      ...(difference ? [differenceText(key, difference.figures[key])] : []),
    ],
  )
  print('')
  const head = ['city', ...strategies.map(({ strategy }) => strategy), ...(difference ? ['difference'] : [])]
  for (const line of columns([head, ...rows])) print(line)
}

function printIntersections({ strategies, comparison }: ExperimentReport, { print }: Terminal): void {
  for (const strategy of strategies) {
    const own = strategy.places.filter(({ level }) => level === 'intersection')
    print('')
    print(`intersections, ${strategy.strategy}`)
    const head = ['', 'LOS', ...PLACE_COLUMNS.map(([label]) => label), 'wait on foot s']
    const rows = own.map((place) => [
      placeText(place),
      (place.intersection && strategy.levelsOfService[place.intersection]) ?? '-',
      ...cellsOf(place),
      estimateText('walkWaitS', place.figures.walkWaitS),
    ])
    for (const line of columns([head, ...rows])) print(line)
  }
  if (comparison) printDifferences(comparison, print)
}

function printDifferences({ first, second, places }: ComparisonReport, print: Terminal['print']): void {
  print('')
  print(`${second} against ${first}`)
  const keys = ['controlDelayS', 'stops', 'throughputPerH', 'walkWaitS'] as const
  const head = ['', 'control delay s', 'stops', 'veh/h', 'wait on foot s']
  const rows = places
    .filter(({ level }) => level === 'intersection')
    .map((place) => [placeText(place), ...keys.map((key) => differenceText(key, place.figures[key]))])
  for (const line of columns([head, ...rows])) print(line)
}

const cellsOf = ({ figures }: PlaceEstimate): string[] =>
  PLACE_COLUMNS.map(([, key]) => estimateText(key, figures[key]))

function printWorst({ strategy, places }: StrategyReport, { print }: Terminal): void {
  const delayOf = ({ figures }: PlaceEstimate) => figures.totalDelayS?.mean ?? 0
  const worst = places
    .filter(({ level }) => level === 'movement')
    .toSorted((a, b) => delayOf(b) - delayOf(a))
    .slice(0, WORST)
  print('')
  print(`worst movements, ${strategy}`)
  const head = ['', 'total delay s', ...PLACE_COLUMNS.map(([label]) => label)]
  const rows = worst.map((place) => [
    placeText(place),
    estimateText('totalDelayS', place.figures.totalDelayS),
    ...cellsOf(place),
  ])
  for (const line of columns([head, ...rows])) print(line)
}

/** What makes figures worth less: who never got in, who was stuck, controllers that stopped. */
function printTrouble(runs: readonly RunResult[], { print, paint }: Terminal): void {
  for (const { strategy, seed, report, stopped } of runs) {
    const run = `${strategy}, seed ${seed}`
    const { outside, wanted, stuck, stuckAtEnd } = report
    if (outside > 0)
      print(
        paint('warning', `${run}: ${outside} of ${wanted} vehicles never got in; their wait is in the total delay.`),
      )
    if (stuck > 0) {
      const minutes = STUCK_MS / MINUTE_MS
      const text = `${run}: ${stuck} times somebody stood for longer than ${minutes} min, ${stuckAtEnd} at the end.`
      print(paint('warning', `${text} The streets are locked, or an incident blocks them.`))
    }
    for (const fault of stopped)
      print(paint('failure', `${run}: the controller of ${fault} stopped. This is a fault of ours.`))
  }
}
