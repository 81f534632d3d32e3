/** What a person at the cabinet opens, turns and presses: the police panel in its small door, and the technician's behind the big one. */
import type { PanelInputs } from '#signal/unit/panel.ts'

/** Everything takes effect at the next step. */
export class CabinetPanels implements PanelInputs {
  doorOpen = false
  /** Police panel. */
  manualControl = false
  intervalAdvance = false
  policeFlash = false
  /** Technician's panel. */
  stopTime = false
  technicianFlash = false
  /** A new timing may be brought in on the spot. */
  timingAllowed = false
  /** Turned: the cabinet runs its own plan, and takes no command. */
  localKey = false

  get flash(): PanelInputs['flash'] {
    if (this.technicianFlash) return 'technician'
    return this.policeFlash ? 'local' : 'none'
  }
}
