/** Why an edge does not follow an order, plan or command, by names that it reports, counts and records. */

/** The number in our events is the place in this list, from 1: append only. */
export const ORDER_FAULT_CODES = [
  'ORDER_TOO_LARGE',
  'ORDER_MALFORMED',
  'ORDER_NOT_CANONICAL',
  'ORDER_OF_OTHER_VERSION',
  'KEY_UNKNOWN',
  'KEY_RUN_OUT',
  'KEY_NOT_FOR_THIS',
  'SIGNATURE_WRONG',
  'SIGNERS_TOO_FEW',
  'ISSUER_NOT_SIGNER',
  'ORDER_FOREIGN',
  'ORDER_NOT_YET_VALID',
  'ORDER_EXPIRED',
  'ORDER_NOT_KEPT',
  'PLAN_VERSION_OLD',
  'PLAN_VERSION_TAKEN',
  'PLAN_BASE_DIFFERS',
  'PLAN_BEYOND_TIMING',
  'PLAN_TIMING_REFUSED',
  'PLAN_BELOW_FLOOR',
  'PLAN_LIMITS_REFUSED',
  'PLAN_HASH_DIFFERS',
  'COMMAND_UNKNOWN',
  'COMMAND_NOT_OFFERED',
  'COMMAND_OUT_OF_RANGE',
  'COMMAND_ANSWER_FOREIGN',
  'COMMANDS_TOO_MANY',
] as const
export type OrderFaultCode = (typeof ORDER_FAULT_CODES)[number]

export interface OrderFault {
  readonly code: OrderFaultCode
  /** The place and the numbers, in words for the engineer who sees it reported. */
  readonly detail: string
}

export const orderFault = (code: OrderFaultCode, detail: string): OrderFault => ({ code, detail })

/** Parameter of the events that tell a refused order. */
export const orderFaultNumber = ({ code }: OrderFault): number => ORDER_FAULT_CODES.indexOf(code) + 1
