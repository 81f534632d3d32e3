/** The crossing of the tests with a neighbour, `UP`, whose ways feed its first approach. */
import { intersectionId } from '#base/id.ts'
import { good, type Known } from '#base/known.ts'
import type { Approach, Intersection, Turn } from '#signal/intersection.ts'
import type { Outlook } from '#signal/outlook.ts'
import { CROSSING, NOON_EPOCH_MS } from './boulevard-crossing.ts'

export const UP = intersectionId('UP')
/** Sixteen seconds at nine tenths of 50 km/h, and a little more. */
export const DISTANCE_M = 200

const fedBy = (...turns: readonly Turn[]): Intersection => ({
  ...CROSSING,
  approaches: CROSSING.approaches.map((approach, index) =>
    index > 0
      ? approach
      : {
          ...approach,
          upstream: {
            intersection: UP,
            distanceM: DISTANCE_M,
            feeders: turns.map((turn) => ({ intersection: UP, approach: 'N', turn, distanceM: DISTANCE_M })),
          },
        },
  ),
})

const firstOf = ({ approaches }: Intersection): Approach => {
  const [first] = approaches
  if (first === undefined) throw new Error('the crossing has approaches')
  return first
}

export const FED = fedBy('through')
export const APPROACH = firstOf(FED)

export const says = (left: readonly number[], planned: readonly number[] = [], atEpochMs = NOON_EPOCH_MS): Outlook => ({
  atEpochMs,
  movements: [{ approach: 'N', turn: 'through', left, planned }],
  approaches: [],
})

export const hearing = (outlook: Outlook): ReadonlyMap<typeof UP, Known<Outlook>> => new Map([[UP, good(outlook, 0)]])

export const sum = (vehicles: Iterable<number>): number => [...vehicles].reduce((all, each) => all + each, 0)
export const seconds = (count: number, vehicles = 0): number[] => Array.from({ length: count }, () => vehicles)
