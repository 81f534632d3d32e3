/** Who of a site lives next to the intersections of an edge, on another edge: whom it listens to, and who listens to it. */
import type { IntersectionId } from '#base/id.ts'
import type { EdgeConfig, SiteConfig } from '#config/site.ts'
import type { Neighbours } from '#edge/telemetry/worker-messages.ts'

/** Both who feeds ours, for the arrivals, and whom ours feed, for the room: words go both ways along a street. */
export function neighboursOf({ id, intersections: own }: EdgeConfig, site: SiteConfig): Neighbours {
  const edgeOf = new Map(site.edges.flatMap((edge) => edge.intersections.map((each) => [each, edge.id] as const)))
  const pairs = pairsOf(site).filter(
    ([one, other]) => own.includes(one) && edgeOf.has(other) && edgeOf.get(other) !== id,
  )
  return {
    heard: [...new Set(pairs.map(([, other]) => other))].flatMap((intersection) => {
      const edge = edgeOf.get(intersection)
      return edge === undefined ? [] : [{ edge, intersection }]
    }),
    told: [...new Set(pairs.map(([one]) => one))],
  }
}

/** Both ways round. */
function pairsOf({ intersections }: SiteConfig): (readonly [IntersectionId, IntersectionId])[] {
  return intersections.flatMap(({ database: { intersection } }) =>
    intersection.approaches
      .flatMap(({ upstream }) => (upstream === null ? [] : [upstream, ...(upstream.feeders ?? [])]))
      .flatMap((from) => [
        [intersection.id, from.intersection] as const,
        [from.intersection, intersection.id] as const,
      ]),
  )
}
