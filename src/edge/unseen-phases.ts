/** Which phases nobody sees: each detector that could tell of their vehicles is out of order, or there never was one. */
import { hasBit, bitsOf, type Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { oncePer } from '#base/once-per.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Intersection, Lane } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'

export interface Sight {
  /** Ascending. */
  readonly unseen: readonly number[]
  /** Phases with lanes: those of pedestrians and trams alone have nothing that a loop could see. */
  readonly of: number
}

/** One trusted detector is enough to see a phase: what the others would tell is estimated from it, and from history. */
export function sightOf({ intersection, detectors }: Pick<IntersectionView, 'intersection' | 'detectors'>): Sight {
  const watchers = watchersOf(intersection)
  const unseen = watchers.filter(({ ids }) => !ids.some((id) => detectors.get(id)?.quality === 'good'))
  return { unseen: unseen.map(({ phase }) => phase), of: watchers.length }
}

interface Watchers {
  readonly phase: number
  readonly ids: readonly DetectorId[]
}

const watchersOf = oncePer((intersection: Intersection): readonly Watchers[] => {
  const lanes = intersection.approaches.flatMap((approach) => approach.lanes)
  return intersection.phases.flatMap(({ id }): Watchers[] => {
    const own = lanes.filter((lane) => hasBit(phasesOf(intersection, lane), id)).map((lane) => lane.id)
    const watching = intersection.detectors.filter(
      (detector) => detector.phase === id || detector.lanes.some((lane) => own.includes(lane)),
    )
    return own.length === 0 ? [] : [{ phase: id, ids: watching.map((detector) => detector.id) }]
  })
})

/** All that show some way of the lane green. */
function phasesOf({ overlaps }: Intersection, { head, turnHeads }: Lane): Bits {
  const ofHead = (source: HeadSource): readonly number[] =>
    'overlap' in source
      ? overlaps
          .filter(({ id }) => id === source.overlap)
          .flatMap(({ kind, included, modifiers }) =>
            kind === 'minusGreenYellow' ? included : [...included, ...modifiers],
          )
      : [source.phase]
  return bitsOf([head, ...Object.values(turnHeads ?? {})].flatMap(ofHead))
}
