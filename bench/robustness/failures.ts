/** Which detectors fail at each intersection, and how: the same for the same seed, and none of them twice. */
import type { DetectorId, IntersectionId } from '#base/id.ts'
import { hashText, uniformFor } from '#base/random.ts'
import type { SiteConfig } from '#config/site.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'

export interface Failure {
  readonly place: IntersectionId
  readonly detector: DetectorId
  /** A key of the simulator's catalogue of faults. */
  readonly kind: string
}

/** Some are told by the card, others are for the edge to find. */
const KINDS = ['open-loop', 'stuck-on', 'stuck-off', 'chatter'] as const

/** One detector of each intersection, of whatever kind. */
export const oneDetectorEach = ({ intersections }: SiteConfig, seed: number): Failure[] =>
  intersections.flatMap(({ database: { intersection } }) => {
    const detector = drawn(intersection, intersection.detectors, seed)
    const kind = drawn(intersection, KINDS, seed + 1)
    return detector === undefined || kind === undefined ? [] : [{ place: intersection.id, detector: detector.id, kind }]
  })

/** All advance loops of one approach of each intersection: their cable is cut, and the card says so. */
export const oneCableEach = ({ intersections }: SiteConfig, seed: number): Failure[] =>
  intersections.flatMap(({ database: { intersection } }) => {
    const cables = intersection.approaches
      .map(({ lanes }) => intersection.detectors.filter((each) => isAdvanceOf(each, lanes)))
      .filter(({ length }) => length > 0)
    const cut = drawn(intersection, cables, seed) ?? []
    return cut.map(({ id }) => ({ place: intersection.id, detector: id, kind: 'open-loop' }))
  })

const isAdvanceOf = ({ kind, lanes }: Detector, own: readonly { readonly id: string }[]): boolean =>
  kind === 'advance' && own.some(({ id }) => lanes.includes(id))

function drawn<T>({ id }: Intersection, all: readonly T[], seed: number): T | undefined {
  return all[Math.floor(uniformFor(hashText(id), seed) * all.length)]
}
