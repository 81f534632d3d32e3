/**
 * How near the estimator comes to the truth of a simulator, lane by lane and second by second, while the adaptive strategy has the
 * street: `npm run bench:estimator`. Options: `--scenario city` or `--scenario <file.sumocfg>` (again for more; the public ones
 * and our own city unless given), `--seeds 1`, `--minutes 60` (of each street), `--json <file.json>`.
 */
import type { ExitCode } from '#app/exit-code.ts'
import { findScenarios } from './control/scenarios.ts'
import { errorsOf, type Errors, type Judged } from './estimator/errors.ts'
import { judgeCity } from './estimator/judge-city.ts'
import { judgeInSumo } from './estimator/judge-sumo.ts'
import { LANE_KINDS, type LaneKind } from './estimator/lane-seconds.ts'
import { learningOf, type Learning } from './estimator/learning.ts'
import { arrivalRow, ARRIVALS_HEAD, LEARNING_HEAD, learningRow, queueRow, QUEUES_HEAD } from './estimator/rows.ts'
import { inColumns } from './report/columns.ts'
import { conclude, readOptions, refuse, type Options } from './report/options.ts'

const CITY = 'city'
const DETECTIONS = ['loops', 'camera'] as const

/** Columns of words. */
const WORDS: ReadonlySet<number> = new Set([0, 1])

interface Found {
  readonly place: string
  readonly seed: number
  readonly kind: LaneKind | 'all'
  readonly errors: Errors
  readonly learning: Learning | null
}

process.exitCode = await bench()

async function bench(): Promise<ExitCode> {
  const options = readOptions(process.argv.slice(2), { seeds: 1, numbers: { minutes: 60 } })
  if (!options.ok) return refuse(options.fault)
  const { scenarios } = options.value
  const files = scenarios.filter((each) => each !== CITY)
  const found: Found[] = []
  if (scenarios.length === 0 || scenarios.includes(CITY)) found.push(...(await inCity(options.value)))
  if (scenarios.length === 0 || files.length > 0) {
    const named = findScenarios(files)
    if (!named.ok && files.length > 0) return refuse(named.fault)
    if (!named.ok) console.log(`SUMO is left out: ${named.fault}`)
    for (const { name, file } of named.ok ? named.value : []) found.push(...(await inSumo(name, file, options.value)))
  }
  print(found)
  return conclude(options.value, { found }, [])
}

function secondsOf({ numbers }: Options): number {
  return 60 * (numbers['minutes'] ?? 60)
}

async function inCity(options: Options): Promise<Found[]> {
  const found: Found[] = []
  for (const seed of options.seeds) {
    const judged = await judgeCity(seed, secondsOf(options))
    for (const sees of DETECTIONS) found.push(...foundIn(judged, { place: `city, ${sees}`, seed, sees }))
  }
  return found
}

async function inSumo(name: string, configurationFile: string, options: Options): Promise<Found[]> {
  const found: Found[] = []
  for (const detection of DETECTIONS)
    for (const seed of options.seeds) {
      const judged = await judgeInSumo({ configurationFile, detection, seed, seconds: secondsOf(options) })
      if (judged.ok) found.push(...foundIn(judged.value, { place: `${name}, ${detection}`, seed, sees: null }))
      else console.log(`${name} by ${detection}, seed ${seed}, is left out: ${judged.fault}`)
    }
  return found
}

interface Wanted {
  readonly place: string
  readonly seed: number
  /** Lanes that are watched so; null = all. */
  readonly sees: 'loops' | 'camera' | null
}

function foundIn(judged: Judged, { place, seed, sees }: Wanted): Found[] {
  return ([...LANE_KINDS, 'all'] as const).flatMap((kind) => {
    const isMeant = (lane: Judged['lanes'][number]) =>
      (kind === 'all' || lane.kind === kind) && (sees === null || lane.sees === sees)
    const errors = errorsOf(judged, isMeant)
    return errors === null ? [] : [{ place, seed, kind, errors, learning: learningOf(judged, isMeant) }]
  })
}

function print(found: readonly Found[]): void {
  const titled = (title: string, rows: readonly (readonly string[])[]) => {
    console.log(title)
    for (const line of inColumns(rows, WORDS)) console.log(line)
    console.log('')
  }
  titled('vehicles that wait, by lane and second', [QUEUES_HEAD, ...found.map(queueRow)])
  titled('vehicles that come, by lane and ten seconds from now: off by (too many)', [
    ARRIVALS_HEAD,
    ...found.map(arrivalRow),
  ])
  titled(
    'what was learnt: seconds from one of a queue to the next, and time from the loops to the stop line, of what is assumed',
    [
      LEARNING_HEAD,
      ...found.flatMap(({ learning, ...row }) => (learning === null ? [] : [learningRow({ ...row, learning })])),
    ],
  )
}
