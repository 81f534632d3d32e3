/** Puts the checked rows of all files together: one database, its limits, devices and demand for each intersection. */
import { bitsOf } from '#base/bits.ts'
import { edgeId, intersectionId, patternId, phaseId, type IntersectionId, type PhaseId } from '#base/id.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import type { DayPlan, Schedule } from '#signal/schedule.ts'
import { PATTERN_FREE, type TimingPlan } from '#signal/timing-plan.ts'
import { buildIntersection, CONTROLLER } from './build-intersection.ts'
import { configurationHash } from './configuration-hash.ts'
import type { DemandRow } from './demand-file.ts'
import type { DeviceRow } from './devices-file.ts'
import { numberedRows, toMs } from './fields.ts'
import type { PlanRow } from './plans-file.ts'
import { FREE, type ScheduleFile, type WeekRow } from './schedule-file.ts'
import type { SiteFiles } from './site-files.ts'
import type { ApproachDemand, DeviceConfig, IntersectionConfig, SiteConfig } from './site.ts'

/** The rows must have passed all checks between files. */
export function buildSite(files: SiteFiles, databases: ReadonlyMap<string, ControllerDatabase>): SiteConfig {
  return {
    id: files.site.id,
    name: files.site.name,
    timeZone: files.site.time_zone,
    edges: files.site.edges.map((edge) => ({
      id: edgeId(edge.id),
      intersections: edge.intersections.map(intersectionId),
    })),
    intersections: [...databases].map(([id, database]) => buildIntersectionConfig(id, database, files)),
  }
}

/** What the controller of an intersection runs, and what the configuration hash is taken of. */
export function buildDatabase(id: IntersectionId, files: SiteFiles): ControllerDatabase {
  const plans = Object.entries(files.plans).flatMap(([key, rows]) => {
    const row = rows[id]
    return row === undefined ? [] : [buildPlan(key, row, files.site.patterns)]
  })
  return {
    intersection: buildIntersection(id, files.network.intersections[id]!),
    plans: plans.sort((a, b) => a.pattern - b.pattern),
    schedule: buildSchedule(id, files),
  }
}

function buildPlan(key: string, row: PlanRow, patterns: Readonly<Record<string, number>>): TimingPlan {
  return {
    pattern: patternId(patterns[key]!),
    key,
    cycleMs: toMs(row.cycle_s),
    offsetMs: toMs(row.offset_s),
    splitsMs: new Map(numberedRows(row.splits_s).map(([phase, s]): [PhaseId, number] => [phaseId(phase), toMs(s)])),
    coordinatedPhases: row.coordinated.map(phaseId),
    sequence: row.sequence ?? 1,
  }
}

/** The day plans that the week of this intersection uses, so that another's night does not change its hash. */
function buildSchedule(id: IntersectionId, { site, schedule }: SiteFiles): Schedule {
  const week = schedule.own_weeks?.[id] ?? schedule.week
  const days = daysFromMonday(week)
  const used = Object.entries(schedule.day_plans).filter(([key]) => days.includes(key))
  return {
    timeZone: site.time_zone,
    dayPlans: used.map(([key, row]) => buildDayPlan(key, row, site.patterns)),
    week: days.map((key) => schedule.day_plans[key]!.number),
  }
}

function buildDayPlan(
  key: string,
  row: ScheduleFile['day_plans'][string],
  patterns: Readonly<Record<string, number>>,
): DayPlan {
  const entries = Object.entries(row.entries).map(([time, plan]) => ({
    startMinuteOfDay: minuteOfDay(time),
    pattern: plan === FREE ? PATTERN_FREE : patternId(patterns[plan]!),
  }))
  return { number: row.number, key, entries: entries.sort((a, b) => a.startMinuteOfDay - b.startMinuteOfDay) }
}

const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** ISO order. */
const daysFromMonday = (week: WeekRow): string[] => [
  week.monday,
  week.tuesday,
  week.wednesday,
  week.thursday,
  week.friday,
  week.saturday,
  week.sunday,
]

function buildIntersectionConfig(id: string, database: ControllerDatabase, files: SiteFiles): IntersectionConfig {
  const devices = Object.entries(files.devices[id]!).map(([name, row]) => buildDevice(name, row))
  return {
    database,
    limits: buildLimits(database, mayOmit(id, files)),
    controller: devices.find((device) => device.name === CONTROLLER)!,
    cards: devices.filter((device) => device.name !== CONTROLLER),
    demand: Object.entries(files.demand[id] ?? {}).map(([approach, row]) => buildDemand(approach, row)),
  }
}

const mayOmit = (id: string, files: SiteFiles): number[] =>
  numberedRows(files.network.intersections[id]!.phases).flatMap(([number, row]) =>
    row.may_omit === true ? [number] : [],
  )

function buildLimits(database: ControllerDatabase, omittable: readonly number[]): CommandLimits {
  const { phases } = database.intersection
  const minGreenMs = Array.from({ length: Math.max(...phases.map((phase) => phase.id)) + 1 }, () => 0)
  for (const phase of phases) minGreenMs[phase.id] = phase.timing.minGreenMs
  return {
    phases: bitsOf(phases.map((phase) => phase.id)),
    omittable: bitsOf(omittable),
    patterns: database.plans.map((plan) => plan.pattern),
    minGreenMs,
    configurationHash: configurationHash(database),
  }
}

function buildDevice(name: string, row: DeviceRow): DeviceConfig {
  return { name, profile: row.profile, address: { host: row.host, port: row.port, unit: row.unit ?? 1 } }
}

function buildDemand(approach: string, row: DemandRow): ApproachDemand {
  return {
    approach,
    vehiclesPerHour: new Map(Object.entries(row.vehicles_per_hour ?? {})),
    turnShares: row.turns,
    pedestriansPerHour: row.pedestrians_per_hour,
  }
}
