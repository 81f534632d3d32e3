/** What changes seldom and is asked for now and then: holes in the history, signed plans, and alarms of the edges' own logs. */
import { signal, type Signal } from '@preact/signals'
import type { AlarmsView } from '#contract/edge-words.ts'
import type { EdgeGapsView } from '#contract/gaps-view.ts'
import type { PlansView } from '#contract/plans-view.ts'
import { ask, READING, type Asked } from './facts.ts'

const PERIOD_MS = 15_000

export const gaps = signal<Asked<readonly EdgeGapsView[]>>(READING)
export const plans = signal<Asked<readonly PlansView[]>>(READING)
export const edgeAlarms = signal<Asked<readonly AlarmsView[]>>(READING)

/** Asks at once, and then for ever. */
export function followRecords(): void {
  readRecords()
  setInterval(readRecords, PERIOD_MS)
}

/** A question that has failed is asked again by this too. */
export function readRecords(): void {
  void read('/api/v1/gaps', gaps)
  void read('/api/v1/plans', plans)
  void read('/api/v1/alarms', edgeAlarms)
}

async function read<T>(url: string, into: Signal<Asked<T>>): Promise<void> {
  into.value = await ask<T>(url)
}
