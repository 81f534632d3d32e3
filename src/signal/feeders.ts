/** Which ways over the intersections of a city lead to each approach: where their legs meet, as the streets lie. */
import type { IntersectionId } from '#base/id.ts'
import type { Approach, Feeder, Intersection } from './intersection.ts'
import { legsOf, turnsOf } from './street-legs.ts'

/** The same intersections; the approaches that others of them feed know by which ways. */
export function withFeeders(intersections: readonly Intersection[]): Intersection[] {
  const all = new Map(intersections.map((intersection) => [intersection.id, intersection]))
  const feeders = Map.groupBy(
    intersections.flatMap((intersection) => leadingOn(intersection, all)),
    ({ to }) => to,
  )
  return intersections.map((intersection) => ({
    ...intersection,
    approaches: intersection.approaches.map((approach) => withOwn(approach, feeders.get(approach) ?? [])),
  }))
}

interface Leading {
  readonly to: Approach
  readonly feeder: Feeder
}

/** The ways of an intersection that do not leave the network, each with the approach that it comes to. */
function leadingOn(intersection: Intersection, all: ReadonlyMap<IntersectionId, Intersection>): Leading[] {
  const { ofTurn } = legsOf(intersection, all)
  return intersection.approaches.flatMap((approach) =>
    [...turnsOf(approach)].flatMap((turn) => {
      const out = ofTurn(approach.id, turn)?.out
      if (out?.kind !== 'street' || out.approach.upstream === null) return []
      const { distanceM } = out.approach.upstream
      return [{ to: out.approach, feeder: { intersection: intersection.id, approach: approach.id, turn, distanceM } }]
    }),
  )
}

function withOwn(approach: Approach, leading: readonly Leading[]): Approach {
  if (approach.upstream === null || leading.length === 0) return approach
  return { ...approach, upstream: { ...approach.upstream, feeders: leading.map(({ feeder }) => feeder) } }
}
