/** Puts the rows of all files together: one database, its limits, devices and demand for each intersection. */
import { at } from '#base/at.ts'
import { bitsOf } from '#base/bits.ts'
import { edgeId, intersectionId, type IntersectionId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import { USUAL_WATCH, type DetectorWatch } from '#signal/detector-watch.ts'
import { withFeeders } from '#signal/feeders.ts'
import { buildAdaptiveLimits } from './build-adaptive.ts'
import { buildIntersection, CONTROLLER } from './build-intersection.ts'
import { buildPlan } from './build-plan.ts'
import { buildSchedule } from './build-schedule.ts'
import { buildPreempts, buildPriorities, callable } from './build-preempts.ts'
import type { ConfigFault } from './config-fault.ts'
import { configurationHash } from './configuration-hash.ts'
import { buildUnit } from './build-unit.ts'
import type { DemandRow } from './demand-file.ts'
import type { DeviceRow } from './devices-file.ts'
import { numberedRows, toMs } from './fields.ts'
import type { IntersectionRow } from './network-file.ts'
import type { SiteFiles } from './site-files.ts'
import type { ApproachDemand, DeviceConfig, IntersectionConfig, SiteConfig } from './site.ts'

/** One intersection on its way into the configuration. */
export interface Junction {
  readonly id: IntersectionId
  readonly row: IntersectionRow
  readonly database: ControllerDatabase
}

/** Every intersection with the database that its controller runs; what cannot be resolved has number 0, which the checks find. */
export function buildJunctions(files: SiteFiles): Junction[] {
  return Object.entries(files.network.intersections).map(([text, row]) => {
    const id = intersectionId(text)
    return { id, row, database: buildDatabase(id, row, files) }
  })
}

function buildDatabase(id: IntersectionId, row: IntersectionRow, files: SiteFiles): ControllerDatabase {
  return {
    intersection: buildIntersection(id, row),
    unit: buildUnit(row.unit),
    ...buildTimes(id, files),
    preempts: buildPreempts(row.preempts, files.site.patterns),
    priorities: buildPriorities(row.priorities),
  }
}

/** The files must have passed all checks. */
export function buildSite(
  files: SiteFiles,
  junctions: readonly Junction[],
  warnings: readonly ConfigFault[],
): SiteConfig {
  return {
    id: files.site.id,
    name: files.site.name,
    timeZone: files.site.time_zone,
    ladder: files.site.ladder ?? USUAL_LADDER,
    detectorWatch: buildDetectorWatch(files.site.detector_watch ?? {}),
    edges: files.site.edges.map((edge) => ({
      id: edgeId(edge.id),
      intersections: edge.intersections.map(intersectionId),
    })),
    intersections: knowingFeeders(junctions).map((junction) => buildIntersectionConfig(junction, files)),
    warnings,
  }
}

function buildDetectorWatch(row: NonNullable<SiteFiles['site']['detector_watch']>): DetectorWatch {
  return {
    stuckOnMs: row.stuck_on_s === undefined ? USUAL_WATCH.stuckOnMs : toMs(row.stuck_on_s),
    stuckOnZoneMs: row.stuck_on_zone_s === undefined ? USUAL_WATCH.stuckOnZoneMs : toMs(row.stuck_on_zone_s),
    chatterPerLaneMinute: row.chatter_per_lane_minute ?? USUAL_WATCH.chatterPerLaneMinute,
    missedVehicles: row.missed_vehicles ?? USUAL_WATCH.missedVehicles,
    quietMs: row.quiet_s === undefined ? USUAL_WATCH.quietMs : toMs(row.quiet_s),
  }
}

/** The plan of the hour, and free operation where there is no clock to run it by. */
const USUAL_LADDER: SiteConfig['ladder'] = ['coordinated', 'actuated']

/** Only the whole city tells which ways of a neighbour lead to an approach. */
function knowingFeeders(junctions: readonly Junction[]): Junction[] {
  const intersections = withFeeders(junctions.map(({ database }) => database.intersection))
  return junctions.map((junction, index) => ({
    ...junction,
    database: { ...junction.database, intersection: at(intersections, index) },
  }))
}

function buildTimes(id: IntersectionId, files: SiteFiles): Pick<ControllerDatabase, 'plans' | 'schedule'> {
  const { patterns } = files.site
  const plans = Object.entries(files.plans).flatMap(([key, rows]) => {
    const row = rows[id]
    const number = patterns[key]
    return row === undefined || number === undefined ? [] : [buildPlan(key, number, row)]
  })
  return { plans: plans.toSorted((a, b) => a.pattern - b.pattern), schedule: buildSchedule(id, files) }
}

function buildIntersectionConfig({ id, row, database }: Junction, files: SiteFiles): IntersectionConfig {
  const devices = Object.entries(files.devices[id] ?? {}).map(([name, device]) => buildDevice(name, device))
  const controller = devices.find((device) => device.name === CONTROLLER)
  invariant(controller !== undefined, `${id} has a controller`)
  return {
    database,
    limits: buildLimits(database, row),
    adaptiveLimits: buildAdaptiveLimits(id, files),
    controller,
    cards: devices.filter((device) => device !== controller),
    demand: Object.entries(files.demand[id] ?? {}).map(([approach, demand]) => buildDemand(approach, demand)),
  }
}

function buildLimits(database: ControllerDatabase, row: IntersectionRow): CommandLimits {
  const { phases } = database.intersection
  const minGreenMs = Array.from({ length: Math.max(...phases.map((phase) => phase.id)) + 1 }, () => 0)
  for (const phase of phases) minGreenMs[phase.id] = phase.timing.minGreenMs
  const mayOmit = numberedRows(row.phases).filter(([, phase]) => phase.may_omit === true)
  return {
    phases: bitsOf(phases.map((phase) => phase.id)),
    omittable: bitsOf(mayOmit.map(([number]) => number)),
    preempts: callable(row.preempts),
    priorities: callable(row.priorities),
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
