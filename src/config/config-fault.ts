/** What can be wrong with a configuration: a code for machines, a place, and a sentence for the engineer. */

export const CONFIG_FAULT_CODES = [
  'FILE_UNREADABLE',
  'YAML_SYNTAX',
  'DUPLICATE_KEY',
  'UNKNOWN_KEY',
  'MISSING_KEY',
  'WRONG_TYPE',
  'OUT_OF_RANGE',
  'NOT_ALLOWED',
  'TIME_ZONE_UNKNOWN',
  'PATTERN_NOT_UNIQUE',
  'EDGE_NOT_UNIQUE',
  'EDGE_MISSING',
  'EDGE_TWICE',
  'INTERSECTION_UNKNOWN',
  'UPSTREAM_TOO_NEAR',
  'LANE_TOO_LONG',
  'RINGS_WITHOUT_PHASE',
  'PHASE_UNKNOWN',
  'OVERLAP_UNKNOWN',
  'LANE_UNKNOWN',
  'CHANNEL_MISSING',
  'DETECTOR_BEYOND_LANE',
  'DETECTOR_CHANNEL_TWICE',
  'PHASE_NEVER_CALLED',
  'CLEARING_LENGTH_MISSING',
  'YELLOW_TOO_SHORT',
  'RED_CLEARANCE_TOO_SHORT',
  'PED_CLEARANCE_TOO_SHORT',
  'CONTROLLER_MISSING',
  'DEVICE_UNKNOWN',
  'PROFILE_UNKNOWN',
  'ADDRESS_TWICE',
  'PLAN_UNKNOWN',
  'PLAN_MISSING',
  'DAY_PLAN_UNKNOWN',
  'DAY_PLAN_NOT_UNIQUE',
  'DAY_PLAN_NOT_WHOLE',
  'APPROACH_UNKNOWN',
  'DEMAND_MISSING',
  'TURN_SHARES_NOT_WHOLE',
  'TURN_WITHOUT_LANE',
  'DATABASE_IMPOSSIBLE',
] as const
export type ConfigFaultCode = (typeof CONFIG_FAULT_CODES)[number]

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
