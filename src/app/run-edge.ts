/** `sabz edge`: wires devices, strategies and telemetry of one edge and runs it until asked to end. */
import { join } from 'node:path'
import { invariant } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { didYouMean } from '#config/nearest.ts'
import type { SiteKey } from '#config/keys-file.ts'
import type { EdgeConfig, IntersectionConfig, SiteConfig } from '#config/site.ts'
import { queueCount } from '#control/queue-count.ts'
import { loadDrivers } from '#devices/open.ts'
import { openCrashRecord } from '#edge/crash-record.ts'
import { startEdge, type EdgeIntersection } from '#edge/edge.ts'
import { beginWithLearnt, keepLearnt } from '#edge/learnt/learnt-keeper.ts'
import { LearntShelf } from '#edge/learnt/learnt-shelf.ts'
import { startTelemetry, type RunningTelemetry } from '#edge/telemetry/telemetry.ts'
import { ownFolder } from '#trust/layout.ts'
import { MQTT_ROLE } from '#trust/roles.ts'
import { brokerFolder } from './broker-access.ts'
import { answerScans } from './demo-words.ts'
import { trustTowards } from './device-trust.ts'
import { neighboursOf } from './edge-neighbours.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { fieldOf, loadProfilesOrExplain, type SiteDevice } from './field.ts'
import { watchKeys } from './key-checks.ts'
import { strategiesOf } from './ladder.ts'
import { keepHeapLean } from './lean-heap.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
import { followSigners } from './orders/follow-signers.ts'
import { keysOrExplain } from './orders/keys.ts'
import { claimPriority } from './priority.ts'
import { loadSiteOrExplain } from './site.ts'
import { processorMs, systemClock } from './system-clock.ts'
import { logTo, type Terminal } from './terminal.ts'
import { tlsFolderOf } from './tls-folder.ts'

export interface EdgeOptions {
  readonly config: string
  readonly id: string
  readonly mqtt: string
  readonly data: string
  readonly portOffset: number
  readonly tls?: string
  readonly plainMqtt?: true
}

export async function runEdge(options: EdgeOptions, terminal: Terminal): Promise<ExitCode> {
  keepHeapLean()
  const site = await loadSiteOrExplain(options.config, terminal)
  const profiles = site && (await loadProfilesOrExplain(site, terminal))
  const signers = await keysOrExplain(options.config, terminal)
  if (site === null || profiles === null || signers === null) return EXIT.invalidConfig
  const edge = site.edges.find(({ id }) => id === options.id)
  if (edge === undefined) return explainUnknown(options, site, terminal)
  const holder = { kind: 'edge', name: edge.id } as const
  const way = brokerFolder(options, { holder, roles: [MQTT_ROLE] }, site, terminal)
  if (!way.ok) return way.fault

  const log = logTo(terminal, 'edge')
  // The telemetry's thread loads on the other core what it needs, while the drivers are loaded here.
  const [telemetry] = await Promise.all([
    startTelemetryOrExplain({ site, edge, options, keys: way.value, signers, log }, terminal),
    loadDrivers(profiles.values()),
  ])
  if (telemetry === null) return EXIT.cannotReach
  const folder = tlsFolderOf(options.tls, site)
  watchKeys(ownFolder(folder, holder), log)
  followSigners({ config: options.config, signers, follow: (keys) => telemetry.follow(keys), log })
  const trust = (id: string, device: string) => trustTowards(folder, edge.id, id, device)
  const field = fieldOf(dutyOf(edge, site), profiles, { portOffset: options.portOffset, trust })
  const shelf = new LearntShelf({ directory: join(options.data, LEARNT_FOLDER), clock: systemClock, log })
  const duty = dutyOf(edge, site).map((intersection) => inEdgeTerms(intersection, field))
  const intersections = await beginWithLearnt(duty, shelf)
  const record = await openCrashRecord(options.data, log)
  claimPriority()
  const running = startEdge({
    intersections,
    ...{ telemetry, outlooks: telemetry, orders: telemetry },
    strategies: strategiesOf(site),
    comparing: true,
    detectorWatch: site.detectorWatch,
    crashes: record.crashes,
    queues: queueCount,
    clock: systemClock,
    stopwatch: processorMs,
    log,
  })
  const keeper = keepLearnt({ edge: running, intersections, shelf })
  log('info', 'EDGE_READY', `${edge.id} supervises ${edge.intersections.join(', ')}; broker ${options.mqtt}`)
  terminal.record({ type: 'ready', edge: edge.id, intersections: edge.intersections })
  answerScans(running)
  tellReady({ edge: edge.id })
  return runUntilAsked(async () => {
    // A device that does not answer may outlast the patience with a stop: what was learnt does not wait for it.
    await Promise.all([keeper.stop(), running.stop()])
    await telemetry.close()
    await record.close()
  })
}

/** Beside the spool. */
const LEARNT_FOLDER = 'learnt'

const dutyOf = (edge: EdgeConfig, { intersections }: SiteConfig): IntersectionConfig[] =>
  intersections.filter(({ database }) => edge.intersections.includes(database.intersection.id))

function inEdgeTerms(intersection: IntersectionConfig, field: readonly SiteDevice[]): EdgeIntersection {
  const [controller, ...cards] = field.filter((device) => device.intersection === intersection)
  invariant(controller, 'the controller comes first of the devices of an intersection')
  const { database, limits, adaptiveLimits } = intersection
  const { openTiming } = controller
  return { database, limits, adaptiveLimits, controller, cards, ...(openTiming && { openTiming }) }
}

interface TelemetryParts {
  readonly site: SiteConfig
  readonly edge: EdgeConfig
  readonly options: EdgeOptions
  /** Folder of the edge's own keys; null on a plain connection. */
  readonly keys: string | null
  /** Whose plans and orders are followed. */
  readonly signers: readonly SiteKey[]
  readonly log: Log
}

async function startTelemetryOrExplain(
  { site, edge, options, keys, signers, log }: TelemetryParts,
  terminal: Terminal,
): Promise<RunningTelemetry | null> {
  try {
    const neighbours = neighboursOf(edge, site)
    const intersections = dutyOf(edge, site).map(({ database, limits, adaptiveLimits }) => ({
      database,
      limits,
      adaptiveLimits,
    }))
    const duty = { intersections, keys: signers }
    const credentials = keys === null ? {} : { credentials: { folder: keys, role: MQTT_ROLE } }
    const places = { mqttUrl: options.mqtt, spoolDirectory: options.data, ...credentials }
    return await startTelemetry({ site: site.id, edge: edge.id, ...places, neighbours, duty, log })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    terminal.fail('SPOOL_UNUSABLE', message, 'An edge that cannot record does not start. Name another folder: --data')
    return null
  }
}

function explainUnknown({ id, config }: EdgeOptions, { edges }: SiteConfig, terminal: Terminal): ExitCode {
  const known = edges.map((edge) => edge.id)
  const remedy = didYouMean(id, known) || `Its edges: ${known.join(', ')}.`
  terminal.fail('UNKNOWN_EDGE', `there is no edge ${id} in ${config}.`, remedy)
  return EXIT.usage
}
