/** Writes a city as a scenario of SUMO: network, lights, vehicles, detectors, and the configuration that names them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { makeFolder } from '#config/make-folder.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { StreetNetwork } from '../../traffic/streets/street-network.ts'
import type { Trip, TripSource } from '../../traffic/trip.ts'
import { detectorsXml } from './detectors.ts'
import type { ExportFault } from './export-fault.ts'
import type { FixedProgram } from './fixed-program.ts'
import { lightsXml } from './light-programs.ts'
import { netconvert } from './netconvert.ts'
import { connectionsXml, decimals, edgesXml, nodesXml } from './plain-network.ts'
import { vehicleLines } from './vehicles.ts'
import { document, element } from './xml.ts'

export interface SumoScenario {
  readonly network: StreetNetwork
  readonly intersections: readonly Intersection[]
  readonly programs: readonly FixedProgram[]
  readonly trips: TripSource
  /** When trips begin, ms since midnight; SUMO's clock is that of the city. */
  readonly fromMs: number
  /** So long vehicles depart. */
  readonly forMs: number
  /** So long the simulation goes on afterwards, for those who are under way. */
  readonly clearMs: number
  readonly stepMs: number
  readonly seed: number
}

export interface WrittenScenario {
  /** The file that SUMO is started with. */
  readonly configurationFile: string
  readonly vehicles: number
  readonly warnings: readonly string[]
}

const FILES = {
  nodes: 'city.nod.xml',
  edges: 'city.edg.xml',
  connections: 'city.con.xml',
  lights: 'city.tll.xml',
  output: 'city.net.xml',
  vehicles: 'city.rou.xml',
  detectors: 'city.add.xml',
  configuration: 'city.sumocfg',
} as const

export async function exportScenario(
  scenario: SumoScenario,
  directory: string,
  program?: string,
): Promise<Outcome<WrittenScenario, ExportFault>> {
  const { network, programs, intersections } = scenario
  const trips = new CountedTrips(scenario.trips)
  const texts: readonly (readonly [string, string | Iterable<string>])[] = [
    [FILES.nodes, nodesXml(network)],
    [FILES.edges, edgesXml(network)],
    [FILES.connections, connectionsXml(network)],
    [FILES.lights, lightsXml(network, programs)],
    [FILES.vehicles, vehicleLines(network, { ...scenario, trips })],
    [FILES.detectors, detectorsXml(network, intersections)],
    [FILES.configuration, configurationXml(scenario)],
  ]
  try {
    makeFolder(directory)
    for (const [file, text] of texts) await writeFile(join(directory, file), text)
  } catch (error) {
    return failed({
      code: 'EXPORT_NOT_WRITTEN',
      directory,
      detail: error instanceof Error ? error.message : String(error),
    })
  }
  const built = await netconvert(FILES, directory, program)
  if (!built.ok) return built
  const configurationFile = join(directory, FILES.configuration)
  return ok({ configurationFile, vehicles: trips.taken, warnings: built.value })
}

/** A source that knows how many were taken from it. */
class CountedTrips implements TripSource {
  taken = 0
  readonly #trips: TripSource

  constructor(trips: TripSource) {
    this.#trips = trips
  }

  take(untilMs: number): Trip | null {
    const trip = this.#trips.take(untilMs)
    if (trip !== null) this.taken++
    return trip
  }
}

function configurationXml({ fromMs, forMs, clearMs, stepMs, seed }: SumoScenario): string {
  const value = (name: string, text: string | number) => element(name, { value: text })
  const seconds = (ms: number) => decimals(ms / 1_000, 1)
  const section = (name: string, lines: readonly string[]) => element(name, {}, lines)
  return document(
    section('configuration', [
      section('input', [
        value('net-file', FILES.output),
        value('route-files', FILES.vehicles),
        value('additional-files', FILES.detectors),
      ]),
      section('time', [
        value('begin', seconds(fromMs)),
        value('end', seconds(fromMs + forMs + clearMs)),
        value('step-length', seconds(stepMs)),
      ]),
      // Nobody is taken out of the traffic: what jams shall be seen to jam.
      section('processing', [value('time-to-teleport', -1), value('collision.action', 'warn')]),
      // Without SUMO_HOME it would look its schemas up on the web.
      section('report', [value('xml-validation', 'never'), value('no-step-log', 'true')]),
      section('random_number', [value('seed', seed)]),
    ]),
  )
}
