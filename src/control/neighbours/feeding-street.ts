/** The street between an approach and those who feed it: how long it takes to drive, and how many it holds. */
import type { Approach, Feeder } from '#signal/intersection.ts'

/** Of the limit: what is driven in a platoon. */
const CRUISE_SHARE = 0.95
const KPH_A_MPS = 3.6
/** Whoever leaves a queue is at speed later than one who drives through (HCM 6 ch. 19: start-up). */
const START_UP_S = 2
/** Beyond saturation flow (HCM 6 ch. 19: 1,900 an hour and lane), as platoons are. */
const LANE_PER_S_MOST = 0.7
/** Room of a standing vehicle and the gap before it (HCM 6 ch. 31: 25 ft). */
const VEHICLE_SPACE_M = 7.5

const cruiseMps = ({ speedKph }: Approach): number => (CRUISE_SHARE * speedKph) / KPH_A_MPS

/** From the feeder's stop line to that of the approach. */
export const travelS = (approach: Approach, { distanceM }: Pick<Feeder, 'distanceM'>): number =>
  START_UP_S + distanceM / cruiseMps(approach)

/** From the nearest of them. */
export const shortestTravelS = (approach: Approach): number =>
  Math.min(...(approach.upstream?.feeders ?? []).map((feeder) => travelS(approach, feeder)))

/** From a place so far upstream to the stop line. */
export const fromLoopS = (approach: Approach, setbackM: number): number => setbackM / cruiseMps(approach)

/** Vehicles a second that its lanes can bring: nobody discharges faster, whatever is announced. */
export const perSMost = ({ lanes }: Approach): number => LANE_PER_S_MOST * lanes.length

/** Vehicles that stand between the nearest feeder and the stop line: in the lanes as long as they are, upstream of them in the full ones. */
export function storageOf({ lanes, upstream }: Approach): number {
  const longestM = Math.max(0, ...lanes.map(({ lengthM }) => lengthM))
  const fullLanes = lanes.filter(({ lengthM }) => lengthM === longestM).length
  const lanesM = lanes.reduce((sum, { lengthM }) => sum + lengthM, 0)
  const upstreamM = Math.max(0, (upstream?.distanceM ?? 0) - longestM) * fullLanes
  return Math.max(1, Math.floor((lanesM + upstreamM) / VEHICLE_SPACE_M))
}
