/** Puts the rows of a scenario's file together; the file must have passed all checks. */
import { basename } from 'node:path'
import { intersectionId, type IntersectionId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import { curveOf, durationMs, momentMs, spanMs, startOf } from './scenario-clock.ts'
import type { BusLineRow, FlowRow, IncidentRow, ScenarioFile } from './scenario-file.ts'
import type {
  BusLine,
  LaneIncident,
  ScenarioConfig,
  StreetName,
  TimeCurve,
  VehicleDemand,
  VehicleFlow,
} from './scenario.ts'
import { minuteOfDay } from './schedule-file.ts'
import type { SiteConfig } from './site.ts'
import { WEATHERS, type WeatherFactors } from './weathers.ts'

const SEED = 1

export interface ScenarioRows {
  readonly file: string
  readonly rows: ScenarioFile
  readonly site: SiteConfig
}

export function buildScenario({ file, rows, site }: ScenarioRows): ScenarioConfig {
  const start = startOf(rows, site.timeZone)
  invariant(start, 'a scenario that was checked starts on a day that there is')
  return {
    key: basename(file, '.yaml'),
    file,
    name: rows.name,
    timeZone: site.timeZone,
    startEpochMs: start.epochMilliseconds,
    clock: 'own',
    durationMs: durationMs(rows),
    seed: rows.seed ?? SEED,
    vehicles: buildVehicles(rows.vehicles, start),
    pedestrianFactors: curveOrNull(rows.pedestrians?.factors),
    weather: buildWeather(rows, start),
    busLines: entriesOf(rows.buses).map(([line, row]) => buildBusLine(line, row)),
    closures: entriesOf(rows.closures).map(([closure, row]) => ({
      key: closure,
      street: streetOf(row.street),
      ...spanMs(row, start),
    })),
    incidents: entriesOf(rows.incidents).map(([incident, row]) => buildIncident(incident, row, { start, site })),
    boxBlockedAt: buildBoxes(rows.box_blocked_at, site),
    faults: rows.faults ?? [],
  }
}

function buildVehicles(rows: ScenarioFile['vehicles'] = {}, start: Temporal.ZonedDateTime): VehicleDemand {
  const hours = entriesOf(rows.hours).map(([time, column]) => [minuteOfDay(time), column] as const)
  return {
    hours: hours.length === 0 ? null : hours.toSorted(([a], [b]) => a - b),
    factors: curveOf(rows.factors),
    kinds: rows.kinds === undefined ? null : { lorry: rows.kinds.lorry ?? 0, bus: rows.kinds.bus ?? 0 },
    flows: entriesOf(rows.flows).map(([key, row]) => buildFlow(key, row, start)),
  }
}

function buildFlow(key: string, row: FlowRow, start: Temporal.ZonedDateTime): VehicleFlow {
  return {
    key,
    from: endOf(row.from),
    to: endOf(row.to),
    kind: row.kind ?? null,
    perHour: curveOf(row.vehicles_per_hour),
    atMs: (row.at ?? []).map((moment) => momentMs(moment, start)).toSorted((a, b) => a - b),
  }
}

function buildWeather(
  { weather, own_weather }: ScenarioFile,
  start: Temporal.ZonedDateTime,
): ScenarioConfig['weather'] {
  return entriesOf(weather)
    .map(([moment, name]) => ({
      fromMs: moment === 'start' ? 0 : momentMs(moment, start),
      factors: factorsOf(name, own_weather),
    }))
    .toSorted((a, b) => a.fromMs - b.fromMs)
}

const factorsOf = (name: string, own: ScenarioFile['own_weather']): WeatherFactors => ({
  speed: 1,
  headway: 1,
  grip: 1,
  ...(own?.[name] ?? WEATHERS[name]),
})

function buildBusLine(key: string, row: BusLineRow): BusLine {
  return {
    key,
    from: streetOf(row.from),
    to: streetOf(row.to),
    firstMinuteOfDay: minuteOfDay(row.first),
    lastMinuteOfDay: minuteOfDay(row.last),
    headwayMinutes: row.headway_min,
    stops: (row.stops ?? []).map((stop) => ({
      street: streetOf(stop.street),
      beforeStopLineM: stop.before_stop_line_m,
      dwellMs: Math.round(stop.dwell_s * 1_000),
    })),
  }
}

function buildIncident(
  key: string,
  row: IncidentRow,
  { start, site }: { readonly start: Temporal.ZonedDateTime; readonly site: SiteConfig },
): LaneIncident {
  const intersection = intersectionId(row.intersection)
  const approaches = site.intersections.find(({ database }) => database.intersection.id === intersection)?.database
    .intersection.approaches
  const approach = approaches?.find(({ lanes }) => lanes.some(({ id }) => id === row.lane))
  invariant(approach, 'the lane of an incident that was checked is there')
  return {
    key,
    street: { intersection, approach: approach.id },
    lane: row.lane,
    beforeStopLineM: row.before_stop_line_m,
    lengthM: row.length_m,
    ...spanMs(row, start),
  }
}

function buildBoxes(rows: ScenarioFile['box_blocked_at'] = [], { intersections }: SiteConfig): IntersectionId[] {
  if (rows.includes('everywhere')) return intersections.map(({ database }) => database.intersection.id)
  return rows.map(intersectionId)
}

/** `IX-03.S` in its parts. */
export function streetOf(text: string): StreetName {
  const [intersection = '', approach = ''] = text.split('.')
  return { intersection: intersectionId(intersection), approach }
}

const endOf = (text: string): StreetName | 'everywhere' => (text === 'everywhere' ? text : streetOf(text))

function curveOrNull(rows: Readonly<Record<string, number>> | undefined): TimeCurve | null {
  const curve = curveOf(rows)
  return curve.length === 0 ? null : curve
}

const entriesOf = <Row>(rows: Readonly<Record<string, Row>> | undefined): [string, Row][] => Object.entries(rows ?? {})
