/** Checks a scenario against the site: streets and lanes that there are, columns of the demand, and times within the run. */
import { streetOf } from './build-scenario.ts'
import { unknownIntersection } from './check-names.ts'
import type { ConfigFault, FaultAt } from './config-fault.ts'
import { writeInstead } from './nearest.ts'
import { durationMs, momentMs, spanMs, startOf } from './scenario-clock.ts'
import type { BusLineRow, FlowRow, IncidentRow, ScenarioFile } from './scenario-file.ts'
import type { SiteConfig } from './site.ts'
import { WEATHERS } from './weathers.ts'

type Path = readonly (string | number)[]

/** What every check needs. */
interface Checking {
  readonly rows: ScenarioFile
  readonly site: SiteConfig
  readonly at: FaultAt
  readonly start: Temporal.ZonedDateTime
}

export function checkScenario(rows: ScenarioFile, site: SiteConfig, at: FaultAt): ConfigFault[] {
  const start = startOf(rows, site.timeZone)
  if (start === null) {
    const says = `${rows.start.date} is no day of the ${rows.start.calendar ?? 'gregory'} calendar. Correct the date, or name its calendar.`
    return [at('START_DATE_INVALID', ['start', 'date'], says)]
  }
  const checking = { rows, site, at, start }
  return [
    ...checkColumns(checking),
    ...checkKinds(checking),
    ...eachRow(rows.vehicles?.flows, (key, row) => checkFlow(['vehicles', 'flows', key], row, checking)),
    ...checkWeather(checking),
    ...eachRow(rows.buses, (key, row) => checkBusLine(['buses', key], row, checking)),
    ...eachRow(rows.closures, (key, row) => [
      ...checkStreet(['closures', key, 'street'], row.street, checking),
      ...checkSpan(['closures', key], row, checking),
    ]),
    ...eachRow(rows.incidents, (key, row) => checkIncident(['incidents', key], row, checking)),
    ...checkBoxes(checking),
  ]
}

function eachRow<Row>(
  rows: Readonly<Record<string, Row>> | undefined,
  check: (key: string, row: Row) => ConfigFault[],
): ConfigFault[] {
  return Object.entries(rows ?? {}).flatMap(([key, row]) => check(key, row))
}

function checkColumns({ rows, site, at }: Checking): ConfigFault[] {
  const columns = [
    ...new Set(site.intersections.flatMap(({ demand }) => demand.flatMap((row) => [...row.vehiclesPerHour.keys()]))),
  ]
  return eachRow(rows.vehicles?.hours, (time, column) =>
    columns.includes(column)
      ? []
      : [
          at(
            'PLAN_UNKNOWN',
            ['vehicles', 'hours', time],
            `demand.yaml has no column ${column}. ${writeInstead(column, columns)}`,
          ),
        ],
  )
}

function checkKinds({ rows, at }: Checking): ConfigFault[] {
  const { lorry = 0, bus = 0 } = rows.vehicles?.kinds ?? {}
  if (lorry + bus <= 1) return []
  const says = `${lorry}+${bus} is more than all vehicles. Lower a share; the rest are cars.`
  return [at('KIND_SHARES_ABOVE_ONE', ['vehicles', 'kinds'], says)]
}

function checkFlow(path: Path, row: FlowRow, checking: Checking): ConfigFault[] {
  const { at, start } = checking
  const ends = (['from', 'to'] as const).filter((end) => row[end] !== 'everywhere')
  const rate = row.vehicles_per_hour !== undefined || row.at !== undefined
  return [
    ...ends.flatMap((end) => checkStreet([...path, end], row[end], checking)),
    ...(row.from === 'everywhere' ? [] : checkEntry([...path, 'from'], row.from, checking)),
    ...(rate
      ? []
      : [at('FLOW_WITHOUT_TIME', path, 'it does not say who comes when. Add vehicles_per_hour, or at with times.')]),
    ...(row.at ?? []).flatMap((moment, i) => checkInRun([...path, 'at', i], momentMs(moment, start), checking)),
  ]
}

/** Vehicles come into the network where no intersection upstream feeds the street. */
function checkEntry(path: Path, text: string, { site, at }: Checking): ConfigFault[] {
  const { intersection, approach } = streetOf(text)
  const upstream = approachesOf(site, intersection)?.find(({ id }) => id === approach)?.upstream
  if (upstream === undefined || upstream === null) return []
  const entries = site.intersections.flatMap(
    ({
      database: {
        intersection: { id, approaches },
      },
    }) => approaches.filter((candidate) => candidate.upstream === null).map((candidate) => `${id}.${candidate.id}`),
  )
  const says = `${text} is fed by ${upstream.intersection}, nobody comes into the network there. Known: ${entries.join(', ')}.`
  return [at('NOT_AN_ENTRY', path, says)]
}

function checkStreet(path: Path, text: string, { site, at }: Checking): ConfigFault[] {
  const { intersection, approach } = streetOf(text)
  const approaches = approachesOf(site, intersection)
  if (approaches === undefined) return [unknownIntersection(at, path, intersection, intersectionsOf(site))]
  const legs = approaches.map(({ id }) => id)
  if (legs.includes(approach)) return []
  return [at('APPROACH_UNKNOWN', path, `${intersection} has no approach ${approach}. ${writeInstead(approach, legs)}`)]
}

function checkWeather({ rows, at, ...rest }: Checking): ConfigFault[] {
  const known = [...new Set([...Object.keys(WEATHERS), ...Object.keys(rows.own_weather ?? {})])]
  return eachRow(rows.weather, (moment, name) => [
    ...(known.includes(name)
      ? []
      : [at('WEATHER_UNKNOWN', ['weather', moment], `there is no weather ${name}. ${writeInstead(name, known)}`)]),
    ...(moment === 'start' ? [] : checkInRun(['weather', moment], momentMs(moment, rest.start), { rows, at, ...rest })),
  ])
}

function checkBusLine(path: Path, row: BusLineRow, checking: Checking): ConfigFault[] {
  return [
    ...checkStreet([...path, 'from'], row.from, checking),
    ...checkEntry([...path, 'from'], row.from, checking),
    ...checkStreet([...path, 'to'], row.to, checking),
    ...(row.stops ?? []).flatMap((stop, i) => checkStreet([...path, 'stops', i, 'street'], stop.street, checking)),
  ]
}

function checkIncident(path: Path, row: IncidentRow, checking: Checking): ConfigFault[] {
  return [...checkLane(path, row, checking), ...checkSpan(path, row, checking)]
}

function checkLane(path: Path, row: IncidentRow, { site, at }: Checking): ConfigFault[] {
  const approaches = approachesOf(site, row.intersection)
  if (approaches === undefined)
    return [unknownIntersection(at, [...path, 'intersection'], row.intersection, intersectionsOf(site))]
  const lanes = approaches.flatMap((approach) => approach.lanes.map(({ id }) => id))
  if (lanes.includes(row.lane)) return []
  const says = `${row.intersection} has no lane ${row.lane}. ${writeInstead(row.lane, lanes)}`
  return [at('LANE_UNKNOWN', [...path, 'lane'], says)]
}

function checkBoxes({ rows, site, at }: Checking): ConfigFault[] {
  const known = intersectionsOf(site)
  const unknown = [...(rows.box_blocked_at ?? []).entries()].filter(
    ([, id]) => id !== 'everywhere' && !known.includes(id),
  )
  return unknown.map(([i, id]) => unknownIntersection(at, ['box_blocked_at', i], id, known))
}

function checkSpan(
  path: Path,
  row: { readonly from: string; readonly until: string },
  checking: Checking,
): ConfigFault[] {
  const { fromMs, untilMs } = spanMs(row, checking.start)
  if (untilMs > fromMs) return checkInRun([...path, 'from'], fromMs, checking)
  return [
    checking.at('ENDS_BEFORE_IT_BEGINS', path, `it ends at ${row.until}, and begins at ${row.from}. Correct one.`),
  ]
}

function checkInRun(path: Path, ms: number, { rows, at, start }: Checking): ConfigFault[] {
  if (ms >= 0 && ms < durationMs(rows)) return []
  const end = start.add({ milliseconds: durationMs(rows) }).toPlainDateTime()
  const says =
    `it never comes: the run is from ${start.toPlainDateTime().toString().slice(0, 16)} ` +
    `to ${end.toString().slice(0, 16)}. Correct the time, or lengthen the run.`
  return [at('OUTSIDE_THE_RUN', path, says)]
}

const intersectionsOf = ({ intersections }: SiteConfig): string[] =>
  intersections.map(({ database }) => database.intersection.id)

const approachesOf = ({ intersections }: SiteConfig, id: string) =>
  intersections.find(({ database }) => database.intersection.id === id)?.database.intersection.approaches
