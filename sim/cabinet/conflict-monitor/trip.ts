/** What a conflict monitor says when it has tripped: which check, on which channels, and when. */
import type { Bits } from '#base/bits.ts'

/** The number of a check in alarms and events is its place here, from 1. */
export const MONITOR_CHECKS = [
  'conflict',
  'recurrentPulses',
  'dualIndication',
  'redFailure',
  'skippedYellow',
  'shortYellow',
  'shortClearance',
  'watchdog',
] as const
export type MonitorCheck = (typeof MONITOR_CHECKS)[number]

export interface MonitorTrip {
  readonly check: MonitorCheck
  /** Channels concerned; none for the watchdog. */
  readonly channels: Bits
  /** Of the monitor's own time, ms since it was switched on or reset. */
  readonly atMs: number
}

export const checkNumber = (check: MonitorCheck): number => MONITOR_CHECKS.indexOf(check) + 1
