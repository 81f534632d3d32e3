/** The lanes of an intersection as they are judged, and the belief in them as it is written down. */
import type { Approach, Intersection, Lane } from '#signal/intersection.ts'
import { BIN_S, BINS, type JudgedLane, type LaneKind, type LaneSeconds } from './lane-seconds.ts'
import type { LaneBelief, Learnt } from './own-estimator.ts'

const CRUISE_SHARE = 0.9
const KPH_A_MPS = 3.6

export const keyOf = ({ id }: Pick<Intersection, 'id'>, lane: string): string => `${id}/${lane}`

export const judgedLanes = (intersection: Intersection): JudgedLane[] =>
  intersection.approaches.flatMap((approach) => approach.lanes.map((lane) => judgedLane(intersection, approach, lane)))

function judgedLane(intersection: Intersection, { speedKph }: Approach, { id, turns, lengthM }: Lane): JudgedLane {
  const own = intersection.detectors.filter(({ lanes }) => lanes.includes(id))
  const advanceM = own.filter(({ kind }) => kind === 'advance').map(({ setbackM }) => setbackM)
  return {
    key: keyOf(intersection, id),
    kind: kindOf(turns),
    sees: own.some(({ kind }) => kind === 'zone') ? 'camera' : 'loops',
    lookM: advanceM.length > 0 ? Math.max(...advanceM) : lengthM,
    cruiseMps: (CRUISE_SHARE * speedKph) / KPH_A_MPS,
  }
}

function kindOf(turns: Lane['turns']): LaneKind {
  if (!turns.includes('left')) return 'through'
  return turns.length === 1 ? 'left' : 'mixed'
}

/** Where beliefs are written down. */
export interface Beliefs {
  readonly seconds: LaneSeconds
  /** The last that was learnt, by key of the lane. */
  readonly learnt: Map<string, Learnt>
}

export function writeBeliefs(
  into: Beliefs,
  { second, intersection }: { readonly second: number; readonly intersection: Intersection },
  beliefs: readonly LaneBelief[],
): void {
  for (const { lane, waiting, come, learnt } of beliefs) {
    const key = keyOf(intersection, lane)
    into.learnt.set(key, learnt)
    into.seconds.add(second, key, { bin: null, vehicles: waiting })
    for (let bin = 0; bin < BINS; bin++)
      into.seconds.add(second, key, { bin, vehicles: come((bin + 1) * BIN_S) - come(bin * BIN_S) })
  }
}
