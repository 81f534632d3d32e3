/** Makes the unit parameters of a controller from `unit` of its row in `network.yaml`. */
import { phaseId } from '#base/id.ts'
import { PLAIN_UNIT, type UnitParameters } from '#signal/unit.ts'
import { toMs } from './fields.ts'
import type { UnitRow } from './network-file.ts'

export function buildUnit(row: UnitRow = {}): UnitParameters {
  const ms = (s: number | undefined, plainMs: number) => (s === undefined ? plainMs : toMs(s))
  return {
    startupFlashMs: ms(row.startup_flash_s, PLAIN_UNIT.startupFlashMs),
    startAllRedMs: ms(row.start_all_red_s, PLAIN_UNIT.startAllRedMs),
    startPhases: (row.start_phases ?? []).map(phaseId),
    flashEntryPhases: (row.flash_entry_phases ?? []).map(phaseId),
    flashExitPhases: (row.flash_exit_phases ?? []).map(phaseId),
    flashYellowPhases: (row.flash_yellow_phases ?? []).map(phaseId),
    minFlashMs: ms(row.min_flash_s, PLAIN_UNIT.minFlashMs),
  }
}
