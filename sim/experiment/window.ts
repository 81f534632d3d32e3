/** Which part of a scenario is run, and which part of that is measured: streets must fill before they can be judged. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import { momentMs } from '#config/scenario-clock.ts'

export interface WindowWish {
  /** Of the clock, such as `07:00`, or `2 07:00` on the second day; the end of the warm-up unless given. */
  readonly from?: string
  /** Until the scenario ends unless given. */
  readonly forMs?: number
  readonly warmUpMs: number
}

export interface Window {
  /** Begins with the warm-up, as early as the scenario has streets for it. */
  readonly scenario: ScenarioConfig
  readonly warmUpMs: number
  readonly measuredMs: number
}

/** What was asked for is not in the scenario; times since its start. */
export interface WindowFault {
  readonly code: 'WINDOW_BEYOND_SCENARIO'
  readonly fromMs: number
  readonly untilMs: number
  readonly scenario: ScenarioConfig
}

export function windowOf(scenario: ScenarioConfig, wish: WindowWish): Outcome<Window, WindowFault> {
  const start = Temporal.Instant.fromEpochMilliseconds(scenario.startEpochMs).toZonedDateTimeISO(scenario.timeZone)
  const fromMs = wish.from === undefined ? wish.warmUpMs : momentMs(wish.from, start)
  const untilMs = wish.forMs === undefined ? scenario.durationMs : fromMs + wish.forMs
  if (fromMs < 0 || untilMs > scenario.durationMs || fromMs >= untilMs)
    return failed({ code: 'WINDOW_BEYOND_SCENARIO', fromMs, untilMs, scenario })
  const skippedMs = Math.max(0, fromMs - wish.warmUpMs)
  return ok({
    scenario: startLater(scenario, skippedMs),
    warmUpMs: fromMs - skippedMs,
    measuredMs: untilMs - fromMs,
  })
}

const HOUR_MS = 3_600_000

export function windowFaultText({ fromMs, untilMs, scenario }: WindowFault): string {
  const { startEpochMs, durationMs, timeZone, key } = scenario
  const clock = (ms: number) => clockText(startEpochMs + ms, timeZone)
  const asked =
    fromMs >= untilMs
      ? `nothing is left to measure from ${clock(fromMs)} on`
      : `${clock(fromMs)} to ${clock(untilMs)} is asked for`
  const has = `scenario ${key} runs from ${clock(0)} for ${durationMs / HOUR_MS} h, until ${clock(durationMs)}`
  return `${asked}; ${has}.`
}

/** What a clock on the street shows, such as `Mon 07:05`. */
export function clockText(epochMs: number, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone)
  return local.toLocaleString('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** The same scenario without its beginning. */
function startLater(scenario: ScenarioConfig, byMs: number): ScenarioConfig {
  const earlier = <T extends { readonly fromMs: number; readonly untilMs: number }>(span: T): T => ({
    ...span,
    fromMs: span.fromMs - byMs,
    untilMs: span.untilMs - byMs,
  })
  return {
    ...scenario,
    startEpochMs: scenario.startEpochMs + byMs,
    durationMs: scenario.durationMs - byMs,
    weather: scenario.weather.map((each) => ({ ...each, fromMs: each.fromMs - byMs })),
    closures: scenario.closures.map(earlier).filter(({ untilMs }) => untilMs > 0),
    incidents: scenario.incidents.map(earlier).filter(({ untilMs }) => untilMs > 0),
    vehicles: {
      ...scenario.vehicles,
      flows: scenario.vehicles.flows.map((flow) => ({
        ...flow,
        atMs: flow.atMs.map((atMs) => atMs - byMs).filter((atMs) => atMs >= 0),
      })),
    },
  }
}
