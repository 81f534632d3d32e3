/** Lays a light out as an intersection: a phase a stage, an overlap a signal group, approaches, lanes and detectors. */
import { channelId, detectorId, intersectionId, overlapId, type DetectorId } from '#base/id.ts'
import { CONTROLLER_DEVICE, DETECTOR_MOST, NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector } from '#signal/detector.ts'
import type { HeadSource, Overlap } from '#signal/heads.ts'
import type { Approach, Feeder, Intersection, Lane as SignalLane, Turn } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { Direction, Lane, Network } from '../network/network.ts'
import type { SignalGroup } from './groups.ts'
import { stageOfLane, uncalledStages } from './lane-stages.ts'
import { advanceSetbackM, placesUpstream, stopBarPlace, STOP_BAR_SETBACK_M, type LoopPlace } from './loops.ts'
import type { Movement } from './movements.ts'
import { nearest, waysUpstream, type WayUpstream } from './neighbours.ts'
import { stagePhase, stagePhaseId } from './stage-phases.ts'
import { isGreen, type Stage } from './stages.ts'
import { zoneDetectors, zonesOf, type Watched, type Zone } from './zones.ts'

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
  /** What sees who comes: `camera` is the loops, and zones over the last 100 m. */
  readonly detection: Detection
}

export type Detection = 'loops' | 'camera'

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
  zones: readonly Zone[]
} {
  const { network, light, groups } = facts
  const incoming = incomingOf(facts)
  const watched = facts.detection === 'camera' ? watchedOf(incoming) : []
  const loops = loopsOf(network, incoming, DETECTOR_MOST - watched.length)
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
    detectors: [...loops.map(detectorOf), ...zoneDetectors(watched, loops.length + 1)],
  }
  return {
    intersection,
    detectors: loops.map(({ places }, index) => ({ detector: detectorId(index + 1), places })),
    zones: zonesOf(network, watched, loops.length + 1),
  }
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

function approachesOf(facts: LightFacts, incoming: readonly Incoming[]): Approach[] {
  const { network, light } = facts
  return [...Map.groupBy(incoming, ({ lane }) => lane.edge)].map(([edge, own]) => {
    const lanes = own.map(({ lane }) => lane)
    const ways = lanes.flatMap(({ id }) => waysUpstream(network, id, light))
    const upstream = nearest(ways)
    return {
      id: edge,
      name: { fa: edge, en: edge },
      bearingDeg: bearingOf(lanes[0]),
      speedKph: Math.round(Math.max(...lanes.map(({ speedMps }) => speedMps)) * 3.6),
      lengthM: Math.max(...lanes.map(({ lengthM }) => lengthM)),
      upstream: upstream
        ? {
            intersection: intersectionId(upstream.light),
            distanceM: Math.round(upstream.distanceM),
            feeders: feedersOf(network, ways),
          }
        : null,
      lanes: own.map((one) => signalLane(one, facts)),
      crosswalk: null,
    }
  })
}

/** Lanes side by side have the same ways; of those that are not as long the shortest says how far it is. */
function feedersOf({ lanes }: Network, ways: readonly WayUpstream[]): Feeder[] {
  const feeders = new Map<string, Feeder>()
  for (const { light, lane, direction, distanceM } of ways.toSorted((a, b) => a.distanceM - b.distanceM)) {
    const approach = lanes.get(lane)?.edge ?? ''
    const turn = TURNS[direction]
    const key = `${light} ${approach} ${turn}`
    if (!feeders.has(key))
      feeders.set(key, { intersection: intersectionId(light), approach, turn, distanceM: Math.round(distanceM) })
  }
  return [...feeders.values()]
}

/** The head of a lane is that of its straight way, where it has one. */
function signalLane({ lane, movements }: Incoming, { groups, stages }: LightFacts): SignalLane {
  const inOrder = movements.toSorted((a, b) => Number(b.direction === 'straight') - Number(a.direction === 'straight'))
  const lit = inOrder.flatMap(({ link, direction }) => {
    const group = groups.findIndex(({ links }) => links.includes(link))
    return group < 0 ? [] : [{ turn: TURNS[direction], group }]
  })
  const own = lit[0]?.group ?? 0
  const turns = [...new Set(movements.map(({ direction }) => TURNS[direction]))]
  const others = turns.flatMap((turn) => {
    const first = lit.find((way) => way.turn === turn)
    return first === undefined || first.group === own ? [] : [[turn, headOf(first.group)] as const]
  })
  const rightOnRed = movements.some(
    ({ link, direction }) => TURNS[direction] === 'right' && stages.some(({ state }) => state[link] === TURN_ON_RED),
  )
  const facts = {
    ...{ id: lane.id, turns, lengthM: lane.lengthM, head: headOf(own) },
    ...(rightOnRed ? { rightOnRed } : {}),
  }
  return others.length === 0 ? facts : { ...facts, turnHeads: Object.fromEntries(others) }
}

/** The letter of SUMO for an arrow on red: stop, then go while nobody comes. */
const TURN_ON_RED = 's'

const headOf = (group: number): HeadSource => ({ kind: 'overlap', overlap: overlapId(group + 1) })

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

/** A zone a lane; where that leaves too few numbers for loops, lanes side by side share one. */
function watchedOf(incoming: readonly Incoming[]): Watched[] {
  const each = incoming.map(({ lane, stage }) => ({ lanes: [lane], stage }))
  if (3 * each.length <= DETECTOR_MOST) return each
  const together = Map.groupBy(incoming, ({ lane, stage }) => `${lane.edge} ${stage}`)
  return [...together.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ lanes: same.map(({ lane }) => lane), stage: first.stage }]
  })
}

/** A stop-bar and an advance loop a lane; where a controller has too few inputs, lanes side by side share one. */
function loopsOf(network: Network, incoming: readonly Incoming[], most: number): Loops[] {
  const each = incoming.flatMap(({ lane, stage }): Loops[] => {
    const advance = placesUpstream(network, lane, advanceSetbackM(lane))
    const setbackM = Math.round(Math.max(...advance.map((place) => place.setbackM)))
    const facts = { stage, edge: lane.edge, lanes: [lane.id] }
    return [
      { ...facts, kind: 'stop-bar', setbackM: STOP_BAR_SETBACK_M, places: [stopBarPlace(lane)] },
      { ...facts, kind: 'advance', setbackM, places: advance },
    ]
  })
  if (each.length <= most) return each
  const byApproach = wired(each, ({ kind, edge, stage }) => `${kind} ${edge} ${stage}`)
  return byApproach.length <= most ? byApproach : wired(each, ({ kind, stage }) => `${kind} ${stage}`)
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
  // Who passes an advance loop is 8 s and more away: he calls, but a green that waited for him would be held for nothing.
  options: { ...PLAIN_DETECTION, extends: kind === 'stop-bar' },
  diagnostics: NO_DIAGNOSTICS,
})
