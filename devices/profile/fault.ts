/** What can be wrong with a profile file: each fault names file, line, path, rule and remedy. */

export const PROFILE_FAULT_CODES = [
  /** There is no such file. */
  'PROFILE_NOT_FOUND',
  /** The file is not YAML, or says a key twice. */
  'PROFILE_NOT_YAML',
  /** A fact is missing. */
  'PROFILE_FACT_MISSING',
  /** A fact is not of its form: a word for a number, a number outside its limits, a choice that does not exist. */
  'PROFILE_FACT_WRONG',
  /** A key that a profile does not have. */
  'PROFILE_KEY_UNKNOWN',
  /** The field contract has no point of this name. */
  'PROFILE_POINT_UNKNOWN',
  /** The device's kind cannot do without this point, or a group is incomplete. */
  'PROFILE_POINT_MISSING',
  /** The device's kind does not have such a point. */
  'PROFILE_POINT_OUT_OF_PLACE',
  /** The type on the wire cannot carry the point. */
  'PROFILE_TYPE_WRONG',
  /** Channels of a list: not said, said for a single value, or not the same in the whole detector group. */
  'PROFILE_LENGTH_WRONG',
  /** Two points share a register, a node or an element. */
  'PROFILE_ADDRESS_OVERLAP',
  /** Beyond the last register, 65,535. */
  'PROFILE_ADDRESS_RANGE',
  /** A point needs more registers than one read, or the control group more than one write, can carry. */
  'PROFILE_POINT_TOO_LONG',
  /** The control group is not one block that one request can write whole. */
  'PROFILE_CONTROL_SPLIT',
  /** The log and `eventLog.head` go together. */
  'PROFILE_LOG_WRONG',
  /** The way in for a timing and the facts of its transaction go together, and the facts are read in one request. */
  'PROFILE_TIMING_WRONG',
  /** OPC UA without encryption, with a policy that is broken, or without a user, and no word about why. */
  'PROFILE_SECURITY_TOO_WEAK',
] as const
export type ProfileFaultCode = (typeof PROFILE_FAULT_CODES)[number]

/** Keys from the top of the file to the place. */
export type ProfilePath = readonly (string | number)[]

export interface ProfileFault {
  readonly code: ProfileFaultCode
  /** Path of the file from the root of the checkout. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly path: string
  /** What is so, and what should be. */
  readonly rule: string
  /** What to do, as an imperative sentence. */
  readonly remedy: string
}

/** Hands one fault over to the list that is being collected. */
export type ReportFault = (code: ProfileFaultCode, path: ProfilePath, rule: string, remedy: string) => void

/** One line for an operator: `devices/profiles/x.yaml:12 points.phase.reds: rule. Remedy.` */
export function profileFaultText(fault: ProfileFault): string {
  const place = fault.path === '' ? '' : ` ${fault.path}`
  return `${fault.file}:${fault.line}${place}: ${fault.rule}. ${fault.remedy}.`
}
