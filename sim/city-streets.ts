/** The streets of a city with all that lies in them and comes to them: what the traffic needs beside lamps. */
import { bitsOf } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { ok, type Outcome } from '#base/outcome.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import { layScenario, plainDays, type TrafficScenario } from './traffic/demand/scenario-run.ts'
import type { Callable } from './traffic/flow/calls.ts'
import type { CameraErrors } from './traffic/flow/loops.ts'
import { NO_FITTINGS, type JunctionFittings } from './traffic/flow/junction-traffic.ts'
import { createTraffic, type Traffic } from './traffic/flow/traffic.ts'
import { placeDetectors } from './traffic/streets/detector-places.ts'
import { layCity } from './traffic/streets/lay-city.ts'
import type { StreetNetwork } from './traffic/streets/street-network.ts'

/** A camera over a stop line by day (field studies of video detection find 2 to 5 % missed, and few ghosts). */
const CAMERA: CameraErrors = { missedShare: 0.03, ghostsPerHour: 4 }

export interface CityStreets {
  readonly network: StreetNetwork
  readonly intersections: readonly IntersectionConfig[]
  readonly scenario: TrafficScenario
}

export interface StreetsStart {
  readonly intersections: readonly IntersectionConfig[]
  readonly seed: number
  /** True time at the start of a plain day; a scenario has its own. */
  readonly epochMs: number
  /** What happens beside the traffic of the counts; nothing unless given. */
  readonly scenario?: ScenarioConfig
}

/** Or every route and place of the scenario that does not exist. */
export function layStreets(start: StreetsStart): Outcome<CityStreets, readonly ConfigFault[]> {
  const { intersections, seed, epochMs } = start
  const timeZone = intersections[0]?.database.schedule.timeZone ?? 'UTC'
  const network = layCity(intersections)
  const scenario = start.scenario ?? plainDays({ timeZone, startEpochMs: epochMs })
  const laid = layScenario({ network, intersections, scenario, seed })
  return laid.ok ? ok({ network, intersections, scenario: laid.value }) : laid
}

/** Junctions are numbered as the intersections are. */
export function startTraffic({ network, intersections, scenario }: CityStreets): Traffic {
  const { trips, walkers, blockages, weatherAt, keepsClear } = scenario
  return createTraffic({
    network,
    trips,
    walkers,
    blockages,
    weatherAt,
    keepsClear,
    fittings: (junction) => {
      const database = intersections[junction]?.database
      return database ? fittingsOf(network, database) : NO_FITTINGS
    },
  })
}

const fittingsOf = (network: StreetNetwork, database: ControllerDatabase): JunctionFittings => ({
  places: placeDetectors(network, database.intersection),
  cameras: camerasOf(database.intersection),
  callable: callableAt(network, database),
})

const camerasOf = ({ detectors }: Intersection): ReadonlyMap<(typeof detectors)[number]['id'], CameraErrors> =>
  new Map(detectors.filter(({ kind }) => kind === 'zone').map(({ id }) => [id, CAMERA]))

/** Which phases serve each edge that leads to the intersection. */
function callableAt({ edges }: StreetNetwork, { intersection, preempts, priorities }: ControllerDatabase): Callable {
  const phasesOf = new Map<number, number>()
  edges.forEach(({ approach }, number) => {
    if (approach?.intersection !== intersection.id) return
    const own = intersection.approaches.find(({ id }) => id === approach.approach)
    invariant(own, 'an edge belongs to an approach of the configuration')
    phasesOf.set(number, bitsOf(own.lanes.flatMap(({ head }) => phasesBehind(intersection, head))))
  })
  return { preempts, priorities, phasesOf }
}

function phasesBehind({ overlaps }: Intersection, head: HeadSource): readonly number[] {
  if ('phase' in head) return [head.phase]
  const overlap = overlaps.find(({ id }) => id === head.overlap)
  return overlap ? [...overlap.included, ...overlap.modifiers] : []
}
