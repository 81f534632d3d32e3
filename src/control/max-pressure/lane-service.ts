/** How well a stage serves a lane: all of it, those who yield, or only those of its drivers whose way is green. */
import type { Bits } from '#base/bits.ts'
import { MIXED_RATE, YIELDING_RATE } from '../queues/discharge.ts'
import type { LaneFacts } from '../queues/lane-facts.ts'

export interface LaneService {
  /** Of its saturation flow. */
  readonly rate: number
  /** Vehicles that it can let go before somebody in front stands in the way of the others. */
  readonly vehiclesMost: number
  /** Each has to stop before he goes. */
  readonly afterStop?: boolean
}

/** No room beyond the junction, or a car that has broken down: green is little use while it lasts. */
const BLOCKED_RATE = 0.25
/** Until one who goes another way stands in front: about one in three turns, where nobody has counted them. */
const TURNERS_IN_FRONT = 0.3
/** Behind one who turns left there may be another. */
const TURNERS_HELD_UP = 2

const NONE: LaneService = { rate: 0, vehiclesMost: 0 }
/** After a stop, through the gaps in those who cross: fewer than through the gaps of one opposing stream look for them. */
const ON_RED: LaneService = { rate: 0.4, vehiclesMost: Infinity, afterStop: true }

/** `heldUp`: the one in front has stood in green. Where some of the lane turn left it is one of them, who waits for a gap. */
export function serviceOf({ ways, opposing }: LaneFacts, stage: Bits, heldUp: boolean): LaneService {
  const green = ways.filter(({ phases }) => (phases & stage) !== 0)
  if (green.length === 0) return ways.length > 0 && ways.every(({ onRed }) => onRed) ? ON_RED : NONE
  const turnsLeft = ways.some(({ turn }) => turn === 'left')
  const leftIsGreen = green.some(({ turn }) => turn === 'left')
  if (leftIsGreen && (opposing & stage) !== 0) return { rate: yieldingRate(green, heldUp), vehiclesMost: Infinity }
  if (green.length === ways.length) return { rate: heldUp && !turnsLeft ? BLOCKED_RATE : 1, vehiclesMost: Infinity }
  if (leftIsGreen && heldUp) return { rate: 1, vehiclesMost: TURNERS_HELD_UP }
  if (!leftIsGreen && turnsLeft && heldUp) return NONE
  return { rate: 1, vehiclesMost: green.some(({ turn }) => turn === 'through') ? Infinity : TURNERS_IN_FRONT }
}

const yieldingRate = (green: LaneFacts['ways'], heldUp: boolean): number =>
  heldUp || green.every(({ turn }) => turn === 'left') ? YIELDING_RATE : MIXED_RATE
