/** The fingerprint of a street as far as anything is learnt of it: its lanes, where they lead, and its detectors. */
import { createHash } from 'node:crypto'
import type { Intersection, Lane } from '#signal/intersection.ts'

/**
 * First 64 bits of SHA-256, as hex. Another timing keeps what was learnt: a split that is changed must not cost a month of counts;
 * a lane, a head or a loop that is changed gives the numbers another meaning.
 */
export function streetFingerprint({ id, approaches, detectors }: Intersection): string {
  const street = [
    id,
    approaches.map((approach) => [approach.id, approach.bearingDeg, approach.speedKph, approach.lanes.map(laneFacts)]),
    detectors.map(({ id: detector, kind, lanes, setbackM, lengthM }) => [detector, kind, lanes, setbackM, lengthM]),
  ]
  return createHash('sha256').update(JSON.stringify(street)).digest('hex').slice(0, 16)
}

const laneFacts = ({ id, turns, lengthM, head, turnHeads }: Lane) => [
  id,
  lengthM,
  turns.map((turn) => {
    const source = turnHeads?.[turn] ?? head
    return [turn, 'overlap' in source ? `overlap ${source.overlap}` : `phase ${source.phase}`]
  }),
]
