/** Why an edge has refused a plan, in a few words a reader of either language understands; the code beside them says it exactly. */
import type { OrderFaultCode } from '#contract/order-fault.ts'
import type { Dictionary } from './dictionary.ts'

type Words = Dictionary['records']['refusals']

const WHY: Readonly<Partial<Record<string, keyof Words>>> = {
  ORDER_TOO_LARGE: 'unreadable',
  ORDER_MALFORMED: 'unreadable',
  ORDER_NOT_CANONICAL: 'unreadable',
  ORDER_OF_OTHER_VERSION: 'unreadable',
  KEY_UNKNOWN: 'unsigned',
  KEY_RUN_OUT: 'unsigned',
  KEY_NOT_FOR_THIS: 'unsigned',
  SIGNATURE_WRONG: 'unsigned',
  SIGNERS_TOO_FEW: 'unsigned',
  ISSUER_NOT_SIGNER: 'unsigned',
  ORDER_FOREIGN: 'foreign',
  PLAN_BASE_DIFFERS: 'foreign',
  ORDER_NOT_YET_VALID: 'untimely',
  ORDER_EXPIRED: 'untimely',
  PLAN_VERSION_OLD: 'older',
  PLAN_VERSION_TAKEN: 'older',
  ORDER_NOT_KEPT: 'notKept',
} satisfies Partial<Record<OrderFaultCode, keyof Words>>

/** All else is in what the plan brings. */
export const refusalWords = (code: string, words: Words): string => words[WHY[code] ?? 'content']
