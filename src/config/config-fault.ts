/** What can be wrong with a configuration: a code for machines, a place, and a sentence for the engineer. */
import type { DatabaseFault } from '#signal/check/database-fault.ts'

/** Faults of files and of what stands between them; those of a controller's database are `signal`'s. */
export const CONFIG_FAULT_CODES = [
  'FILE_UNREADABLE',
  'YAML_SYNTAX',
  'DUPLICATE_KEY',
  'UNKNOWN_KEY',
  'MISSING_KEY',
  'WRONG_TYPE',
  'NOT_ALLOWED',
  'OUT_OF_RANGE',
  'EDGE_TWICE',
  'INTERSECTION_UNKNOWN',
  'INTERSECTION_ON_TWO_EDGES',
  'INTERSECTION_WITHOUT_EDGE',
  'DATE_ROW_UNCLEAR',
  'PLAN_WITHOUT_NUMBER',
  'PLAN_UNKNOWN',
  'ADAPTIVE_PHASE_UNKNOWN',
  'ADAPTIVE_PHASE_OMITTED',
  'ADAPTIVE_LEAST_ABOVE_MOST',
  'ADAPTIVE_SPLIT_TOO_SHORT',
  'ADAPTIVE_CYCLE_TOO_SHORT',
  'ADAPTIVE_CYCLE_TOO_LONG',
  'CONTROLLER_MISSING',
  'PROFILE_UNKNOWN',
  'ADDRESS_TWICE',
  'DEVICE_UNKNOWN',
  'UPSTREAM_ITSELF',
  'UPSTREAM_TOO_NEAR',
  'APPROACH_TOO_LONG',
  'POCKET_TOO_LONG',
  'DETECTOR_BEYOND_LANE',
  'PHASE_NEVER_CALLED',
  'CLEARING_LENGTH_MISSING',
  'YELLOW_TOO_SHORT',
  'RED_CLEARANCE_TOO_SHORT',
  'PED_CLEARANCE_TOO_SHORT',
  'APPROACH_UNKNOWN',
  'DEMAND_MISSING',
  'TURN_SHARES_NOT_WHOLE',
  'TURN_WITHOUT_LANE',
  'FAULT_MOMENT_UNCLEAR',
  'FAULT_UNKNOWN',
  'FAULT_NOT_THERE',
  'SCENARIO_UNKNOWN',
  'START_DATE_INVALID',
  'OUTSIDE_THE_RUN',
  'ENDS_BEFORE_IT_BEGINS',
  'KIND_SHARES_ABOVE_ONE',
  'FLOW_WITHOUT_TIME',
  'NOT_AN_ENTRY',
  'WEATHER_UNKNOWN',
  'LANE_UNKNOWN',
  'BEYOND_STREET',
  'NOT_AN_EXIT',
  'ROUTE_UNREACHABLE',
  'KEY_ID_DIFFERS',
] as const
export type ConfigFaultCode = (typeof CONFIG_FAULT_CODES)[number] | DatabaseFault['code']

export interface ConfigFault {
  readonly code: ConfigFaultCode
  /** As it was asked for, such as `config/hamadan/plans.yaml`. */
  readonly file: string
  /** Keys from the top of the file, such as `am_peak.IX-03.splits_s`; empty for the file as a whole. */
  readonly path: string
  /** File, path, rule and remedy, with the numbers. */
  readonly message: string
}

/** Places faults in one file: `says` is the rule that is broken and the remedy, in one or two sentences. */
export type FaultAt = (code: ConfigFaultCode, path: readonly (string | number)[], says: string) => ConfigFault

export function faultsIn(file: string): FaultAt {
  return (code, keys, says) => {
    const path = keys.join('.')
    return { code, file, path, message: path === '' ? `${file}: ${says}` : `${file} ${path}: ${says}` }
  }
}
