/** Intersections of any shape, for properties of the streets that are laid out from them. */
import fc from 'fast-check'
import { intersectionId, phaseId } from '#base/id.ts'
import type { Approach, Intersection, Lane, Turn } from '#signal/intersection.ts'
import type { StreetFacts } from '#sim/traffic/streets/lay-city.ts'
import { junction, TWO_PHASES } from '#test/support/junctions.ts'

export interface LaneWish {
  readonly turns: readonly Turn[]
  readonly pocketM?: number
  readonly rightOnRed?: boolean
}

export interface LegWish {
  readonly id: string
  readonly bearingDeg: number
  readonly lanes: readonly LaneWish[]
  readonly lengthM?: number
  readonly speedKph?: number
  readonly crosswalk?: boolean
  readonly upstream?: { readonly intersection: string; readonly distanceM: number }
}

/** An intersection with these legs; metres to the east of the origin of the map. */
export function crossroads(id: string, legs: readonly LegWish[], eastM = 0): StreetFacts {
  const intersection: Intersection = {
    ...junction(TWO_PHASES),
    id: intersectionId(id),
    latitude: 0,
    longitude: eastM / 111_195,
    approaches: legs.map(approach),
    detectors: [],
  }
  return { database: { intersection } }
}

function approach({ id, bearingDeg, lanes, lengthM = 300, speedKph = 50, crosswalk, upstream }: LegWish): Approach {
  return {
    id,
    name: { fa: id, en: id },
    bearingDeg,
    speedKph,
    lengthM,
    upstream: upstream ? { intersection: intersectionId(upstream.intersection), distanceM: upstream.distanceM } : null,
    lanes: lanes.map(({ turns, pocketM, rightOnRed }, i): Lane => ({
      id: `${id}${i + 1}`,
      turns,
      lengthM: pocketM ?? lengthM,
      head: { kind: 'vehicle', phase: phaseId(2) },
      ...(rightOnRed === undefined ? {} : { rightOnRed }),
    })),
    crosswalk: crosswalk ? { lengthM: 12, head: { kind: 'pedestrian', phase: phaseId(2) }, phase: phaseId(2) } : null,
  }
}

const turns = fc.constantFrom<readonly Turn[]>(
  ['through'],
  ['left'],
  ['right'],
  ['right', 'through'],
  ['left', 'through'],
  ['left', 'through', 'right'],
)

const lanes = fc
  .array(fc.record({ turns, pocketM: fc.option(fc.integer({ min: 6, max: 120 }), { nil: undefined }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((wishes) =>
    wishes.map(({ turns: own, pocketM }, i): LaneWish =>
      // One lane at least is a full one.
      pocketM === undefined || i === Math.floor(wishes.length / 2) ? { turns: own } : { turns: own, pocketM },
    ),
  )

/** Three to six legs, no two nearer than 30°. */
export const anyCrossroads: fc.Arbitrary<StreetFacts> = fc
  .record({
    gaps: fc.array(fc.integer({ min: 30, max: 120 }), { minLength: 3, maxLength: 6 }),
    from: fc.integer({ min: 0, max: 359 }),
    legs: fc.array(fc.record({ lanes, crosswalk: fc.boolean(), lengthM: fc.integer({ min: 130, max: 600 }) }), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map(({ gaps, from, legs }) => {
    const whole = gaps.reduce((sum, gap) => sum + gap, 0)
    const share = (360 - gaps.length * 30) / (whole - gaps.length * 30 || 1)
    let bearingDeg = from
    const wishes = gaps.flatMap((gap, i): LegWish[] => {
      bearingDeg = (bearingDeg + 30 + (gap - 30) * Math.min(share, 3)) % 360
      const leg = legs[i]
      return leg ? [{ id: 'ABCDEF'.charAt(i), bearingDeg, ...leg }] : []
    })
    return crossroads('IX-T', wishes)
  })
