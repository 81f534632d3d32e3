/** Every guard of the model, and the search that must find the harm when it is taken away. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Question } from './spin.ts'
import { CROSSING, STATION, T_JUNCTION, type Street } from './streets.ts'

type Mutant = Omit<Question, 'mutant'>

const breaks = (street: Street): Mutant => ({ street, about: 'safety', alone: true })
const breaksUnderSupervision = (street: Street): Mutant => ({ street, about: 'safety' })
const keepsWaiting = (street: Street): Mutant => ({ street, about: 'liveness', alone: true })
const keepsWaitingUnderSupervision = (street: Street): Mutant => ({ street, about: 'liveness' })

/** By the guard's name in `guards.pml`: where, and of what, Spin is asked. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  MINIMUM_GREEN: breaks(CROSSING),
  MAXIMUM_GREEN: keepsWaiting(CROSSING),
  YELLOW_TIME: breaks(CROSSING),
  RED_CLEAR_TIME: breaks(CROSSING),
  RED_REVERT_TIME: breaks(T_JUNCTION),
  START_ALL_RED_TIME: breaks(CROSSING),
  WALK_TIME: breaks(CROSSING),
  PED_CLEAR_TIME: breaks(CROSSING),
  PEDESTRIANS_ACROSS: breaks(CROSSING),
  CONFLICT: breaks(T_JUNCTION),
  BARRIER: breaks(CROSSING),
  CROSS_TOGETHER: breaks(CROSSING),
  CALL_AT_POWER_UP: keepsWaiting(CROSSING),
  LOCKED_CALL: keepsWaiting(CROSSING),
  CUT_OFF_CALL: keepsWaiting(CROSSING),
  PUSHED_CALL: keepsWaiting(CROSSING),
  HOLD: breaksUnderSupervision(CROSSING),
  OMIT: breaksUnderSupervision(CROSSING),
  PEDESTRIAN_OMIT: breaksUnderSupervision(CROSSING),
  LEASE_LENGTH: breaksUnderSupervision(CROSSING),
  LEASE_EPOCH: breaksUnderSupervision(CROSSING),
  LEASE_SEQUENCE: breaksUnderSupervision(CROSSING),
  LEASE_RUNS_DOWN: breaksUnderSupervision(CROSSING),
  COMMAND_ENDS: breaksUnderSupervision(CROSSING),
  PREEMPT_ENTRY_GREEN: breaks(STATION),
  PREEMPT_ENTRY_WALK: breaks(STATION),
  PREEMPT_PED_CLEAR: breaks(STATION),
  PREEMPT_LASTS: breaks(STATION),
  PREEMPT_TRACK_GREEN: breaks(STATION),
  PREEMPT_DWELL_GREEN: breaks(STATION),
  PREEMPT_DURATION: breaks(STATION),
  PREEMPT_LOCK: keepsWaiting(STATION),
  PREEMPT_OVER_HOLD: keepsWaitingUnderSupervision(STATION),
  PREEMPT_KEEPS_OUT: breaksUnderSupervision(STATION),
}

/** The guards as the model names them. */
export function guardsOfModel(): string[] {
  const text = readFileSync(join(import.meta.dirname, 'guards.pml'), 'utf8')
  return [...text.matchAll(/^#define ([A-Z_]+) [1-9]\d*$/gm)].map(([, name = '']) => name)
}
