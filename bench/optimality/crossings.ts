/** Two isolated intersections: eight phases in two rings, and the same street in four stages; each lane with its loops and its camera zone. */
import { detectorId, phaseId } from '#base/id.ts'
import { NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector, type DetectorKind } from '#signal/detector.ts'
import type { Approach, Intersection } from '#signal/intersection.ts'
import { ZONE_CELL_M, ZONE_CELLS } from '#signal/view.ts'
import { EIGHT_PHASES, junction, type JunctionFacts } from '#test/support/junctions.ts'

export const SHAPES = ['ring', 'stages'] as const
export type Shape = (typeof SHAPES)[number]

/** One lane that a phase lets go, and what it needs of the whole at capacity: the share of its saturation flow. */
export interface LaneOfStreet {
  readonly id: string
  readonly phase: number
  readonly flowRatio: number
}

export interface Crossing {
  readonly intersection: Intersection
  readonly lanes: readonly LaneOfStreet[]
}

/** 8 to 16 s of free travel upstream, as in a street. */
export const ADVANCE_M = 125
export const ZONE_M = ZONE_CELL_M * ZONE_CELLS
export const SPEED_KPH = 50

/** Places of the detectors of lane `n`, from 0: `kind × lanes + n + 1`. */
export const KINDS = ['stop-bar', 'advance', 'zone'] as const satisfies readonly DetectorKind[]

export type Knowledge = 'loops' | 'camera'

interface Leg {
  readonly id: string
  readonly bearingDeg: number
  readonly through: number
  readonly left: number
  readonly throughRatio: number
  readonly leftRatio: number
}

/**
 * Critical flow ratios of either side of the ring sum up to 0.84: with 4 s lost at each of four changes that is the
 * capacity of a cycle of 100 s. The other ring has less to do, as in a street.
 */
const LEGS: readonly Omit<Leg, 'through' | 'left'>[] = [
  { id: 'N', bearingDeg: 0, throughRatio: 0.34, leftRatio: 0.1 },
  { id: 'E', bearingDeg: 90, throughRatio: 0.24, leftRatio: 0.14 },
  { id: 'S', bearingDeg: 180, throughRatio: 0.28, leftRatio: 0.14 },
  { id: 'W', bearingDeg: 270, throughRatio: 0.2, leftRatio: 0.12 },
]

const PHASES: Readonly<Record<Shape, readonly (readonly [through: number, left: number])[]>> = {
  // NEMA: a left turn has the number of the through phase that comes towards it, less one.
  ring: [
    [2, 5],
    [4, 7],
    [6, 1],
    [8, 3],
  ],
  stages: [
    [1, 2],
    [3, 4],
    [1, 2],
    [3, 4],
  ],
}

const RINGS: Readonly<Record<Shape, JunctionFacts>> = {
  ring: EIGHT_PHASES,
  stages: { rings: [[[1, 2, 3, 4]]] },
}

export function crossingOf(shape: Shape, knowledge: Knowledge): Crossing {
  const legs = LEGS.map((leg, n) => {
    const [through = 0, left = 0] = PHASES[shape][n] ?? []
    return { ...leg, through, left }
  })
  const lanes = legs.flatMap(lanesOf)
  const kinds = KINDS.filter((kind) => kind !== 'zone' || knowledge === 'camera')
  const intersection = {
    ...junction(RINGS[shape]),
    approaches: legs.map(approachOf),
    detectors: kinds.flatMap((kind, k) => lanes.map((lane, n) => detectorOf(lane, kind, k * lanes.length + n + 1))),
  }
  return { intersection, lanes }
}

/** Two lanes straight on, that share their flow, and one to the left. */
const lanesOf = ({ id, through, left, throughRatio, leftRatio }: Leg): LaneOfStreet[] => [
  { id: `${id}1`, phase: through, flowRatio: throughRatio },
  { id: `${id}2`, phase: through, flowRatio: throughRatio },
  { id: `${id}3`, phase: left, flowRatio: leftRatio },
]

function approachOf(leg: Leg): Approach {
  const { id, bearingDeg } = leg
  return {
    id,
    name: { fa: id, en: id },
    bearingDeg,
    speedKph: SPEED_KPH,
    lengthM: 300,
    upstream: null,
    lanes: lanesOf(leg).map((lane, n) => ({
      id: lane.id,
      turns: [n === 2 ? 'left' : 'through'],
      lengthM: 300,
      head: { kind: 'vehicle', phase: phaseId(lane.phase) },
    })),
    crosswalk: null,
  }
}

const PLACES: Readonly<Record<(typeof KINDS)[number], { readonly setbackM: number; readonly lengthM: number }>> = {
  'stop-bar': { setbackM: 0, lengthM: 2 },
  advance: { setbackM: ADVANCE_M, lengthM: 2 },
  zone: { setbackM: 0, lengthM: ZONE_M },
}

/** Only who stands at the stop line calls. */
const detectorOf = ({ id, phase }: LaneOfStreet, kind: (typeof KINDS)[number], number: number): Detector => ({
  id: detectorId(number),
  kind,
  lanes: [id],
  ...PLACES[kind],
  phase: phaseId(phase),
  device: 'controller',
  deviceChannel: number,
  options: { ...PLAIN_DETECTION, calls: kind === 'stop-bar', extends: kind === 'stop-bar' },
  diagnostics: NO_DIAGNOSTICS,
})
