/** A street made by hand with its measures running beside it. */
import { intersectionId } from '#base/id.ts'
import type { FigureKey } from '#sim/traffic/measures/figures.ts'
import type { Place } from '#sim/traffic/measures/places.ts'
import { RunMeasures } from '#sim/traffic/measures/run-measures.ts'
import type { RunReport } from '#sim/traffic/measures/run-report.ts'
import type { TrafficStart } from '#sim/traffic/flow/traffic.ts'
import type { StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import type { Walker } from '#sim/traffic/walker.ts'
import { drive, straightOn, trafficOn, type Lamp, type TripWish } from './hand-made.ts'

const IX = intersectionId('IX-T')

/** The same streets, whose edges of these names lead along those approaches of IX-T. */
export const withApproaches = (
  network: StreetNetwork,
  approaches: Readonly<Record<string, string>>,
): StreetNetwork => ({
  ...network,
  edges: network.edges.map((edge) => {
    const approach = approaches[edge.id]
    return approach === undefined ? edge : { ...edge, approach: { intersection: IX, approach } }
  }),
})

export const straightApproach = (lanes = 1, lengthM = 300): StreetNetwork =>
  withApproaches(straightOn(lanes, lengthM), { in: 'S' })

export interface MeasuredRun {
  readonly network?: StreetNetwork
  readonly trips: readonly TripWish[]
  readonly untilS: number
  readonly lamps: (way: number, nowS: number) => Lamp
  readonly warmUpS?: number
  readonly start?: Partial<TrafficStart>
  /** At the kerb of the first crosswalk from their departure on; the lamps never let them go. */
  readonly waiting?: readonly Walker[]
}

export function measure({ network = straightApproach(), trips, untilS, lamps, ...more }: MeasuredRun): RunReport {
  const traffic = trafficOn(network, trips, more.start)
  const measures = new RunMeasures(traffic, (more.warmUpS ?? 0) * 1_000)
  drive(traffic, untilS, lamps, () => {
    for (const walker of more.waiting ?? [])
      if (walker.departMs === traffic.nowMs) traffic.crosswalks[0]?.waiting.push(walker)
    measures.observe()
  })
  return measures.report()
}

export const MOVEMENT: Place = { level: 'movement', intersection: IX, approach: 'S', turn: 'through' }
export const APPROACH: Place = { level: 'approach', intersection: IX, approach: 'S' }
export const CITY: Place = { level: 'city' }

/** A figure of a place; undefined where it cannot be told. */
export const figure = ({ places }: Pick<RunReport, 'places'>, place: Place, key: FigureKey): number | undefined =>
  places.find(
    ({ level, intersection, approach, turn }) =>
      level === place.level &&
      intersection === place.intersection &&
      approach === place.approach &&
      turn === place.turn,
  )?.figures[key]
