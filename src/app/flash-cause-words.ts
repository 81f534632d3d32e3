/** What the command line calls the causes of a flash. */
import type { FlashCause } from '#signal/status.ts'

export const FLASH_CAUSE_WORDS: Readonly<Record<FlashCause, string>> = {
  none: 'none',
  startup: 'start-up',
  automatic: 'by the schedule',
  local: 'police panel',
  conflictMonitor: 'conflict monitor',
  preempt: 'preempt',
  technician: 'technician',
}
