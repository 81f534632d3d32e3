/** The events that the edge itself has to tell, and what their parameters mean. */
import { FIELD_ALARMS, type FieldAlarm } from '#contract/field-alarms.ts'
import { REASON_CODES, RUNG_NUMBERS, type Reason } from '#control/strategy.ts'
import { REFUSAL_NUMBERS, type Refusal } from '#safety/envelope.ts'
import { EVENT } from '#signal/events.ts'
import type { CodeAndParameter } from './image-events.ts'
import type { RungChange } from './supervisor.ts'

/** A reason takes the two lowest decimal digits of a parameter, so that people can read it: 0 = none, else its place from 1. */
const REASON_BASE = 100

const reasonNumber = (why: Reason | null): number => (why ? REASON_CODES.indexOf(why.code) + 1 : 0)

/** 257 supervision gained (a higher rung), 258 lost (a lower one): 100 × the rung now stood on (0 coordinated …) + reason. */
export function rungEvent({ to, isUp, why }: RungChange): CodeAndParameter {
  return {
    code: isUp ? EVENT.supervisionGained : EVENT.supervisionLost,
    parameter: REASON_BASE * RUNG_NUMBERS[to] + reasonNumber(why),
  }
}

/** 259 strategy decision, where pattern, hold, force-off or omits change: 100 × phase (0 = none) + reason. */
export const decisionEvent = (why: Reason): CodeAndParameter => ({
  code: EVENT.strategyDecision,
  parameter: REASON_BASE * (why.phase ?? 0) + reasonNumber(why),
})

/** 260 command refused: number of the refusal. */
export const refusalEvent = ({ code }: Refusal): CodeAndParameter => ({
  code: EVENT.commandRefused,
  parameter: REFUSAL_NUMBERS[code],
})

/** 261 device lost, 262 device back: 0 the controller, 1… the cards in the order of the site's configuration. */
export const linkEvent = (back: boolean, device: number): CodeAndParameter => ({
  code: back ? EVENT.deviceBack : EVENT.deviceLost,
  parameter: device,
})

/** 267 an alarm of the edge's own begins, 268 it ends: 10,000 × alarm + 100 × the lowest detector or channel + another, or the device. */
export function fieldAlarmEvent(
  begins: boolean,
  { alarm, device, detectors, channels = detectors }: FieldAlarm,
  devices: readonly string[],
): CodeAndParameter {
  const [lower, other] = channels
  const subject = lower === undefined ? devices.indexOf(device) : 100 * lower + (other ?? 0)
  const code = begins ? EVENT.fieldAlarmOn : EVENT.fieldAlarmOff
  return { code, parameter: 10_000 * (FIELD_ALARMS.indexOf(alarm) + 1) + subject }
}

/** 263 gap of the log: how many records are missing, 0 = unknown (images that were not read). */
export const gapEvent = (missing: number): CodeAndParameter => ({ code: EVENT.logGap, parameter: missing })
