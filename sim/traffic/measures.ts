/** What really happened on the street, for tests and measures: nobody at a cabinet can see it. */
import type { Turn } from '#signal/intersection.ts'
import { queueOf } from './lane-flow.ts'
import type { Approach, Junction } from './street.ts'
import type { Traffic } from './traffic.ts'

export interface MovementMeasure {
  readonly approach: string
  readonly turn: Turn
  /** Vehicles that crossed the stop line. */
  readonly crossed: number
  /** Of those that crossed; 0 when none did. */
  readonly meanWaitMs: number
  /** Of all, those that still wait included. */
  readonly longestWaitMs: number
}

export interface LaneMeasure {
  readonly lane: string
  readonly queue: number
  readonly atEntry: number
}

export interface CityMeasure {
  readonly arrived: number
  readonly left: number
  /** On the streets: approaches, junctions and links. */
  readonly inside: number
  /** Waiting at an entry that is full, outside the network or at the end of a link. */
  readonly atEntry: number
}

export const measureMovements = ({ approaches }: Junction): MovementMeasure[] => approaches.flatMap(movementsOf)

export const measureLanes = ({ approaches }: Junction): LaneMeasure[] =>
  approaches.flatMap(({ lanes }) =>
    lanes.map((lane) => ({ lane: lane.id, queue: queueOf(lane), atEntry: lane.atEntry.length })),
  )

/** `arrived` = `left` + `inside` + `atEntry`, or a vehicle was lost. */
export function measureCity({ junctions, arrived, left }: Traffic): CityMeasure {
  let inside = 0
  let atEntry = 0
  for (const { approaches, incoming } of junctions) {
    for (const { travelling } of incoming) inside += travelling.length
    for (const lane of approaches.flatMap(({ lanes }) => lanes)) {
      inside += lane.vehicles.length
      atEntry += lane.atEntry.length
    }
  }
  return { arrived, left, inside, atEntry }
}

function movementsOf({ id, lanes, movements }: Approach): MovementMeasure[] {
  const present = lanes.flatMap((lane) => [...lane.vehicles, ...lane.atEntry]).filter((vehicle) => !vehicle.crossed)
  return movements.map((movement) => {
    const waiting = present.filter((vehicle) => vehicle.movement === movement).map(({ waitedMs }) => waitedMs)
    return {
      approach: id,
      turn: movement.turn,
      crossed: movement.crossed,
      meanWaitMs: movement.crossed === 0 ? 0 : movement.waitedMs / movement.crossed,
      longestWaitMs: Math.max(movement.longestWaitMs, ...waiting),
    }
  })
}
