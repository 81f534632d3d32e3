/** Events as a busy street sends them: mostly loops, some lamps, seldom an alarm; the same ones each time. */
import { intersectionId } from '#base/id.ts'
import type { ObservedEvent } from '#edge/telemetry/port.ts'
import { EVENT } from '#signal/events.ts'

/** A busy eight-phase intersection. */
export const EVENTS_PER_DAY = 150_000

/** Of 50 events 40 are of loops: what the virtual city sends in its morning peak. */
const CODES = Array.from({ length: 50 }, (_, n) =>
  n < 20
    ? EVENT.detectorOn
    : n < 40
      ? EVENT.detectorOff
      : ([EVENT.beginGreen, EVENT.callRegistered, EVENT.gapOut][n % 3] ?? 0),
)

/** The `number`-th event of a city of so many intersections; an alarm in a thousand. */
export function streetEvent(number: number, intersections: number, epochMs: number): ObservedEvent {
  const isAlarm = number % 1_000 === 0
  return {
    intersection: intersectionId(`IX-${String(1 + (number % intersections)).padStart(2, '0')}`),
    epochMs,
    code: isAlarm ? EVENT.alarmOn : (CODES[number % CODES.length] ?? 0),
    parameter: number % 64,
    source: 'controller',
    // The log of a controller that has run for weeks.
    deviceSequence: 3_000_000 + Math.floor(number / intersections),
  }
}
