/** Who takes the greens out of the hands of their vehicles: an officer who steers by hand, or a flash that is to begin. */
import type { Calls } from '../detection/calls.ts'
import type { EmitEvent } from '../events.ts'
import { endGreen, minimumsServed, type Ring } from '../rings/ring.ts'
import type { Sequencer } from '../rings/sequencing.ts'
import type { Wants } from '../rings/wants.ts'
import type { Panel } from './panel.ts'
import type { Unit } from './stages.ts'

/** Under manual control every phase and every crossing is called (NEMA TS 2 3.5.5.5): the officer sees the whole sequence. */
export function callForOfficer(wants: Wants, { layout, control }: Calls): void {
  const served = layout.all & ~control.phaseOmit
  wants.vehicles = served
  wants.pedestrians = layout.withPedestrians & served & ~control.pedestrianOmit
}

/** On the way into flash nobody is wanted but the entry phases that are still to come. */
export function wantEntryPhases(unit: Unit, sequencer: Sequencer): void {
  sequencer.wanted = unit.entryLeft
  sequencer.entries &= unit.entryPhases
}

/** No gap, maximum or force-off ends a green now: the officer's button does, or the flash, and both after its minimums. */
export function overruleGreens(unit: Unit, panel: Panel, rings: readonly Ring[]): void {
  for (const ring of rings) {
    const ends = unit.stage !== 'running' || (ring.phase !== null && (panel.advanced & ring.phase.bit) !== 0)
    ring.mayEnd = ends && minimumsServed(ring) ? 'forceOff' : 'none'
  }
}

/** Ends every green that may end, and drops what was to follow. */
export function clearStreet(sequencer: Sequencer, emit: EmitEvent): void {
  sequencer.target = 0
  for (const ring of sequencer.rings) {
    ring.next = null
    if (ring.phase !== null && ring.mayEnd !== 'none') endGreen(ring, ring.phase, emit)
  }
}
