/** Checks what stands in the street: legs that fit their roads, loops that fit their lanes, phases that somebody calls. */
import type { Detector } from '#signal/detector.ts'
import type { Phase } from '#signal/phase.ts'
import { CONTROLLER } from './build-intersection.ts'
import type { Junction } from './build-site.ts'
import { unknownIntersection } from './check-names.ts'
import type { ConfigFault, ConfigFaultCode } from './config-fault.ts'
import { lanesOfPhase } from './movements.ts'
import type { SiteFiles } from './site-files.ts'

/** A road is longer than the straight line; positions read off a map may be a fifth out. */
const SHARE_OF_STRAIGHT_LINE = 0.8

const METRES_PER_DEGREE = 111_195

type Say = (code: ConfigFaultCode, path: readonly (string | number)[], says: string) => ConfigFault

export function checkStreet(junction: Junction, files: SiteFiles): ConfigFault[] {
  const say: Say = (code, path, says) => files.at.network(code, ['intersections', junction.id, ...path], says)
  return [
    ...checkUpstream(junction, files, say),
    ...checkLengths(junction, say),
    ...checkDetectors(junction, say),
    ...junction.database.intersection.phases.flatMap((phase) => checkCalled(phase, junction, say)),
  ]
}

function checkUpstream({ id, row }: Junction, files: SiteFiles, say: Say): ConfigFault[] {
  const { intersections } = files.network
  return Object.entries(row.approaches).flatMap(([leg, { from }]) => {
    if (from.upstream === undefined) return []
    const path = ['approaches', leg, 'from', 'upstream']
    const { intersection, distance_m } = from.upstream
    const feeder = intersections[intersection]
    if (feeder === undefined)
      return [
        unknownIntersection(
          files.at.network,
          ['intersections', id, ...path, 'intersection'],
          intersection,
          Object.keys(intersections),
        ),
      ]
    if (intersection === id) return [say('UPSTREAM_ITSELF', path, `${id} cannot feed itself. Name its neighbour.`)]
    const straightM = Math.round(distanceM(row.position, feeder.position))
    if (distance_m >= straightM * SHARE_OF_STRAIGHT_LINE) return []
    const says = `distance_m ${distance_m} is less than the ${straightM} m between the two positions. Correct one of them.`
    return [say('UPSTREAM_TOO_NEAR', path, says)]
  })
}

function checkLengths({ row }: Junction, say: Say): ConfigFault[] {
  return Object.entries(row.approaches).flatMap(([leg, { from, lanes }]) => {
    const faults: ConfigFault[] = []
    const distance_m = from.upstream?.distance_m
    if (distance_m !== undefined && from.length_m > distance_m)
      faults.push(
        say(
          'APPROACH_TOO_LONG',
          ['approaches', leg, 'from', 'length_m'],
          `${from.length_m} reaches past the intersection upstream, ${distance_m} m away. Shorten it to ${distance_m} or less.`,
        ),
      )
    for (const [index, { pocket_m }] of lanes.entries())
      if (pocket_m !== undefined && pocket_m > from.length_m)
        faults.push(
          say(
            'POCKET_TOO_LONG',
            ['approaches', leg, 'lanes', index, 'pocket_m'],
            `${pocket_m} is longer than the approach, ${from.length_m} m. Shorten it, or leave it out for a full lane.`,
          ),
        )
    return faults
  })
}

function checkDetectors({ database }: Junction, say: Say): ConfigFault[] {
  const { approaches, detectors } = database.intersection
  const lanes = new Map(approaches.flatMap((approach) => approach.lanes).map((lane) => [lane.id, lane.lengthM]))
  return detectors.flatMap((detector) =>
    detector.lanes.flatMap((lane) => {
      const lengthM = lanes.get(lane)
      const endM = detector.setbackM + detector.lengthM
      if (lengthM === undefined || endM <= lengthM) return []
      const says = `setback_m ${detector.setbackM} + length_m ${detector.lengthM} = ${endM} m is past the end of lane ${lane}, ${lengthM} m. Move the detector down, or name another lane.`
      return [say('DETECTOR_BEYOND_LANE', ['detectors', detector.id], says)]
    }),
  )
}

/** A phase must come in the cabinet's own plan too, when nobody forwards the calls of loops on a card. */
function checkCalled(phase: Phase, { database }: Junction, say: Say): ConfigFault[] {
  const { intersection } = database
  const path = ['phases', phase.id, 'recall']
  if (lanesOfPhase(intersection, phase.id).length > 0) {
    const wired = ({ phase: called, device, options }: Detector) =>
      called === phase.id && device === CONTROLLER && options.calls
    if (phase.recall !== 'none' || intersection.detectors.some(wired)) return []
    const says = `phase ${phase.id} has no detector on the controller that calls it and no recall: without supervision its vehicles would wait for ever. Set recall: minimum, or wire a detector to the controller.`
    return [say('PHASE_NEVER_CALLED', path, says)]
  }
  const buttons = intersection.approaches.some(({ crosswalk }) => crosswalk?.phase === phase.id)
  if (phase.timing.walkMs === 0 || phase.pedestrianRecall || phase.recall !== 'none' || buttons) return []
  const says = `phase ${phase.id} serves pedestrians only, and no crosswalk calls it. Set ped_recall: true, or name it in a crosswalk.`
  return [say('PHASE_NEVER_CALLED', path, says)]
}

/** Equirectangular: exact enough between neighbours. */
function distanceM(a: Position, b: Position): number {
  const shrink = Math.cos((((a.latitude + b.latitude) / 2) * Math.PI) / 180)
  return METRES_PER_DEGREE * Math.hypot(a.latitude - b.latitude, (a.longitude - b.longitude) * shrink)
}

interface Position {
  readonly latitude: number
  readonly longitude: number
}
