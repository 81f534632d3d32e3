/** Who is counted, as streams of the history: by lane, and by turn where lanes tell turns apart; their shares are the turn ratios of the hour. */
import { at } from '#base/at.ts'
import type { Turn } from '#signal/intersection.ts'
import { turnStream } from './history.ts'
import type { ApproachFacts } from './lane-facts.ts'

const TURNS: readonly Turn[] = ['left', 'through', 'right']

/** `left`: who left each lane since the last step; null where nobody counts them. */
export function countedOf(approach: ApproachFacts, left: readonly (number | null)[]): Readonly<Record<string, number>> {
  const byLane = approach.lanes.flatMap(({ id }, index) => {
    const vehicles = at(left, index)
    return vehicles === null ? [] : [[id, vehicles] as const]
  })
  return { ...Object.fromEntries(byLane), ...leftByTurn(approach, left) }
}

/** A lane of several turns tells of none of them. */
function leftByTurn({ id, lanes }: ApproachFacts, left: readonly (number | null)[]): Readonly<Record<string, number>> {
  const told: [string, number][] = []
  for (const turn of TURNS) {
    const vehicles = lanes.flatMap(({ ways }, index) =>
      ways.some((way) => way.turn === turn) ? [ways.length === 1 ? at(left, index) : null] : [],
    )
    if (vehicles.length > 0 && vehicles.every((each) => each !== null))
      told.push([turnStream(id, turn), vehicles.reduce((sum, each) => sum + each, 0)])
  }
  // One turn alone is no ratio.
  return told.length > 1 ? Object.fromEntries(told) : {}
}
