/** What the estimator knows of a street before anybody drives: the detectors of each lane, and which phases let which way go. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Approach, Intersection, Lane, Turn } from '#signal/intersection.ts'

export interface ApproachFacts {
  readonly id: string
  readonly lanes: readonly LaneFacts[]
  readonly advance: readonly AdvanceLoop[]
  /** From the advance loops to the stop line, unhindered. */
  readonly travelMs: number
  /** What is driven towards the light. */
  readonly cruiseMps: number
}

export interface LaneFacts {
  readonly id: string
  readonly ways: readonly Way[]
  /** Phases of those who come straight towards it: whoever turns left from it yields to them. */
  readonly opposing: Bits
  /** What tells who stands at its stop line; a camera zone where it has no loop there. */
  readonly stopBar: SharedDetector | null
  readonly zone: SharedDetector | null
  /** Vehicles that stand between its loops, or in the whole lane where it has but one. */
  readonly storage: number
  /** Those who come to it have passed an advance loop; into a pocket that begins upstream of the loops of its approach they turn unseen. */
  readonly isFedPastLoops: boolean
}

export interface Way {
  readonly turn: Turn
  /** Phases that show it green. */
  readonly phases: Bits
  /** It is a right turn that may go on red after a stop, while nobody comes. */
  readonly onRed?: boolean
}

export interface SharedDetector {
  readonly id: DetectorId
  /** How many lanes it covers. */
  readonly lanes: number
}

export interface AdvanceLoop {
  readonly id: DetectorId
  /** Indices of the lanes that it covers. */
  readonly lanes: readonly number[]
}

/** Room of a standing vehicle and the gap before it (HCM 6 ch. 31: 25 ft). */
const VEHICLE_SPACE_M = 7.5

/** Of the limit: what is driven towards a light. */
const CRUISE_SHARE = 0.9

/** Those who come from the other side: half a turn, give or take a bend of the street. */
const OPPOSING = { leastDeg: 135, mostDeg: 225 } as const

const KPH_A_MPS = 3.6

/** Intersections never change, and ten times a second somebody asks. */
const KNOWN = new WeakMap<Intersection, readonly ApproachFacts[]>()

export function approachFacts(intersection: Intersection): readonly ApproachFacts[] {
  const known = KNOWN.get(intersection) ?? intersection.approaches.map((approach) => factsOf(intersection, approach))
  KNOWN.set(intersection, known)
  return known
}

/** Phases of which some lane is known: its queue says how much they are wanted. */
export const phasesOfLanes = (intersection: Intersection): Bits =>
  approachFacts(intersection)
    .flatMap(({ lanes }) => lanes.flatMap(({ ways }) => ways))
    .reduce((bits, { phases }) => (bits | phases) >>> 0, 0)

function factsOf(intersection: Intersection, approach: Approach): ApproachFacts {
  const advance = intersection.detectors.filter(
    ({ kind, lanes }) => kind === 'advance' && approach.lanes.some(({ id }) => lanes.includes(id)),
  )
  const setbackM = Math.max(0, ...advance.map((loop) => loop.setbackM))
  const opposing = opposingPhases(intersection, approach)
  const cruiseMps = (CRUISE_SHARE * approach.speedKph) / KPH_A_MPS
  return {
    id: approach.id,
    lanes: approach.lanes.map((lane) => ({
      id: lane.id,
      ways: lane.turns.map((turn) => ({
        turn,
        phases: phasesOf(intersection, lane.turnHeads?.[turn] ?? lane.head),
        ...(turn === 'right' && lane.rightOnRed === true ? { onRed: true } : {}),
      })),
      opposing,
      ...detectorsOf(intersection, lane),
      storage: Math.max(1, Math.floor((setbackM > 0 ? setbackM : lane.lengthM) / VEHICLE_SPACE_M)),
      isFedPastLoops: !isUnseenPocket(approach, lane, advance),
    })),
    advance: advance.map(({ id, lanes }) => ({
      id,
      lanes: approach.lanes.flatMap((lane, index) => (lanes.includes(lane.id) ? [index] : [])),
    })),
    travelMs: Math.round((setbackM / cruiseMps) * 1_000),
    cruiseMps,
  }
}

/** Begins upstream of all loops of its approach, and has none itself. */
const isUnseenPocket = (approach: Approach, lane: Lane, advance: Intersection['detectors']): boolean =>
  lane.lengthM < approach.lengthM &&
  advance.some(({ setbackM }) => setbackM <= lane.lengthM) &&
  !advance.some(({ lanes }) => lanes.includes(lane.id))

function detectorsOf({ detectors }: Intersection, lane: Lane): Pick<LaneFacts, 'stopBar' | 'zone'> {
  const first = (wanted: 'stop-bar' | 'zone'): SharedDetector | null => {
    const found = detectors.find(({ kind, lanes }) => kind === wanted && lanes.includes(lane.id))
    return found === undefined ? null : { id: found.id, lanes: found.lanes.length }
  }
  const zone = first('zone')
  return { stopBar: first('stop-bar') ?? zone, zone }
}

/** All that light the head, a flashing arrow's protected phases too. */
function phasesOf({ overlaps }: Intersection, head: HeadSource): Bits {
  if (!('overlap' in head)) return bitsOf([head.phase])
  const lit = overlaps.filter(({ id }) => id === head.overlap)
  return bitsOf(
    lit.flatMap(({ kind, included, modifiers }) =>
      kind === 'flashingYellowArrow' ? [...included, ...modifiers] : included,
    ),
  )
}

function opposingPhases(intersection: Intersection, { bearingDeg }: Approach): Bits {
  const straight = intersection.approaches
    .filter((other) => {
      const turnedDeg = (other.bearingDeg - bearingDeg + 360) % 360
      return turnedDeg >= OPPOSING.leastDeg && turnedDeg <= OPPOSING.mostDeg
    })
    .flatMap(({ lanes }) => lanes.filter(({ turns }) => turns.includes('through')))
  return straight.reduce((bits, { head }) => (bits | phasesOf(intersection, head)) >>> 0, 0)
}
