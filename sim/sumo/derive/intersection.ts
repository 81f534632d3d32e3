/** Lays a light out as an intersection: a phase a stage, an overlap a signal group, approaches, lanes and detectors. */
import { channelId, detectorId, intersectionId, overlapId, type DetectorId } from '#base/id.ts'
import { CONTROLLER_DEVICE, DETECTOR_MOST, NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector } from '#signal/detector.ts'
import type { HeadSource, Overlap } from '#signal/heads.ts'
import type { Approach, Intersection, Lane as SignalLane, Turn } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { Direction, Lane, Network } from '../network/network.ts'
import type { SignalGroup } from './groups.ts'
import { stageOfLane, uncalledStages } from './lane-stages.ts'
import { advanceSetbackM, placesUpstream, stopBarPlace, STOP_BAR_SETBACK_M, type LoopPlace } from './loops.ts'
import type { Movement } from './movements.ts'
import { neighbourUpstream } from './neighbours.ts'
import { stagePhase, stagePhaseId } from './stage-phases.ts'
import { isGreen, type Stage } from './stages.ts'

/** The loops of one detector input; the detector is on while somebody stands on any of them. */
export interface DetectorPlaces {
  readonly detector: DetectorId
  readonly places: readonly LoopPlace[]
}

export interface LightFacts {
  readonly network: Network
  readonly light: string
  readonly movements: readonly Movement[]
  readonly stages: readonly Stage[]
  readonly groups: readonly SignalGroup[]
}

interface Incoming {
  readonly lane: Lane
  readonly movements: readonly Movement[]
  /** That its detectors call. */
  readonly stage: number
}

interface Loops {
  readonly kind: 'stop-bar' | 'advance'
  readonly stage: number
  readonly edge: string
  readonly lanes: readonly string[]
  readonly setbackM: number
  readonly places: readonly LoopPlace[]
}

const LOOP_LENGTH_M = 2

export function layOutIntersection(facts: LightFacts): {
  intersection: Intersection
  detectors: readonly DetectorPlaces[]
} {
  const { light, groups } = facts
  const incoming = incomingOf(facts)
  const loops = loopsOf(facts.network, incoming)
  const overlaps = groups.map(overlapOf)
  const phases = phasesOf(facts, new Set(incoming.map(({ stage }) => stage)))
  const name = { fa: light, en: light }
  const intersection: Intersection = {
    id: intersectionId(light),
    name,
    // The plane of a network need not lie anywhere on earth.
    latitude: 0,
    longitude: 0,
    phases,
    sequences: [{ number: 1, rings: [phases.map(({ id }) => id)] }],
    extraConflicts: [],
    intergreens: [],
    overlaps,
    channels: overlaps.map(({ id }) => ({ id: channelId(id), source: { kind: 'overlap', overlap: id } })),
    approaches: approachesOf(facts, incoming),
    detectors: loops.map(detectorOf),
  }
  return { intersection, detectors: loops.map(({ places }, index) => ({ detector: detectorId(index + 1), places })) }
}

/** Lanes for vehicles that a stage lets go. */
function incomingOf({ network, movements, stages }: LightFacts): Incoming[] {
  const byLane = Map.groupBy(movements, ({ fromLane }) => fromLane)
  return [...byLane].flatMap(([id, own]) => {
    const lane = network.lanes.get(id)
    const stage = stageOfLane(own, stages)
    const isStreet = lane !== undefined && network.edges.get(lane.edge)?.use === 'street'
    return isStreet && lane.forVehicles && stage !== null ? [{ lane, movements: own, stage }] : []
  })
}

function phasesOf({ movements, stages }: LightFacts, called: ReadonlySet<number>): Phase[] {
  const recalled = uncalledStages(movements, stages, called)
  return stages.map((stage, index) => {
    const crossings = movements.filter(({ link, onFoot }) => onFoot && isGreen(stage.state[link]))
    const longestM = Math.max(0, ...crossings.map(({ crossingM }) => crossingM))
    return stagePhase(stage, index, { crossingM: longestM, recalled: recalled.has(index) })
  })
}

const overlapOf = ({ links, onFoot, stages }: SignalGroup, index: number): Overlap => ({
  id: overlapId(index + 1),
  name: { fa: links.join(' '), en: links.join(' ') },
  kind: onFoot ? 'pedestrian' : 'normal',
  included: stages.map(stagePhaseId),
  modifiers: [],
  trailingGreenMs: 0,
  trailingYellowMs: 0,
  trailingRedMs: 0,
})

function approachesOf({ network, light, groups }: LightFacts, incoming: readonly Incoming[]): Approach[] {
  return [...Map.groupBy(incoming, ({ lane }) => lane.edge)].map(([edge, own]) => {
    const lanes = own.map(({ lane }) => lane)
    const upstream = lanes
      .flatMap(({ id }) => neighbourUpstream(network, id, light) ?? [])
      .toSorted((a, b) => a.distanceM - b.distanceM)[0]
    return {
      id: edge,
      name: { fa: edge, en: edge },
      bearingDeg: bearingOf(lanes[0]),
      speedKph: Math.round(Math.max(...lanes.map(({ speedMps }) => speedMps)) * 3.6),
      lengthM: Math.max(...lanes.map(({ lengthM }) => lengthM)),
      upstream: upstream
        ? { intersection: intersectionId(upstream.light), distanceM: Math.round(upstream.distanceM) }
        : null,
      lanes: own.map((one) => signalLane(one, groups)),
      crosswalk: null,
    }
  })
}

/** The head of a lane is that of its straight way, where it has one. */
function signalLane({ lane, movements }: Incoming, groups: readonly SignalGroup[]): SignalLane {
  const inOrder = movements.toSorted((a, b) => Number(b.direction === 'straight') - Number(a.direction === 'straight'))
  const group =
    inOrder.map(({ link }) => groups.findIndex(({ links }) => links.includes(link))).find((n) => n >= 0) ?? 0
  const head: HeadSource = { kind: 'overlap', overlap: overlapId(group + 1) }
  const turns = [...new Set(movements.map(({ direction }) => TURNS[direction]))]
  return { id: lane.id, turns, lengthM: lane.lengthM, head }
}

const TURNS: Readonly<Record<Direction, Turn>> = {
  straight: 'through',
  left: 'left',
  partlyLeft: 'left',
  turn: 'left',
  right: 'right',
  partlyRight: 'right',
  none: 'through',
}

/** Seen from the stop line, degrees clockwise from north. */
function bearingOf(lane: Lane | undefined): number {
  const [before, end] = lane?.shape.slice(-2) ?? []
  if (before === undefined || end === undefined) return 0
  const degrees = (Math.atan2(before[0] - end[0], before[1] - end[1]) * 180) / Math.PI
  return Math.round(degrees + 360) % 360
}

/** A stop-bar and an advance loop a lane; where a controller has too few inputs, lanes side by side share one. */
function loopsOf(network: Network, incoming: readonly Incoming[]): Loops[] {
  const each = incoming.flatMap(({ lane, stage }): Loops[] => {
    const setbackM = advanceSetbackM(lane)
    const facts = { stage, edge: lane.edge, lanes: [lane.id] }
    return [
      { ...facts, kind: 'stop-bar', setbackM: STOP_BAR_SETBACK_M, places: [stopBarPlace(lane)] },
      { ...facts, kind: 'advance', setbackM, places: placesUpstream(network, lane, setbackM) },
    ]
  })
  if (each.length <= DETECTOR_MOST) return each
  const byApproach = wired(each, ({ kind, edge, stage }) => `${kind} ${edge} ${stage}`)
  return byApproach.length <= DETECTOR_MOST ? byApproach : wired(each, ({ kind, stage }) => `${kind} ${stage}`)
}

function wired(loops: readonly Loops[], together: (loops: Loops) => string): Loops[] {
  return [...Map.groupBy(loops, together).values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    return [{ ...first, lanes: same.flatMap(({ lanes }) => lanes), places: same.flatMap(({ places }) => places) }]
  })
}

const detectorOf = ({ kind, stage, lanes, setbackM }: Loops, index: number): Detector => ({
  id: detectorId(index + 1),
  kind,
  lanes,
  setbackM,
  lengthM: LOOP_LENGTH_M,
  phase: stagePhaseId(stage),
  device: CONTROLLER_DEVICE,
  deviceChannel: index + 1,
  options: PLAIN_DETECTION,
  diagnostics: NO_DIAGNOSTICS,
})
