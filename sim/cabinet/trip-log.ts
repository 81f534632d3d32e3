/** What a trip of the conflict monitor, its reset, and a controller that has failed leave in the log. */
import { listBits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '#signal/events.ts'
import { checkNumber, type MonitorTrip } from './conflict-monitor/trip.ts'

/** Parameter of event 173 (NTCIP 1202 unitFlashStatus), where it is not the controller that says it. */
export const FLASH_STATE = { notFlash: 2, faultMonitor: 5, conflictMonitor: 6 } as const

export function logTrip({ check, channels }: MonitorTrip, emit: EmitEvent): void {
  emit(EVENT.alarmOn, checkNumber(check))
  for (const channel of listBits(channels)) emit(EVENT.monitorChannel, channel)
  emit(EVENT.flashState, FLASH_STATE.conflictMonitor)
}

export function logReset({ check }: MonitorTrip, emit: EmitEvent): void {
  emit(EVENT.alarmOff, checkNumber(check))
  emit(EVENT.flashState, FLASH_STATE.notFlash)
}
