/** `sabz edge`: wires devices, strategies and telemetry of one edge and runs it until asked to end. */
import { join } from 'node:path'
import { invariant } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { didYouMean } from '#config/nearest.ts'
import type { EdgeConfig, IntersectionConfig, SiteConfig } from '#config/site.ts'
import { queueCount } from '#control/queue-count.ts'
import { loadDrivers } from '#devices/open.ts'
import { startEdge, type EdgeIntersection } from '#edge/edge.ts'
import { beginWithLearnt, keepLearnt } from '#edge/learnt/learnt-keeper.ts'
import { LearntShelf } from '#edge/learnt/learnt-shelf.ts'
import type { OutlookExchange, Telemetry } from '#edge/telemetry/port.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { neighboursOf } from './edge-neighbours.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { fieldOf, loadProfilesOrExplain, type SiteDevice } from './field.ts'
import { strategiesOf } from './ladder.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
import { claimPriority } from './priority.ts'
import { loadSiteOrExplain } from './site.ts'
import { processorMs, systemClock } from './system-clock.ts'
import { logTo, type Terminal } from './terminal.ts'
import { explainBadUrl, isUrl, MQTT_PROTOCOLS } from './url.ts'

export interface EdgeOptions {
  readonly config: string
  readonly id: string
  readonly mqtt: string
  readonly data: string
  readonly portOffset: number
}

export async function runEdge(options: EdgeOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  const profiles = site && (await loadProfilesOrExplain(site, terminal))
  if (site === null || profiles === null) return EXIT.invalidConfig
  const edge = site.edges.find(({ id }) => id === options.id)
  if (edge === undefined) return explainUnknown(options, site, terminal)
  if (!isUrl(options.mqtt, MQTT_PROTOCOLS)) return explainBadUrl(options.mqtt, 'mqtt://127.0.0.1:1883', terminal)

  const log = logTo(terminal, 'edge')
  const telemetry = await startTelemetryOrExplain({ site, edge, options, log }, terminal)
  if (telemetry === null) return EXIT.cannotReach
  const field = fieldOf(dutyOf(edge, site), profiles, options.portOffset)
  const shelf = new LearntShelf({ directory: join(options.data, LEARNT_FOLDER), clock: systemClock, log })
  const duty = dutyOf(edge, site).map((intersection) => inEdgeTerms(intersection, field))
  const intersections = await beginWithLearnt(duty, shelf)
  await loadDrivers(profiles.values())
  claimPriority()
  const running = startEdge({
    intersections,
    telemetry,
    outlooks: telemetry,
    strategies: strategiesOf(site),
    comparing: true,
    queues: queueCount,
    clock: systemClock,
    stopwatch: processorMs,
    log,
  })
  const keeper = keepLearnt({ edge: running, intersections, shelf })
  log('info', 'EDGE_READY', `${edge.id} supervises ${edge.intersections.join(', ')}; broker ${options.mqtt}`)
  terminal.record({ type: 'ready', edge: edge.id, intersections: edge.intersections })
  tellReady({ edge: edge.id })
  return runUntilAsked(async () => {
    // A device that does not answer may outlast the patience with a stop: what was learnt does not wait for it.
    await Promise.all([keeper.stop(), running.stop()])
    await telemetry.close()
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
  return { database, limits, adaptiveLimits, controller, cards }
}

async function startTelemetryOrExplain(
  { site, edge, options, log }: { site: SiteConfig; edge: EdgeConfig; options: EdgeOptions; log: Log },
  terminal: Terminal,
): Promise<(Telemetry & OutlookExchange) | null> {
  try {
    const neighbours = neighboursOf(edge, site)
    const places = { mqttUrl: options.mqtt, spoolDirectory: options.data }
    return await startTelemetry({ site: site.id, edge: edge.id, ...places, neighbours, log })
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
