/** What is wrong with the wire to one device: a name for what its link has met, once it has stood for a while. */
import { unreachable } from '#base/invariant.ts'
import type { FieldAlarmName } from '#contract/field-alarms.ts'
import type { LinkFault, LinkHealth } from './link-record.ts'

export type DeviceTrouble = Extract<
  FieldAlarmName,
  'deviceUnreachable' | 'deviceSilent' | 'deviceLate' | 'deviceFrozen' | 'wrongUnit' | 'wrongMap'
>

export interface DeviceHealth {
  /** What was met last, and since when without a break. */
  readonly trouble: DeviceTrouble | null
  readonly sinceMonoMs: number
  /** What stands as an alarm. */
  readonly alarm: DeviceTrouble | null
}

/**
 * So long must a trouble stand before it is named: a device that is lost is probed once within it, and what is merely late
 * is then known to be late, not silent.
 */
export const TROUBLE_MS = 6_000

/** And a device that was late, silent. */
export const SILENT_MS = 60_000

export const HEALTHY: DeviceHealth = { trouble: null, sinceMonoMs: 0, alarm: null }

/** One tick. An alarm ends with the first answer that is in time. */
export function stepHealth(before: DeviceHealth, seen: LinkHealth, nowMonoMs: number): DeviceHealth {
  const trouble = troubleNow(before, seen)
  if (trouble === null) return before.trouble === null && before.alarm === null ? before : HEALTHY
  const sinceMonoMs = trouble === before.trouble ? before.sinceMonoMs : nowMonoMs
  // Whoever answers, however late, has no other trouble any more.
  const standing = seen.link === 'up' && seen.late > 0 && before.alarm !== 'deviceLate' ? null : before.alarm
  // A device that is late is late too for a new connection: it is not silent at once.
  const staysLate = before.alarm === 'deviceLate' && trouble === 'deviceSilent'
  const alarm = nowMonoMs - sinceMonoMs >= (staysLate ? SILENT_MS : TROUBLE_MS) ? trouble : standing
  return { trouble, sinceMonoMs, alarm }
}

function troubleNow({ trouble }: DeviceHealth, { link, fault, timely, late }: LinkHealth): DeviceTrouble | null {
  if (link === 'down') return fault ? troubleOf(fault) : trouble
  if (timely > 0) return null
  // An answer that is in time ends it; a tick without any answer says nothing.
  return late > 0 ? 'deviceLate' : trouble
}

/** Exception codes of a gateway that has no path to the unit, or no answer from it (Modbus Application Protocol 1.1b3, 7). */
const GATEWAY_CODES: readonly number[] = [10, 11]

function troubleOf(fault: LinkFault): DeviceTrouble {
  switch (fault.code) {
    case 'CONNECT_FAILED':
    case 'NOT_TRUSTED':
    case 'NOT_CONNECTED':
    case 'CONNECTION_LOST':
      return 'deviceUnreachable'
    case 'TIMED_OUT':
      return 'deviceSilent'
    case 'ANSWERED_LATE':
      return 'deviceLate'
    case 'FROZEN':
      return 'deviceFrozen'
    case 'WRONG_UNIT':
      return 'wrongUnit'
    case 'REFUSED_BY_DEVICE':
      return GATEWAY_CODES.includes(fault.protocolCode) ? 'deviceUnreachable' : 'wrongMap'
    case 'BAD_REPLY':
    case 'WRONG_MAP':
    case 'NOT_IN_PROFILE':
      return 'wrongMap'
    default:
      return unreachable(fault)
  }
}
