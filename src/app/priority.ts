/** Ten times a second is a promise: its process asks to go before ordinary ones where the system lets it. */
import { constants, setPriority } from 'node:os'

/** Of this process's main thread and of what it starts from now on. An ordinary user may not, and runs as before. */
export function claimPriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_ABOVE_NORMAL)
  } catch {
    // EACCES: needs CAP_SYS_NICE. On a machine with time to spare nothing is lost.
  }
}
