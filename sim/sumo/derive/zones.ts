/** Where a camera over the stop line looks: the last 100 m of each lane, over joints and junctions if need be, in cells of 10 m. */
import { detectorId, type DetectorId } from '#base/id.ts'
import { NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector } from '#signal/detector.ts'
import { ZONE_CELL_M, ZONE_CELLS } from '#signal/view.ts'
import type { Lane, Network } from '../network/network.ts'
import { stagePhaseId } from './stage-phases.ts'

export const CAMERA_PROFILE = 'sabz-modbus-cell-camera'

/** Zones of one camera of that profile. */
const ZONES_PER_CAMERA = 12

const ZONE_M = ZONE_CELL_M * ZONE_CELLS

/** A lane that lies in a zone, or begins in it: how far its end is from the stop line. */
export interface Stretch {
  readonly lane: string
  readonly endsBeforeM: number
}

export interface Zone {
  readonly detector: DetectorId
  readonly stretches: readonly Stretch[]
}

/** Lanes that one zone covers, and the stage that they wait for. */
export interface Watched {
  readonly lanes: readonly Lane[]
  readonly stage: number
}

/** `firstId`: the number of the first of them. They see, and call nobody: the loops do. */
export function zoneDetectors(watched: readonly Watched[], firstId: number): Detector[] {
  return watched.map(({ lanes, stage }, index) => ({
    id: detectorId(firstId + index),
    kind: 'zone',
    lanes: lanes.map(({ id }) => id),
    setbackM: 0,
    lengthM: ZONE_M,
    phase: stagePhaseId(stage),
    device: cameraName(Math.floor(index / ZONES_PER_CAMERA)),
    deviceChannel: (index % ZONES_PER_CAMERA) + 1,
    options: { ...PLAIN_DETECTION, calls: false, extends: false, countsInitial: false },
    diagnostics: NO_DIAGNOSTICS,
  }))
}

export const zonesOf = (network: Network, watched: readonly Watched[], firstId: number): Zone[] =>
  watched.map(({ lanes }, index) => ({
    detector: detectorId(firstId + index),
    stretches: lanes.flatMap((lane) => stretchesOf(network, lane)),
  }))

/** The cameras that the detectors of an intersection need. */
export const camerasOf = (detectors: readonly Detector[]): string[] => [
  ...new Set(detectors.flatMap(({ kind, device }) => (kind === 'zone' ? [device] : []))),
]

const cameraName = (index: number): string => `camera${index + 1}`

/** A lane that is fed by several has each of them in its zone. */
function stretchesOf({ connections, lanes, edges }: Network, lane: Lane): Stretch[] {
  const stretches = new Map<string, Stretch>()
  const visit = ({ id, lengthM }: Lane, endsBeforeM: number): void => {
    if (stretches.has(id) || endsBeforeM >= ZONE_M) return
    stretches.set(id, { lane: id, endsBeforeM })
    const beforeM = endsBeforeM + lengthM
    if (beforeM >= ZONE_M) return
    for (const { fromLane, via, toLane } of connections) {
      if (toLane !== id) continue
      const feeder = lanes.get(fromLane)
      if (feeder === undefined || edges.get(feeder.edge)?.use !== 'street') continue
      const inside = lanes.get(via ?? '')
      if (inside !== undefined) stretches.set(inside.id, { lane: inside.id, endsBeforeM: beforeM })
      visit(feeder, beforeM + (inside?.lengthM ?? 0))
    }
  }
  visit(lane, 0)
  return [...stretches.values()]
}
