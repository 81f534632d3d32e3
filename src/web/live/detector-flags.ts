/** When detectors were flagged, and when cleared: out of recorded events and what stands now. */
import type { StoredEventView } from '#contract/api.ts'
import type { LiveDetector } from '#contract/messages.ts'
import type { DETECTOR_FAULT } from '#signal/detector.ts'
import { EVENT } from '#signal/events.ts'

export type DetectorFaultName = keyof typeof DETECTOR_FAULT

export interface DetectorFlag {
  readonly detector: number
  /** As events tell them; what a controller or the edge finds itself has one code, and is `other`. */
  readonly faults: readonly DetectorFaultName[]
  /** null: before the events begin. */
  readonly sinceEpochMs: number | null
  /** null: it stands. */
  readonly clearedEpochMs: number | null
}

const FAULT_OF: Readonly<Record<number, DetectorFaultName>> = {
  [EVENT.detectorFault]: 'other',
  [EVENT.detectorWatchdog]: 'watchdog',
  [EVENT.detectorOpenLoop]: 'openLoop',
  [EVENT.detectorShortedLoop]: 'shortedLoop',
  [EVENT.detectorExcessiveChange]: 'excessiveChange',
}

/** What is to be asked for. */
export const FLAG_CODES: readonly number[] = [...Object.keys(FAULT_OF).map(Number), EVENT.detectorRestored]

/**
 * Those that stand first, then the newest. A flag that events began and that does not stand any more has been cleared when nobody
 * wrote it down: it is left out, for nobody knows when. `null` detectors: nothing is known of now.
 */
export function detectorFlags(
  events: readonly StoredEventView[],
  detectors: readonly LiveDetector[] | null,
): DetectorFlag[] {
  const open = new Map<number, DetectorFlag>()
  const cleared: DetectorFlag[] = []
  for (const { code, parameter: detector, at } of events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const before = open.get(detector)
    const fault = FAULT_OF[code]
    if (fault !== undefined) {
      const faults = [...new Set([...(before?.faults ?? []), fault])]
      const sinceEpochMs = before?.sinceEpochMs ?? Date.parse(at)
      open.set(detector, { detector, faults, sinceEpochMs, clearedEpochMs: null })
    } else if (code === EVENT.detectorRestored) {
      const flag = before ?? { detector, faults: [], sinceEpochMs: null }
      cleared.push({ ...flag, clearedEpochMs: Date.parse(at) })
      open.delete(detector)
    }
  }
  return [...standingOf(open, detectors), ...cleared.toReversed()]
}

function standingOf(open: ReadonlyMap<number, DetectorFlag>, detectors: readonly LiveDetector[] | null) {
  if (detectors === null) return [...open.values()]
  return detectors
    .filter(({ faults }) => faults !== undefined)
    .map(({ id }) => open.get(id) ?? { detector: id, faults: [], sinceEpochMs: null, clearedEpochMs: null })
}
