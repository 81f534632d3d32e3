/** The alarms of a cabinet beside those of its conflict monitor: which stand now, and when they came and went. */
import { bit, type Bits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '#signal/events.ts'
import type { CabinetState } from './who-decides.ts'

/** Numbers up to here are the conflict monitor's checks. */
const MONITOR_ALARMS = 16

/** The number of an alarm is its place here, after the monitor's. */
export const CABINET_ALARMS = [
  'controllerStopped',
  'databaseRefused',
  'doorOpen',
  'mainsLost',
  'localFlash',
  'manualControl',
  'stopTime',
] as const
export type CabinetAlarm = (typeof CABINET_ALARMS)[number]

export const alarmNumber = (alarm: CabinetAlarm): number => MONITOR_ALARMS + 1 + CABINET_ALARMS.indexOf(alarm)

/** Those that stand now. */
export const alarmsOf = ({ controller, panels, power }: CabinetState): Readonly<Record<CabinetAlarm, boolean>> => ({
  controllerStopped: controller.fault?.code === 'CONTROLLER_STOPPED',
  databaseRefused: controller.fault?.code === 'DATABASE_REFUSED',
  doorOpen: panels.doorOpen,
  mainsLost: !power.mains,
  localFlash: panels.flash !== 'none',
  manualControl: panels.manualControl,
  stopTime: panels.stopTime,
})

export class Alarms {
  #bits: Bits = 0

  get bits(): Bits {
    return this.#bits
  }

  /** Takes note of all of them, and logs what has changed (codes 200 and 201). */
  note(now: Readonly<Record<CabinetAlarm, boolean>>, emit: EmitEvent): void {
    for (const alarm of CABINET_ALARMS) {
      const number = alarmNumber(alarm)
      const stands = (this.#bits & bit(number)) !== 0
      if (now[alarm] === stands) continue
      this.#bits = (this.#bits ^ bit(number)) >>> 0
      emit(now[alarm] ? EVENT.alarmOn : EVENT.alarmOff, number)
    }
  }
}
