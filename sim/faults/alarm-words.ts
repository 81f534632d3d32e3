/** Alarms of faults in words, with where they are seen. */
import { FIELD_ALARMS } from '#contract/field-alarms.ts'
import { ALARMS } from '#signal/alarms.ts'
import { unreachable } from '#base/invariant.ts'
import type { FaultAlarm } from './fault-kind.ts'

/** Such as `deviceLate (event 267)`. */
export function alarmWords(alarm: FaultAlarm): string {
  switch (alarm.by) {
    case 'edge':
      return `${alarm.alarm} (event 267, alarm ${FIELD_ALARMS.indexOf(alarm.alarm) + 1})`
    case 'detector':
      return `${alarm.fault} (event ${EVENT_OF[alarm.fault]})`
    case 'cabinet':
      return `${alarm.alarm} (event 200, alarm ${ALARMS[alarm.alarm]})`
    case 'central':
      return `${alarm.alarm} (on the wall)`
    default:
      return unreachable(alarm)
  }
}

const EVENT_OF: Readonly<Record<Extract<FaultAlarm, { by: 'detector' }>['fault'], number>> = {
  other: 84,
  watchdog: 85,
  openLoop: 86,
  shortedLoop: 87,
  excessiveChange: 88,
  noActivity: 84,
  maxPresence: 84,
  erraticCounts: 84,
}
