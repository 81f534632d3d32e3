/** What strategies have learnt, what each detector usually counts and how the rungs did, as the one record that is kept of a street. */
import { LEARNT_VERSION, type Learnt } from '#control/learnt.ts'

const NOTHING_LEARNT: Learnt = { version: LEARNT_VERSION, lanes: {}, approaches: {}, history: {} }

/** Undefined where nobody knows anything; the same record where nothing is new. */
export function withWatched(
  learnt: Learnt | undefined,
  { detectors, waits }: Required<Pick<Learnt, 'detectors' | 'waits'>>,
): Learnt | undefined {
  const watched = { ...(isKnown(detectors) && { detectors }), ...(isKnown(waits) && { waits }) }
  const isNew = watched.detectors !== learnt?.detectors || watched.waits !== learnt?.waits
  return isKnown(watched) && isNew ? { ...(learnt ?? NOTHING_LEARNT), ...watched } : learnt
}

const isKnown = (record: object): boolean => Object.keys(record).length > 0
