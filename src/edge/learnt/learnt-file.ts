/** The text of a file that keeps what was learnt: whose it is, of which street, since when, and the record itself. */
import { failed, type Outcome } from '#base/outcome.ts'
import { readLearnt, type Learnt } from '#control/learnt.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { KeptFault } from './learnt-fault.ts'
import { streetFingerprint } from './street-fingerprint.ts'

export const encodeLearnt = (intersection: Intersection, learnt: Learnt, savedAtEpochMs: number): string =>
  JSON.stringify({
    intersection: intersection.id,
    street: streetFingerprint(intersection),
    savedAt: new Date(savedAtEpochMs).toISOString(),
    learnt,
  })

export function decodeLearnt(text: string, intersection: Intersection): Outcome<Learnt, KeptFault> {
  const parsed = parse(text)
  if (parsed === null) return failed({ code: 'LEARNT_UNREADABLE', detail: 'it is no JSON object' })
  const expected = `${intersection.id} ${streetFingerprint(intersection)}`
  const found = `${word(parsed['intersection'])} ${word(parsed['street'])}`
  if (found !== expected) return failed({ code: 'LEARNT_OF_ANOTHER_STREET', found, expected })
  return readLearnt(parsed['learnt'], intersection)
}

/** Null where it is no object. */
function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null
  } catch {
    return null
  }
}

/** For a message: whatever stands there, in few letters. */
const word = (raw: unknown): string => (typeof raw === 'string' ? raw.slice(0, 32) : '?')
