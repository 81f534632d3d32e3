/** Who decides at a cabinet, and why it flashes: read off its monitor, its controller and its panels. */
import type { FlashCause, PreemptState } from '#signal/status.ts'
import type { MonitorTrip } from './conflict-monitor/trip.ts'
import type { ControllerUnit } from './controller-unit.ts'
import type { CabinetPanels } from './panels.ts'
import type { PowerSupply } from './power-supply.ts'
import type { Keeper } from './supervision.ts'

/** What is looked at. */
export interface CabinetState {
  readonly trip: MonitorTrip | null
  readonly controller: Pick<ControllerUnit, 'fault' | 'status'>
  readonly panels: CabinetPanels
  readonly power: Pick<PowerSupply, 'mains'>
}

/** States of a preempt that has the street; a delay lets everybody go on. */
const IN_SERVICE: ReadonlySet<PreemptState> = new Set(['entry', 'track', 'dwell', 'exit'])

/** A controller that has failed drops its fault output, which takes the monitor's way into flash (NEMA TS 2 4.3.3). */
export function flashCauseOf({ trip, controller, panels }: CabinetState): FlashCause {
  if (trip !== null || controller.fault !== null) return 'conflictMonitor'
  return panels.flash === 'none' ? controller.status.flash : panels.flash
}

export function keeperOf(state: CabinetState): Keeper {
  const { trip, controller, panels } = state
  if (trip !== null || controller.fault !== null) return 'fault'
  const cause = flashCauseOf(state)
  if (cause !== 'none') return cause === 'automatic' ? 'automaticFlash' : 'flash'
  if (panels.localKey) return 'key'
  if (panels.manualControl || panels.stopTime) return 'manual'
  return IN_SERVICE.has(controller.status.preempt.state) ? 'preempt' : 'nobody'
}
