/** What a transaction shows of itself on the controller's wire. */
import { FAULT_DETAIL_MAX, TIMING_STATES, type TIMING_POINTS } from '#devices/timing.ts'
import type { PointValue } from '#devices/points.ts'
import type { TimingDesk } from './timing-desk.ts'

interface HasDesk {
  readonly timing: TimingDesk
}

export const TIMING_READERS: Readonly<Record<(typeof TIMING_POINTS)[number], (cabinet: HasDesk) => PointValue>> = {
  'database.state': ({ timing }) => TIMING_STATES.indexOf(timing.transaction.state),
  'database.fault': ({ timing }) => timing.refusedCode,
  'database.faultDetail': ({ timing }) => asPrinted(timing.transaction.detail),
  'database.asker': ({ timing }) => timing.asker,
  'database.owner': ({ timing }) => timing.owner,
  'database.length': ({ timing }) => timing.transaction.text.length,
  'database.stagedHash': ({ timing }) => timing.stagedHash,
}

/** As much of it as the wire carries, in what it can carry: whatever else a refused text has said is shown as ?. */
const asPrinted = (detail: string): string =>
  detail
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, FAULT_DETAIL_MAX)
    .trimEnd()
