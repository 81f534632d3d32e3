/**
 * How long one decision of the adaptive strategy takes, estimator and search together, over recorded views: `npm run bench:decide`.
 * Options: `--scenario ring|hamadan|grid4x4` (again for more; grid4x4 needs SUMO and its scenario), `--decisions 100000` (for the heap),
 * `--strict` (a missed bar is exit code 1), `--json <file.json>`.
 */
import type { ExitCode } from '#app/exit-code.ts'
import {
  heapGrowth,
  timeDecisions,
  timeHundred,
  type DecisionTimes,
  type HeapGrowth,
  type HundredTimes,
} from './decide/measure.ts'
import { DECIDES, PLACES, recordAt, type Recording } from './decide/views.ts'
import { barLines, type Bar } from './report/bars.ts'
import { inColumns } from './report/columns.ts'
import { chosenFrom, conclude, readOptions, refuse } from './report/options.ts'

/** A tick of the edge is 100 ms for all of its intersections; a decision later than the cut is none. */
const MOST_MS = { p50: 2, p99: 5, max: 20 } as const
/** A leak of ten bytes a decision would show. */
const GROWTH_KB_MOST = 1_024
const DECISIONS = 100_000

interface Timed extends DecisionTimes {
  readonly place: string
  readonly phases: number
  readonly lanes: number
  readonly hundred: HundredTimes
  readonly heap: HeapGrowth
}

const HEAD = [
  ...['place', 'phases', 'lanes', 'decisions', 'p50 ms', 'p99 ms', 'max ms', 'slowest ms'],
  ...['second, mean ms', '100 intersections', 'heap KB'],
]

process.exitCode = await bench()

async function bench(): Promise<ExitCode> {
  const options = readOptions(process.argv.slice(2), { seeds: 1, numbers: { decisions: DECISIONS } })
  if (!options.ok) return refuse(options.fault)
  const places = chosenFrom(options.value.scenarios, PLACES)
  if (!places.ok) return refuse(places.fault)
  const timed: Timed[] = []
  for (const place of places.value) {
    const recorded = await recordAt(place)
    if (typeof recorded === 'string') console.log(`${place} is left out: ${recorded}`)
    else
      for (const recording of recorded) timed.push(timeAt(recording, options.value.numbers['decisions'] ?? DECISIONS))
  }
  for (const line of inColumns([HEAD, ...timed.map(rowOf)], new Set([0]))) console.log(line)
  console.log('decision: the longest call of a second in which it was free to choose, each the quickest of five times;')
  console.log('slowest: of all calls, whatever else the machine did; second: its ten calls together')
  for (const { place, hundred } of timed)
    console.log(`${place}: ${hundred.intersections} intersections on one core, ${percent(hundred)} % of it`)
  console.log('')
  const bars = timed.flatMap(barsOf)
  for (const line of barLines(bars)) console.log(line)
  return conclude(options.value, { timed }, bars)
}

function timeAt({ place, views }: Recording, decisions: number): Timed {
  const intersection = views[0]?.intersection
  return {
    place,
    phases: intersection?.phases.length ?? 0,
    lanes: intersection?.approaches.reduce((sum, { lanes }) => sum + lanes.length, 0) ?? 0,
    ...timeDecisions(DECIDES, views),
    hundred: timeHundred(DECIDES, views),
    heap: heapGrowth(DECIDES, views, decisions),
  }
}

function rowOf({ place, phases, lanes, decision, slowestMs, second, hundred, heap }: Timed): string[] {
  return [
    place,
    String(phases),
    String(lanes),
    String(decision.count),
    ...[decision.p50, decision.p99, decision.max, slowestMs, second.mean].map((ms) => ms.toFixed(2)),
    `${percent(hundred)} % of a core`,
    heap.kilobytes.toFixed(0),
  ]
}

function percent({ share }: HundredTimes): string {
  return (100 * share).toFixed(0)
}

function barsOf({ place, decision, hundred, heap }: Timed): Bar[] {
  return [
    ...(['p50', 'p99', 'max'] as const).map((which) => ({
      ...{ place, figure: `one decision, ${which}` },
      ...{ value: decision[which], most: MOST_MS[which], unit: 'ms' },
    })),
    { place, figure: '100 intersections, share of a core', value: 100 * hundred.share, most: 100, unit: '%' },
    { place, figure: `heap over ${heap.decisions} decisions`, value: heap.kilobytes, most: GROWTH_KB_MOST, unit: 'KB' },
  ]
}
