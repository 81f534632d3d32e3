/** The detectors of the intersections as SUMO has them: induction loops (E1), and areas (E2) for the zones of cameras. */
import { at } from '#base/at.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import { placeDetectors, type DetectorPlace } from '../../traffic/streets/detector-places.ts'
import type { StreetNetwork } from '../../traffic/streets/street-network.ts'
import { decimals, laneName } from './plain-network.ts'
import { document, element } from './xml.ts'

const PERIOD_S = 60

/** The ways inside of a junction carry none: what lies over the beginning of a pocket is seen on the lanes beside it. */
export function detectorsXml(network: StreetNetwork, intersections: readonly Intersection[]): string {
  const lines = intersections.flatMap((intersection) => {
    const detectors = new Map(intersection.detectors.map((detector) => [detector.id, detector]))
    const onLanes = placeDetectors(network, intersection).filter(({ track }) => track < network.lanes.length)
    const seen = new Map<string, number>()
    return onLanes.map((place) => {
      const name = `${intersection.id}.${place.detector}.${place.lane}`
      const piece = (seen.get(name) ?? 0) + 1
      seen.set(name, piece)
      const detector = detectors.get(place.detector)
      return detectorXml(network, place, { id: piece === 1 ? name : `${name}.${piece}`, kind: detector?.kind })
    })
  })
  return document(element('additional', {}, lines))
}

function detectorXml(
  network: StreetNetwork,
  { track, fromM, toM }: DetectorPlace,
  { id, kind }: { readonly id: string; readonly kind: Detector['kind'] | undefined },
): string {
  const { lengthM } = at(network.edges, at(network.lanes, track).edge)
  const lane = laneName(network, track)
  const place = { id, lane, pos: decimals(fromM, 2), period: PERIOD_S, file: 'detectors.out.xml' }
  return kind === 'zone'
    ? element('laneAreaDetector', { ...place, endPos: decimals(Math.min(toM, lengthM), 2), friendlyPos: true })
    : element('inductionLoop', { ...place, length: decimals(toM - fromM, 2), friendlyPos: true })
}
