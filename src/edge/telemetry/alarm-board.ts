/** All alarms of an edge that stand: of its cabinets, of its field devices, and of its own log. */
import type { AlarmChange, AlarmList, EdgeAlarm, SpoolAlarmName } from '#contract/edge-words.ts'
import { MESSAGE_VERSION, type LiveState } from '#contract/messages.ts'
import type { SpoolFault } from './spool-fault.ts'

/** What was given up or damaged stays an alarm this long after the last time: one page of a log, not a flicker. */
export const SPOOL_ALARM_MS = 600_000

const ALARM_OF: Readonly<Partial<Record<SpoolFault['code'], SpoolAlarmName>>> = {
  SPOOL_NOT_RECORDED: 'spoolNotRecorded',
  SPOOL_FULL: 'spoolFull',
  SPOOL_DAMAGED: 'spoolDamaged',
  SPOOL_UNREADABLE: 'spoolDamaged',
}

export class AlarmBoard {
  readonly #standing = new Map<string, EdgeAlarm>()
  /** When an alarm of the log goes by itself; the others go when their cause does. */
  readonly #goesAtMonoMs = new Map<string, number>()

  /** An intersection tells its own alarms, all of them, with every state. */
  observe({ intersection, alarms, fieldAlarms = [] }: LiveState, nowEpochMs: number): AlarmChange[] {
    const now = new Map<string, EdgeAlarm>()
    const add = (alarm: Omit<EdgeAlarm, 'sinceEpochMs' | 'intersection'>) =>
      now.set(alarm.id, { ...alarm, intersection, sinceEpochMs: nowEpochMs })
    for (const number of alarms) add({ id: `${intersection}.cabinet.${number}`, name: 'cabinet', number })
    for (const { alarm: name, device, detectors } of fieldAlarms) {
      const subject = detectors.length > 0 ? detectors.join('-') : device
      add({ id: `${intersection}.${name}.${subject}`, name, device, detectors })
    }
    const gone = [...this.#standing.values()].filter((one) => one.intersection === intersection && !now.has(one.id))
    const come = [...now.values()].filter(({ id }) => !this.#standing.has(id))
    return [...gone.map((alarm) => this.#go(alarm, nowEpochMs)), ...come.map((alarm) => this.#come(alarm, nowEpochMs))]
  }

  /** A fault of the log that somebody should look at stands as an alarm. */
  raise({ code }: SpoolFault, now: { readonly epochMs: number; readonly monoMs: number }): AlarmChange[] {
    const name = ALARM_OF[code]
    if (name === undefined) return []
    if (name !== 'spoolNotRecorded') this.#goesAtMonoMs.set(name, now.monoMs + SPOOL_ALARM_MS)
    if (this.#standing.has(name)) return []
    return [this.#come({ id: name, intersection: null, name, sinceEpochMs: now.epochMs }, now.epochMs)]
  }

  /** The disk takes events again. */
  recorded(nowEpochMs: number): AlarmChange[] {
    const alarm = this.#standing.get('spoolNotRecorded')
    return alarm ? [this.#go(alarm, nowEpochMs)] : []
  }

  /** Takes off what has not happened again for long enough. */
  turn(now: { readonly epochMs: number; readonly monoMs: number }): AlarmChange[] {
    const over = [...this.#goesAtMonoMs].filter(([, atMonoMs]) => now.monoMs >= atMonoMs)
    return over.flatMap(([id]) => {
      this.#goesAtMonoMs.delete(id)
      const alarm = this.#standing.get(id)
      return alarm ? [this.#go(alarm, now.epochMs)] : []
    })
  }

  list(nowEpochMs: number): AlarmList {
    const alarms = [...this.#standing.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return { v: MESSAGE_VERSION, atEpochMs: nowEpochMs, alarms }
  }

  #come(alarm: EdgeAlarm, atEpochMs: number): AlarmChange {
    this.#standing.set(alarm.id, alarm)
    return { v: MESSAGE_VERSION, atEpochMs, on: true, alarm }
  }

  #go(alarm: EdgeAlarm, atEpochMs: number): AlarmChange {
    this.#standing.delete(alarm.id)
    return { v: MESSAGE_VERSION, atEpochMs, on: false, alarm }
  }
}
