/**
 * The city under adaptive control, beside other ways to control it and with things broken in it: `npm run bench:robustness`. Runs of one
 * seed have the same drivers. Usually half an hour of the morning peak; `--whole` is the working day; `--help` says what can be asked for.
 */
import { intersectionId, type IntersectionId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import { loadScenario } from '#config/load-scenario.ts'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { EXIT, type ExitCode } from '#app/exit-code.ts'
import { layStreets } from '#sim/city-streets.ts'
import { windowOf, type Window } from '#sim/experiment/window.ts'
import { loadHamadan, loadProfiles } from '#test/sim/hamadan.ts'
import { barLines } from './report/bars.ts'
import { conclude, refuse } from './report/options.ts'
import { barsOf, figuresOf, pair, WAYS_OF, type RunFigures } from './robustness/figures.ts'
import { liveThrough, type PlacedAttack } from './robustness/live.ts'
import { HELP, readOptions, type RobustnessOptions } from './robustness/options.ts'
import { sideDelays } from './robustness/side-streets.ts'
import { pairLines, runLine } from './robustness/table.ts'
import { conditionsOf, WAYS, type Way } from './robustness/ways.ts'
import { worstAttack } from './robustness/worst-attack.ts'

interface Bench {
  readonly options: RobustnessOptions
  readonly site: SiteConfig
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly window: Window
  readonly place: IntersectionId
}

process.exitCode = await bench()

async function bench(): Promise<ExitCode> {
  const options = readOptions(process.argv.slice(2))
  if (!options.ok) return refuse(options.fault)
  if (options.value === 'help') {
    for (const line of HELP) console.log(line)
    return EXIT.ok
  }
  const site = await loadHamadan()
  const { rows, seeds, at } = options.value
  const place = intersectionId(at)
  if (!site.intersections.some(({ database }) => database.intersection.id === place))
    return refuse(`There is no intersection ${at} in the city. Name one: --at IX-02.`)
  const known: Bench = {
    ...{ options: options.value, site, place },
    profiles: await loadProfiles(),
    window: await windowIn(site, options.value),
  }
  const wanted = WAYS.filter((way) => rows.some((row) => WAYS_OF[row].includes(way)))
  let attack: PlacedAttack | null = null
  const runs: RunFigures[] = []
  for (const seed of seeds)
    for (const way of wanted) {
      if (way === 'spoofed') attack ??= attackBeside(known, runs)
      const run = runCity(known, { way, seed, attack })
      console.error(runLine(run))
      runs.push(run)
      // Written anew after each run, so that a night is not lost with the last one.
      const kept = conclude({ json: options.value.json, isStrict: false }, { options: options.value, attack, runs }, [])
      if (kept !== EXIT.ok) return kept
    }
  for (const line of pairLines(rows.flatMap((row) => pair(row, place, runs)))) console.log(line)
  console.log('')
  const bars = rows.flatMap((row) => barsOf(row, place, runs))
  for (const line of barLines(bars)) console.log(line)
  return conclude(options.value, { options: options.value, attack, runs }, bars)
}

/** Of a working day. */
async function windowIn(site: SiteConfig, { from, measuredMs, warmUpMs }: RobustnessOptions): Promise<Window> {
  const scenario = await loadScenario('config/hamadan', 'weekday', site)
  invariant(scenario.ok, 'the working day of our own city can be loaded')
  const window = windowOf(scenario.value, { from, forMs: measuredMs, warmUpMs })
  invariant(window.ok, 'a part of the day is a part of the scenario')
  return window.value
}

/** With the traffic of a run under the fixed plan, which no lie can change. */
function attackBeside(
  { site, profiles, window, place, options: { attacks } }: Bench,
  runs: readonly RunFigures[],
): PlacedAttack | null {
  const city = runs.find(({ way }) => way === 'fixed')
  invariant(city, 'who is lied to is compared with the fixed plan, which runs first')
  const { strategies } = conditionsOf('adaptive', { site, seed: city.seed, fromMs: 0 })
  const epochMs = window.scenario.startEpochMs + window.warmUpMs
  return worstAttack({ site, profiles, strategies, epochMs, place, tries: attacks, city, tell: console.error })
}

interface CityRun {
  readonly way: Way
  readonly seed: number
  readonly attack: PlacedAttack | null
}

function runCity({ site, profiles, window }: Bench, { way, seed, attack }: CityRun): RunFigures {
  const { scenario, warmUpMs, measuredMs } = window
  const { isAttacked, ...conditions } = conditionsOf(way, { site, seed, fromMs: warmUpMs })
  const { intersections } = site
  const start = { seed, epochMs: scenario.startEpochMs }
  const streets = layStreets({ ...start, intersections, scenario })
  invariant(streets.ok, 'the scenario lies on the streets of the city')
  const { report, longestWait } = liveThrough({
    ...{ ...start, ...conditions, site, profiles, streets: streets.value, warmUpMs, measuredMs },
    attack: isAttacked ? attack : null,
  })
  return figuresOf({ way, seed, longestWait, sides: sideDelays(site, report) }, report)
}
