/** The figures of watched detectors as tables: what was found by kind, in what time, and what was told of sound ones. */
import { INJECTED } from './injections.ts'
import type { FoundFault, WatchResult } from './run.ts'

/** The bars: of 200 faults at least 99 % are found, and a sound detector is flagged once in a hundred days at most. */
export const FOUND_SHARE_MIN = 0.99
export const FALSE_A_HUNDRED_DAYS_MAX = 1

export interface Verdict {
  readonly foundShare: number
  readonly falseAHundredDays: number
  readonly passes: boolean
}

export function judge({ faults, falseFlags, detectorDays }: WatchResult): Verdict {
  const found = faults.filter(({ foundAfterMs }) => foundAfterMs !== null).length
  const foundShare = faults.length === 0 ? 1 : found / faults.length
  const falseAHundredDays = (100 * falseFlags.length) / detectorDays
  const passes = foundShare >= FOUND_SHARE_MIN && falseAHundredDays <= FALSE_A_HUNDRED_DAYS_MAX
  return { foundShare, falseAHundredDays, passes }
}

export function tableOf(result: WatchResult): string {
  const rows = INJECTED.map((kind) => {
    const ofKind = result.faults.filter(({ injection }) => injection.kind === kind)
    const timesMs = ofKind.flatMap(({ foundAfterMs }) => foundAfterMs ?? []).toSorted((a, b) => a - b)
    const cleared = ofKind.filter(({ clearedAfterMs }) => clearedAfterMs !== null).length
    const spread = [0.5, 0.95, 1].map((share) => minutes(timesMs[Math.ceil(share * timesMs.length) - 1]))
    return [kind, `${timesMs.length} of ${ofKind.length}`, ...spread, String(cleared)]
  })
  const { foundShare, falseAHundredDays, passes } = judge(result)
  const { falseFlags, detectorDays } = result
  return [
    lineOf(['fault', 'found', 'p50 min', 'p95 min', 'most min', 'cleared']),
    ...rows.map(lineOf),
    `found ${(100 * foundShare).toFixed(1)} % of ${result.faults.length}; ${falseFlags.length} false in ${detectorDays.toFixed(1)} detector-days = ${falseAHundredDays.toFixed(2)} in 100: ${passes ? 'holds' : 'FAILS'}`,
    ...result.faults.filter(({ foundAfterMs }) => foundAfterMs === null).map(sayMissed),
    ...falseFlags.map(
      ({ place, detectors, atEpochMs }) =>
        `  false: ${place} ${detectors.join(' ')} at ${new Date(atEpochMs).toISOString().slice(0, 16)}Z`,
    ),
  ].join('\n')
}

const sayMissed = ({ injection: { kind, place, detectors, atMs } }: FoundFault): string =>
  `  missed: ${kind} ${place} ${detectors.join(' ')}, planted after ${hours(atMs)} h of faults`

const lineOf = ([first = '', ...rest]: readonly string[]): string =>
  first.padEnd(16) + rest.map((cell) => cell.padStart(12)).join('')

const minutes = (ms: number | undefined): string => (ms === undefined ? '–' : (ms / 60_000).toFixed(1))
const hours = (ms: number): string => (ms / 3_600_000).toFixed(1)
