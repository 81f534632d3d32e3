/** Where detectors lie on the streets, and how far back a pocket lets them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { at } from '#base/at.ts'
import { detectorId, phaseId } from '#base/id.ts'
import { NO_DIAGNOSTICS, PLAIN_DETECTION, type Detector } from '#signal/detector.ts'
import { placeDetectors } from '#sim/traffic/streets/detector-places.ts'
import { layCity, type StreetFacts } from '#sim/traffic/streets/lay-city.ts'
import { anyCrossroads, crossroads } from './any-streets.ts'

const STREET = crossroads('IX-T', [
  { id: 'N', bearingDeg: 0, lanes: [{ turns: ['through'] }, { turns: ['left'], pocketM: 60 }] },
  { id: 'E', bearingDeg: 90, lanes: [{ turns: ['right'] }] },
  { id: 'S', bearingDeg: 180, lanes: [{ turns: ['through', 'right'] }] },
])

interface LoopWish {
  readonly lane: string
  readonly setbackM: number
  readonly lengthM: number
}

const loop = ({ lane, setbackM, lengthM }: LoopWish, i: number): Detector => ({
  id: detectorId(i + 1),
  kind: 'advance',
  lanes: [lane],
  setbackM,
  lengthM,
  phase: phaseId(2),
  device: 'controller',
  deviceChannel: i + 1,
  options: PLAIN_DETECTION,
  diagnostics: NO_DIAGNOSTICS,
})

/** Each piece as `edge/lane from–to`, for loops on a street of 300 m with a pocket of 60 m. */
function placed(street: StreetFacts, wishes: readonly LoopWish[]): string[] {
  const network = layCity([street])
  const intersection = { ...street.database.intersection, detectors: wishes.map(loop) }
  return placeDetectors(network, intersection).map(({ track, fromM, toM }) => {
    const name = network.lanes[track]?.id ?? 'along'
    return `${name} ${fromM}–${toM}`
  })
}

test.each([
  { wish: { lane: 'N1', setbackM: 0.5, lengthM: 6 }, pieces: ['IX-T.N.pockets/N1 53.5–59.5'] },
  { wish: { lane: 'N2', setbackM: 0.5, lengthM: 6 }, pieces: ['IX-T.N.pockets/N2 53.5–59.5'] },
  { wish: { lane: 'N1', setbackM: 58, lengthM: 2 }, pieces: ['IX-T.N.pockets/N1 0–2'] },
  {
    wish: { lane: 'N1', setbackM: 58, lengthM: 5 },
    pieces: ['IX-T.N.pockets/N1 0–2', 'along 0–1', 'IX-T.N/N1 237–239'],
  },
  { wish: { lane: 'N1', setbackM: 100, lengthM: 2 }, pieces: ['IX-T.N/N1 198–200'] },
  { wish: { lane: 'N2', setbackM: 100, lengthM: 2 }, pieces: ['IX-T.N/N1 198–200'] },
  { wish: { lane: 'S1', setbackM: 100, lengthM: 2 }, pieces: ['IX-T.S/S1 198–200'] },
  { wish: { lane: 'S1', setbackM: 299, lengthM: 2 }, pieces: ['IX-T.S/S1 0–2'] },
])('$wish lies at $pieces', ({ wish, pieces }) => expect(placed(STREET, [wish])).toEqual(pieces))

test('in whatever street, all of a loop lies in the street, in pieces that follow each other', () =>
  fc.assert(
    fc.property(
      anyCrossroads,
      fc.double({ min: 0, max: 110, noNaN: true }),
      fc.double({ min: 0.5, max: 15, noNaN: true }),
      (street, setbackM, lengthM) => {
        const lanes = street.database.intersection.approaches.flatMap((approach) => approach.lanes.map(({ id }) => id))
        const network = layCity([street])
        const wishes = lanes.map((lane) => ({ lane, setbackM, lengthM }))
        const places = placeDetectors(network, { ...street.database.intersection, detectors: wishes.map(loop) })
        for (const lane of lanes) {
          const pieces = places.filter((place) => place.lane === lane)
          const coveredM = pieces.reduce((sum, { fromM, toM }) => sum + toM - fromM, 0)
          expect(coveredM).toBeCloseTo(lengthM, 1)
          for (const { track, fromM, toM } of pieces) {
            const trackM =
              network.lanes[track] === undefined
                ? at(network.ways, track - network.lanes.length).lengthM
                : at(network.edges, at(network.lanes, track).edge).lengthM
            expect(fromM).toBeGreaterThanOrEqual(0)
            expect(toM).toBeLessThanOrEqual(trackM)
          }
        }
      },
    ),
  ))
