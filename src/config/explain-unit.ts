/** Explains the faults of unit parameters: what stands under `unit` in `network.yaml`. */
import type { UnitFault, UnitPhases, UnitTime } from '#signal/check/check-unit.ts'
import { inSeconds, inStreet, type Explanations } from './explain.ts'

const TIME_KEYS: Readonly<Record<UnitTime, string>> = {
  startupFlashMs: 'startup_flash_s',
  startAllRedMs: 'start_all_red_s',
  minFlashMs: 'min_flash_s',
}

const LIST_KEYS: Readonly<Record<UnitPhases, string>> = {
  startPhases: 'start_phases',
  flashEntryPhases: 'flash_entry_phases',
  flashExitPhases: 'flash_exit_phases',
  flashYellowPhases: 'flash_yellow_phases',
}

export const UNIT_EXPLANATIONS: Explanations<UnitFault> = {
  UNIT_TIME_INVALID: ({ time, ms, leastMs, mostMs }, origin) =>
    inStreet(
      origin,
      ['unit', TIME_KEYS[time]],
      `${inSeconds(ms)} is not ${inSeconds(leastMs)} to ${inSeconds(mostMs)} in whole milliseconds. Correct it.`,
    ),
  UNIT_PHASE_UNKNOWN: ({ list, phase }, origin) =>
    inStreet(origin, ['unit', LIST_KEYS[list]], `there is no phase ${phase}. Correct the number.`),
  UNIT_PHASE_TWICE: ({ list, phase }, origin) =>
    inStreet(origin, ['unit', LIST_KEYS[list]], `phase ${phase} stands twice. Remove one.`),
  UNIT_PHASES_CONFLICT: ({ list, phase, other }, origin) =>
    inStreet(
      origin,
      ['unit', LIST_KEYS[list]],
      `phases ${other} and ${phase} must not run together. Keep those of one barrier group, at most one a ring.`,
    ),
}
