/** What can go wrong with what was learnt, as values, and the words for it: none of it keeps an edge from working. */
import { unreachable } from '#base/invariant.ts'
import type { LearntFault } from '#control/learnt.ts'

export type KeptFault =
  | LearntFault
  /** The file cannot be read, or is no JSON. */
  | { readonly code: 'LEARNT_UNREADABLE'; readonly detail: string }
  /** Lanes, heads or detectors have been changed since, or the file belongs to another intersection. */
  | { readonly code: 'LEARNT_OF_ANOTHER_STREET'; readonly found: string; readonly expected: string }
  /** The disk did not take it: it lives on in memory, and is tried again. */
  | { readonly code: 'LEARNT_NOT_KEPT'; readonly detail: string }

/** Rule and remedy, without the place. */
export function sayKeptFault(fault: KeptFault): string {
  switch (fault.code) {
    case 'LEARNT_VERSION':
      return `it has version ${JSON.stringify(fault.found)}, this edge reads version ${fault.reads}. It belongs to another release of Sabz.`
    case 'LEARNT_MALFORMED':
      return `${fault.path} is not ${fault.needs}. It was changed by hand, or the disk is failing: check the disk.`
    case 'LEARNT_IMPLAUSIBLE':
      return `${fault.path} is ${fault.value}, outside ${fault.least} to ${fault.most}. Check the detectors of that street, and the disk.`
    case 'LEARNT_UNREADABLE':
      return `it cannot be read (${fault.detail}). Check the disk and the file's owner.`
    case 'LEARNT_OF_ANOTHER_STREET':
      return `it was learnt of the street ${fault.found}, this one is ${fault.expected}. Lanes, heads or detectors have changed since: nothing is to be done.`
    case 'LEARNT_NOT_KEPT':
      return `it could not be kept (${fault.detail}). Free the disk, or mend the folder's rights; it is tried again every few minutes.`
    default:
      return unreachable(fault)
  }
}
