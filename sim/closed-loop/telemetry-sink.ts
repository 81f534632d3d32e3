/** Where the edge's telemetry goes in a closed loop: to whoever listens, in the tick in which it is told. */
import type { LiveState } from '#contract/messages.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'

export interface Listeners {
  readonly onEvents?: (events: readonly ObservedEvent[]) => void
  readonly onState?: (state: LiveState) => void
}

/** Keeps nothing: a day of a city is two million events. */
export const telemetrySink = ({ onEvents, onState }: Listeners): Telemetry => ({
  record: (events) => onEvents?.(events),
  publishState: onState ?? null,
  pending: () => 0,
  cursor: () => 0,
  close: () => Promise.resolve(),
})

export const NOBODY_LISTENS: Telemetry = telemetrySink({})
