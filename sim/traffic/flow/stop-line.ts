/** Whether a driver stops before a way: for the light, for a box that he could not leave, or for those who go first. */
import type { WayNumber } from '../streets/street-network.ts'
import { LAMP, type Flow } from './flow.ts'
import { boxIsFree, mayGo } from './right-of-way.ts'
import { canStopWithin } from './safe-speed.ts'
import { NONE, type Slot } from './vehicles.ts'

/** Front bumpers stop so far behind the line, over the stop-bar loop. */
const LINE_MARGIN_M = 1
/** Who stands so near to the line has stopped for it. */
const AT_THE_LINE_M = 8
/** Slower it stands, or nearly. */
const STANDING_MPS = 0.5
/** Behind so many that move nobody looks for one that stands. */
const MOVING_MOST = 6
/** Bumpers keep clear of a crosswalk. */
const CROSSWALK_MARGIN_M = 2

/**
 * Where a driver stops who comes to a way, metres from its beginning: `Infinity` nowhere, not above 0 before the line,
 * otherwise inside the junction. `lineM`: from his bumper to the line.
 */
export function holdBeforeWayM(flow: Flow, slot: Slot, way: WayNumber, lineM: number): number {
  const canStop = canStopWithin(flow, slot, lineM - LINE_MARGIN_M)
  if (canStop && stopsForLight(flow, slot, way, lineM)) return -LINE_MARGIN_M
  const { conflicts: all } = flow.tracks
  const crosses = all.conflictsFrom[way] !== all.conflictsFrom[way + 1]
  if (crosses && canStop && !roomBehind(flow, slot, way)) return -LINE_MARGIN_M
  if (crosses && canStop && !boxIsFree(flow, slot, way, lineM)) return -LINE_MARGIN_M
  const yieldM = flow.tracks.waitsAtM[way]!
  if (crosses && (yieldM > 0 || canStop) && !mayGo(flow, slot, way, lineM)) return yieldM > 0 ? yieldM : -LINE_MARGIN_M
  return beforeCrosswalkM(flow, way, 0)
}

/** Where a driver stops who is on a way, metres from his bumper. */
export function holdOnWayM(flow: Flow, slot: Slot, way: WayNumber): number {
  const { cars, tracks } = flow
  const positionM = cars.positionM[slot]!
  const waitsM = tracks.waitsAtM[way]!
  if (waitsM > 0 && positionM <= waitsM && !mayGo(flow, slot, way, -positionM)) return waitsM - positionM
  return beforeCrosswalkM(flow, way, positionM) - positionM
}

function stopsForLight(flow: Flow, slot: Slot, way: WayNumber, lineM: number): boolean {
  const lamp = flow.lamps[way]!
  if (lamp === LAMP.go) return false
  if (lamp === LAMP.caution) return true
  const mayGoAfterStop = lamp === LAMP.stopAndGo || flow.tracks.onRed[way] === 1
  const hasStopped = flow.cars.standsSinceMs[slot] !== NONE && lineM < AT_THE_LINE_M
  // Once it moves again it is no longer standing: who has begun to roll over the line goes on.
  const rolls = lineM < AT_THE_LINE_M && flow.cars.goesOnRed[slot] === 1
  if (!mayGoAfterStop || !(hasStopped || rolls)) return true
  const free = mayGo(flow, slot, way, lineM)
  flow.cars.goesOnRed[slot] = free ? 1 : 0
  return !free
}

/**
 * Drivers who keep the box clear do not enter it before the lane behind it has room for them, and for all before them, up to
 * the first vehicle that stands; as long as all move there will be room.
 */
function roomBehind(flow: Flow, slot: Slot, way: WayNumber): boolean {
  const { tracks, cars } = flow
  if (flow.keepsClear[tracks.junctionOf[way]!] === 0) return true
  const lane = tracks.wayTo[way]!
  let neededM = cars.lengthM[slot]! + cars.standingGapM[slot]!
  let other = tracks.last[lane]!
  for (let seen = 0; other !== NONE && cars.speedMps[other]! >= STANDING_MPS; other = cars.ahead[other]!) {
    neededM += cars.lengthM[other]! + cars.standingGapM[other]!
    if (++seen === MOVING_MOST) return true
  }
  if (other === NONE) return true
  for (let on = tracks.last[tracks.trackOf(way)]!; on !== NONE; on = cars.ahead[on]!)
    neededM += cars.lengthM[on]! + cars.standingGapM[on]!
  return cars.positionM[other]! - cars.lengthM[other]! >= neededM
}

function beforeCrosswalkM({ tracks, onFoot }: Flow, way: WayNumber, positionM: number): number {
  const lane = 1 << tracks.fromKerb[tracks.wayTo[way]!]!
  for (const { crossing, atM } of tracks.crossesOf(way)) {
    const holdM = Math.max(0.1, atM - CROSSWALK_MARGIN_M)
    if ((onFoot[crossing]! & lane) !== 0 && positionM <= holdM) return holdM
  }
  return Infinity
}
