/**
 * Who goes first where ways cross or meet: gap acceptance by windows of time. A driver goes when he is out of the way before
 * the next one with priority comes, or comes after that one has gone (HCM 6 ch. 19: critical headways of permissive lefts
 * near 4.5 s; here they follow from the time that the turn takes and a margin).
 */
import type { LaneNumber, WayNumber } from '../streets/street-network.ts'
import { travelS } from './following.ts'
import { LAMP, type Flow } from './flow.ts'
import { behindMps } from './safe-speed.ts'
import { NONE, type Slot } from './vehicles.ts'

/** Between one's own rear and the next one's front. */
const MARGIN_S = 1
/** Half of the width that a crossing vehicle takes. */
const CLEAR_M = 2
/** Nobody reckons with vehicles further away. */
const APPROACH_M_MOST = 120
/** Slower than walking: it stands. */
const STANDING_MPS = 0.5

/** Whether those who have priority leave a gap. `lineM`: to the stop line; negative once it is behind. */
export function mayGo(flow: Flow, slot: Slot, way: WayNumber, lineM: number): boolean {
  const { conflicts: all } = flow.tracks
  const stopped = flow.lamps[way] !== LAMP.go && flow.lamps[way] !== LAMP.caution
  for (let i = all.conflictsFrom[way]!; i < all.conflictsFrom[way + 1]!; i++) {
    if (all.yields[i] === 0 && !stopped) continue
    if (!gapBefore(flow, slot, i, { way, lineM, stopped })) return false
  }
  return true
}

/** Whether nobody is left in the junction, across the way, who will still be there when one comes. */
export function boxIsFree(flow: Flow, slot: Slot, way: WayNumber, lineM: number): boolean {
  const { tracks, cars } = flow
  const { conflicts: all } = tracks
  for (let i = all.conflictsFrom[way]!; i < all.conflictsFrom[way + 1]!; i++) {
    if (all.merges[i] === 1) continue
    const clears = isOver(flow, all.other[i]!)
    const track = tracks.trackOf(all.other[i]!)
    for (let foe = tracks.first[track]!; foe !== NONE; foe = cars.behind[foe]!)
      if (isInTheWay(flow, slot, foe, { conflict: i, comesM: lineM + all.ownM[i]!, clears })) return false
  }
  return true
}

/** Behind those who will be before one in the lane where both end: `restM` to it. */
export function behindMergersMps(flow: Flow, slot: Slot, way: WayNumber, restM: number): number {
  const { tracks, cars } = flow
  const { conflicts: all } = tracks
  let safeMps = Infinity
  for (let i = all.conflictsFrom[way]!; i < all.conflictsFrom[way + 1]!; i++) {
    if (all.merges[i] === 0) continue
    const track = tracks.trackOf(all.other[i]!)
    // Who still waits for one's own way to be free is not before one.
    const waitsM = all.hasPriority[i] === 1 ? tracks.waitsAtM[all.other[i]!]! : NONE
    for (let foe = tracks.first[track]!; foe !== NONE; foe = cars.behind[foe]!) {
      if (cars.positionM[foe]! <= waitsM) break
      const foeRestM = tracks.lengthM[track]! - cars.positionM[foe]!
      if (foeRestM < restM || (foeRestM === restM && foe < slot))
        safeMps = Math.min(safeMps, behindMps(flow, slot, foe, restM - foeRestM))
    }
  }
  return safeMps
}

/** Whoever is still on such a way was left in the junction by his green. */
const isOver = ({ lamps }: Flow, way: WayNumber): boolean => lamps[way] === LAMP.stop

interface Encounter {
  readonly conflict: number
  readonly comesM: number
  /** The other's green is over, and he is still in the junction. */
  readonly clears: boolean
}

function isInTheWay({ tracks, cars }: Flow, slot: Slot, foe: Slot, { conflict, comesM, clears }: Encounter): boolean {
  const { conflicts: all } = tracks
  const toGoM = all.otherM[conflict]! + CLEAR_M + cars.lengthM[foe]! - cars.positionM[foe]!
  if (toGoM <= 0) return false
  const foeMps = cars.speedMps[foe]!
  const isBefore = cars.positionM[foe]! < all.otherM[conflict]! - CLEAR_M
  // Who waits before the place for us, or for others, is not in the way; but whose green is over is let out first.
  if (isBefore && !clears && (foeMps < STANDING_MPS || all.hasPriority[conflict] === 1)) return false
  if (foeMps < STANDING_MPS) return true
  const comesS = travelS(comesM - CLEAR_M, cars.speedMps[slot]!, cars.speedMps[slot]! + 5, cars.accelerationMps2[slot]!)
  return comesS < toGoM / foeMps
}

interface Crossing {
  readonly way: WayNumber
  readonly lineM: number
  /** One stands at a red light, or a flashing one. */
  readonly stopped: boolean
}

function gapBefore(flow: Flow, slot: Slot, conflict: number, { way, lineM, stopped }: Crossing): boolean {
  const { tracks, cars } = flow
  const { conflicts: all } = tracks
  const other = all.other[conflict]!
  const comesM = lineM + all.ownM[conflict]!
  const limitMps = tracks.limitMps[tracks.trackOf(way)]! * cars.speedFactor[slot]!
  const speedMps = Math.min(cars.speedMps[slot]!, limitMps)
  const acceleration = cars.accelerationMps2[slot]!
  const comesS = travelS(comesM - CLEAR_M, speedMps, limitMps, acceleration)
  // He knows that he will not use all of it.
  const likely = acceleration * (1 - cars.imperfection[slot]! / 2)
  const goneS = travelS(comesM + CLEAR_M + cars.lengthM[slot]!, speedMps, limitMps, likely)
  const window = { comesS: comesS - MARGIN_S, goneS: goneS + MARGIN_S }
  const track = tracks.trackOf(other)
  for (let foe = tracks.first[track]!; foe !== NONE; foe = cars.behind[foe]!) {
    const toM = all.otherM[conflict]! - cars.positionM[foe]!
    if (meets(flow, foe, toM, window)) return false
  }
  const lamp = flow.lamps[other]!
  // Before him who clears the junction nobody enters it (UVC 11-202: after those who are lawfully within it).
  if (lamp === LAMP.stop || (lineM < 0 && isOver(flow, way))) return true
  if (lamp === LAMP.stopAndGo) return stopped && hasWaitedLonger(flow, slot, tracks.wayFrom[other]!)
  return nobodyComes(flow, { lane: tracks.wayFrom[other]!, way: other, toM: all.otherM[conflict]!, window })
}

interface Window {
  readonly comesS: number
  readonly goneS: number
}

/** Whether a vehicle, `toM` before the place, is there within the window. */
function meets({ cars, tracks }: Flow, foe: Slot, toM: number, { comesS, goneS }: Window): boolean {
  const lengthM = cars.lengthM[foe]!
  if (toM + CLEAR_M + lengthM <= 0) return false
  const limitMps = tracks.limitMps[cars.track[foe]!]! * cars.speedFactor[foe]!
  const acceleration = cars.accelerationMps2[foe]!
  if (travelS(toM - CLEAR_M, cars.speedMps[foe]!, limitMps, acceleration) >= goneS) return false
  return travelS(toM + CLEAR_M + lengthM, cars.speedMps[foe]!, limitMps, acceleration) > comesS
}

interface Comers {
  readonly lane: LaneNumber
  readonly way: WayNumber
  /** From the end of the lane to the place. */
  readonly toM: number
  readonly window: Window
}

/** Looks up the lane, and the one before it where the street has only widened, for those who will go that way. */
function nobodyComes(flow: Flow, { lane, way, toM, window }: Comers): boolean {
  const { tracks, cars } = flow
  let here = lane
  let beyondM = toM
  let via = way
  while (here !== NONE && beyondM < APPROACH_M_MOST) {
    for (let foe = tracks.first[here]!; foe !== NONE; foe = cars.behind[foe]!) {
      if (cars.passes[foe] === 0) return true
      if (cars.nextWay[foe] !== via) continue
      const awayM = beyondM + tracks.lengthM[here]! - cars.positionM[foe]!
      if (awayM > APPROACH_M_MOST) return true
      if (meets(flow, foe, awayM, window)) return false
    }
    beyondM += tracks.lengthM[here]!
    via = tracks.widensBy[here]!
    here = via === NONE ? NONE : tracks.wayFrom[via]!
  }
  return true
}

/** Whoever has stood longer at his line goes first; on a tie the one whose vehicle came first. */
function hasWaitedLonger({ tracks, cars }: Flow, slot: Slot, lane: LaneNumber): boolean {
  const head = tracks.first[lane]!
  if (head === NONE || cars.standsSinceMs[head] === NONE) return true
  const ownMs = cars.standsSinceMs[slot] === NONE ? Infinity : cars.standsSinceMs[slot]!
  return (
    ownMs < cars.standsSinceMs[head]! ||
    (ownMs === cars.standsSinceMs[head]! && cars.persona[slot]! < cars.persona[head]!)
  )
}
