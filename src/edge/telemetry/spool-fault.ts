/** What can go wrong with a spool, as values; the worker makes one log line of each. */
import { unreachable } from '#base/invariant.ts'
import type { LogLevel } from '#base/log.ts'

export type SpoolFault =
  /** Bytes that no checksum vouches for, amid or after ones that it does: the events in them are lost, and said to be. */
  | { readonly code: 'SPOOL_DAMAGED'; readonly file: string; readonly offset: number; readonly bytes: number }
  | { readonly code: 'SPOOL_UNREADABLE'; readonly file: string; readonly detail: string }
  /** Bytes after the last whole frame of the newest segment: what a crash leaves of a write that was never recorded. */
  | { readonly code: 'SPOOL_TAIL_CUT'; readonly file: string; readonly bytes: number }
  /** The disk did not take the events, or did not vouch for them; they are kept in memory and go into another segment. */
  | { readonly code: 'SPOOL_NOT_RECORDED'; readonly detail: string; readonly events: number }
  /** Of the oldest events `lost` were given up for newer ones; `kept` are alarms, commands and the like, and stay. */
  | {
      readonly code: 'SPOOL_FULL'
      readonly epoch: string
      readonly first: number
      readonly last: number
      readonly lost: number
      readonly kept: number
    }
  /** An acknowledgement for events that were never recorded here: nothing is freed by it. */
  | { readonly code: 'ACK_NOT_OURS'; readonly epoch: string; readonly upTo: number; readonly last: number }

export type SpoolReport = (fault: SpoolFault) => void

/** Level and sentence of a fault, for the operator. */
export function sayFault(fault: SpoolFault): { level: LogLevel; message: string } {
  switch (fault.code) {
    case 'SPOOL_DAMAGED':
      return {
        level: 'error',
        message: `spool: ${fault.bytes} bytes at ${fault.offset} of ${fault.file} are damaged and were skipped. Check the disk; what is missing is told to central.`,
      }
    case 'SPOOL_UNREADABLE':
      return {
        level: 'error',
        message: `spool: ${fault.file} cannot be read (${fault.detail}). Check the disk and the file's owner.`,
      }
    case 'SPOOL_TAIL_CUT':
      return {
        level: 'info',
        message: `spool: ${fault.bytes} bytes at the end of ${fault.file} were never recorded and are left out; a new epoch begins.`,
      }
    case 'SPOOL_NOT_RECORDED':
      return {
        level: 'error',
        message: `spool: ${fault.events} events are not on disk yet (${fault.detail}). They are kept in memory and tried again in another file.`,
      }
    case 'SPOOL_FULL':
      return {
        level: 'error',
        message: `spool: full. ${fault.lost} of the events ${fault.first}-${fault.last} of epoch ${fault.epoch} were given up for newer ones, ${fault.kept} alarms and commands among them stay. Restore the link to central or give the spool more room.`,
      }
    case 'ACK_NOT_OURS':
      return {
        level: 'error',
        message: `uplink: central acknowledged ${fault.upTo} of epoch ${fault.epoch}, but only ${fault.last} are recorded here. Look for a second edge of the same name.`,
      }
    default:
      return unreachable(fault)
  }
}
