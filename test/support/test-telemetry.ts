/** Telemetry that keeps in memory what the edge hands over, for tests to look at. */
import { EVENT } from '#signal/events.ts'
import type { LiveState } from '#contract/messages.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'

export interface TestTelemetry extends Telemetry {
  readonly events: ObservedEvent[]
  readonly states: LiveState[]
  /** What `pending` answers. */
  waiting: number
  /** What `cursor` answers. */
  recordedUpTo: number
}

export function testTelemetry(): TestTelemetry {
  const telemetry: TestTelemetry = {
    events: [],
    states: [],
    waiting: 0,
    recordedUpTo: 0,
    record: (events) => void telemetry.events.push(...events),
    publishState: (state) => void telemetry.states.push(state),
    pending: () => telemetry.waiting,
    cursor: () => telemetry.recordedUpTo,
    close: () => Promise.resolve(),
  }
  return telemetry
}

/** Events as people talk of them: name and parameter. */
export const named = (events: readonly { readonly code: number; readonly parameter: number }[]): string[] =>
  events.map(({ code, parameter }) => `${NAMES.get(code) ?? code} ${parameter}`)

const NAMES = new Map<number, string>(Object.entries(EVENT).map(([name, code]) => [code, name]))
