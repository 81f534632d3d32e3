/** Everything that makes an intersection or a plan impossible, found before anything runs. */
import type { ControllerDatabase } from './database.ts'
import type { DatabaseFault } from './database-fault.ts'

/** All faults of a database at once; empty for one that a controller can run. */
export function checkDatabase(_database: ControllerDatabase): readonly DatabaseFault[] {
  throw new Error('not built yet')
}
