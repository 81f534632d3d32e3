/** The alarms of a cabinet beside those of its conflict monitor: which stand now, and when they came and went. */
import { bit, lowestOf, type Bits } from '#base/bits.ts'
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

const FLAG = Object.fromEntries(CABINET_ALARMS.map((alarm) => [alarm, bit(alarmNumber(alarm))])) as Readonly<
  Record<CabinetAlarm, Bits>
>

/** Those that stand now. */
export function alarmsOf({ controller, panels, power }: CabinetState): Bits {
  let bits = 0
  if (controller.fault?.code === 'CONTROLLER_STOPPED') bits |= FLAG.controllerStopped
  if (controller.fault?.code === 'DATABASE_REFUSED') bits |= FLAG.databaseRefused
  if (panels.doorOpen) bits |= FLAG.doorOpen
  if (!power.mains) bits |= FLAG.mainsLost
  if (panels.flash !== 'none') bits |= FLAG.localFlash
  if (panels.manualControl) bits |= FLAG.manualControl
  if (panels.stopTime) bits |= FLAG.stopTime
  return bits >>> 0
}

export class Alarms {
  #bits: Bits = 0

  get bits(): Bits {
    return this.#bits
  }

  /** Takes note of all of them, and logs what has changed (codes 200 and 201). */
  note(now: Bits, emit: EmitEvent): void {
    const changed = now ^ this.#bits
    this.#bits = now
    for (let rest = changed; rest !== 0; rest &= rest - 1)
      emit((now & rest & -rest) === 0 ? EVENT.alarmOff : EVENT.alarmOn, lowestOf(rest))
  }
}
