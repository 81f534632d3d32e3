/** `sabz export sumo`: writes the city, its traffic and a plan of its lights as a scenario that SUMO runs by itself. */
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import { entryAt } from '#signal/calendar/schedule-clock.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import type { SiteConfig } from '#config/site.ts'
import { layStreets } from '#sim/city-streets.ts'
import { explainExportFault, type ExportFault } from '#sim/sumo/export/export-fault.ts'
import { exportScenario, type WrittenScenario } from '#sim/sumo/export/export-scenario.ts'
import { fixedProgram, type FixedProgram } from '#sim/sumo/export/fixed-program.ts'
import { STEP_MS } from '#sim/traffic/flow/traffic.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadScenarioOrExplain } from './scenario.ts'
import { explainFaults, loadSiteOrExplain } from './site.ts'
import type { Terminal } from './terminal.ts'

export interface ExportSumoOptions {
  readonly config: string
  readonly out: string
  readonly scenario?: string
  /** That of the schedule at the start, unless given. */
  readonly plan?: string
  /** Ms since midnight; that of the scenario, or seven in the morning, unless given. */
  readonly from?: number
  readonly for?: number
  readonly seed?: number
}

/** A working day of Hamadan. */
const PLAIN_DAY = '2026-11-23'
const PLAIN_FROM_MS = 7 * 3_600_000
const PLAIN_FOR_MS = 3_600_000
/** Drivers who turn as the counts say can be long under way; by then nearly all have left. */
const CLEAR_MS = 30 * 60_000
const SEED = 1

export async function runExportSumo(options: ExportSumoOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  if (options.scenario !== undefined && options.from !== undefined) {
    terminal.fail('USAGE', 'A scenario has a beginning of its own.', 'Leave out --from, or --scenario.')
    return EXIT.usage
  }
  const scenario =
    options.scenario === undefined
      ? undefined
      : await loadScenarioOrExplain({ directory: options.config, site }, options.scenario, terminal)
  if (scenario === null) return EXIT.invalidConfig
  return write({ options, site, ...(scenario && { scenario }) }, terminal)
}

interface Wish {
  readonly options: ExportSumoOptions
  readonly site: SiteConfig
  readonly scenario?: ScenarioConfig
}

async function write(wish: Wish, terminal: Terminal): Promise<ExitCode> {
  const { options, site, scenario } = wish
  const start = startOf(wish)
  const seed = options.seed ?? scenario?.seed ?? SEED
  const { intersections } = site
  const streets = layStreets({ intersections, seed, epochMs: start.epochMilliseconds, ...(scenario && { scenario }) })
  if (!streets.ok) {
    explainFaults(streets.fault, terminal)
    return EXIT.invalidConfig
  }
  const programs = programsOf(wish, start.epochMilliseconds)
  if (!programs.ok) return explain(programs.fault, terminal)
  const forMs = options.for ?? (scenario && Number.isFinite(scenario.durationMs) ? scenario.durationMs : PLAIN_FOR_MS)
  const written = await exportScenario(
    {
      network: streets.value.network,
      intersections: intersections.map(({ database }) => database.intersection),
      programs: programs.value,
      trips: streets.value.scenario.trips,
      fromMs: start.epochMilliseconds - start.startOfDay().epochMilliseconds,
      forMs,
      clearMs: CLEAR_MS,
      stepMs: STEP_MS,
      seed,
    },
    options.out,
  )
  if (!written.ok) return explain(written.fault, terminal)
  for (const left of leftOut(scenario)) terminal.say(`not in the scenario of SUMO: ${left}`)
  return deliver(written.value, wish, terminal)
}

function startOf({ options, site, scenario }: Wish): Temporal.ZonedDateTime {
  if (scenario)
    return Temporal.Instant.fromEpochMilliseconds(scenario.startEpochMs).toZonedDateTimeISO(scenario.timeZone)
  const midnight = Temporal.PlainDate.from(PLAIN_DAY).toZonedDateTime(site.timeZone)
  return midnight.add({ milliseconds: options.from ?? PLAIN_FROM_MS })
}

function programsOf({ options, site }: Wish, epochMs: number): Outcome<readonly FixedProgram[], ExportFault> {
  const programs: FixedProgram[] = []
  for (const { database } of site.intersections) {
    const key = options.plan ?? scheduledPlan(database, epochMs)
    if (key === null) return failed({ code: 'EXPORT_WITHOUT_PLAN', intersection: database.intersection.id })
    const program = fixedProgram(database, key)
    if (!program.ok) return program
    programs.push(program.value)
  }
  return ok(programs)
}

/** null where the schedule asks for free operation, or for flash. */
function scheduledPlan({ schedule, plans }: ControllerDatabase, epochMs: number): string | null {
  const { pattern } = entryAt(schedule, epochMs)
  if (pattern === PATTERN_FREE || pattern === PATTERN_FLASH) return null
  return plans.find((plan) => plan.pattern === pattern)?.key ?? null
}

/** What SUMO's scenario does not have although ours has it. */
function leftOut(scenario: ScenarioConfig | undefined): string[] {
  const { weather = [], incidents = [] } = scenario ?? {}
  return [
    'people on foot; no vehicle waits for them at a turn',
    ...(weather.length > 0 ? ['the weather; its vehicles drive as on a dry day'] : []),
    ...(incidents.length > 0 ? ['blocked lanes'] : []),
  ]
}

function deliver(written: WrittenScenario, { options }: Wish, terminal: Terminal): ExitCode {
  const { configurationFile, vehicles, warnings } = written
  for (const warning of warnings) terminal.say(warning)
  terminal.print(`${vehicles} vehicles in ${options.out}. Run it: sumo --configuration-file ${configurationFile}`)
  terminal.record({ ok: true, configurationFile, vehicles, warnings })
  return EXIT.ok
}

function explain(fault: ExportFault, terminal: Terminal): ExitCode {
  terminal.fail(fault.code, explainExportFault(fault))
  switch (fault.code) {
    case 'EXPORT_PLAN_UNKNOWN':
    case 'EXPORT_WITHOUT_PLAN':
      return EXIT.usage
    case 'NETCONVERT_FAILED':
    case 'EXPORT_PLAN_NOT_IN_STEP':
      return EXIT.findings
    default:
      return EXIT.cannotReach
  }
}
