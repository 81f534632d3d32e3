/** Where the detectors of an intersection lie: pieces of tracks, in metres along them. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import type { DetectorId } from '#base/id.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import { rounded } from './plane.ts'
import type { LaneNumber, StreetNetwork, TrackNumber } from './street-network.ts'

/** A piece of a detector; one that reaches over the beginning of a pocket lies in three pieces in a row. */
export interface DetectorPlace {
  readonly detector: DetectorId
  /** Of the intersection, `N2`: whose vehicles it is meant for. */
  readonly lane: string
  readonly track: TrackNumber
  readonly fromM: number
  readonly toM: number
}

/**
 * In the order of the detectors. What lies further back than a pocket reaches lies in the full lane that the pocket opens
 * from; what lies further back than the street reaches is at its beginning.
 */
export function placeDetectors(network: StreetNetwork, intersection: Intersection): DetectorPlace[] {
  const stopLanes = stopLanesOf(network, intersection)
  return intersection.detectors.flatMap((detector) =>
    detector.lanes.flatMap((lane) => {
      const number = stopLanes.get(lane)
      invariant(number !== undefined, `the lane ${lane} of detector ${detector.id} is laid`)
      return piecesOf(network, number, detector).map((piece) => ({ detector: detector.id, lane, ...piece }))
    }),
  )
}

/** The lanes at the stop lines of an intersection, by the names of the configuration. */
export function stopLanesOf(network: StreetNetwork, { id, approaches }: Intersection): ReadonlyMap<string, LaneNumber> {
  const lanes = new Map<string, LaneNumber>()
  const junction = network.junctions.findIndex(({ intersection }) => intersection === id)
  for (const edge of network.edges) {
    if (edge.to !== junction || edge.approach === null) continue
    const approach = approaches.find((one) => one.id === edge.approach?.approach)
    approach?.lanes.forEach((lane, fromKerb) => lanes.set(lane.id, at(edge.lanes, fromKerb)))
  }
  return lanes
}

type Piece = Pick<DetectorPlace, 'track' | 'fromM' | 'toM'>

function piecesOf(network: StreetNetwork, stopLane: LaneNumber, { setbackM, lengthM }: Detector): Piece[] {
  const tracks = tracksBefore(network, stopLane)
  const streetM = tracks.reduce((sum, track) => sum + track.lengthM, 0)
  const nearM = Math.max(0, Math.min(setbackM, streetM - lengthM))
  const farM = Math.min(streetM, nearM + lengthM)
  const pieces: Piece[] = []
  let behindM = 0 // From the end of this track to the stop line.
  for (const { track, lengthM: trackM } of tracks) {
    const fromM = Math.max(0, trackM - (farM - behindM))
    const toM = Math.min(trackM, trackM - (nearM - behindM))
    if (toM > fromM) pieces.push({ track, fromM: rounded(fromM), toM: rounded(toM) })
    behindM += trackM
  }
  return pieces
}

/** The tracks of a lane from the stop line back to where its street begins. */
function tracksBefore(network: StreetNetwork, stopLane: LaneNumber): { track: TrackNumber; lengthM: number }[] {
  const { edges, lanes, ways } = network
  const own = { track: stopLane, lengthM: at(edges, at(lanes, stopLane).edge).lengthM }
  const way = ways.findIndex(({ to, turn }) => to === stopLane && turn === 'along')
  if (way === -1) return [own]
  const along = at(ways, way)
  return [own, { track: lanes.length + way, lengthM: along.lengthM }, ...tracksBefore(network, along.from)]
}
