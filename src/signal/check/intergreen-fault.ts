/** What makes an intergreen impossible, with the facts that explain it. All times in ms. */
import type { HeadSource } from '../heads.ts'

interface Pair {
  readonly from: HeadSource
  readonly to: HeadSource
}

export type IntergreenFault =
  /** `head` is one of the two: no phase or overlap lights it, or its phase has no pedestrians. */
  | (Pair & { readonly code: 'INTERGREEN_HEAD_UNKNOWN'; readonly head: HeadSource })
  | (Pair & { readonly code: 'INTERGREEN_TWICE' })
  /** Neither barrier, ring nor another conflict keeps the two apart: nobody would wait for anybody. */
  | (Pair & { readonly code: 'INTERGREEN_WITHOUT_CONFLICT' })
  | (Pair & {
      readonly code: 'INTERGREEN_OUT_OF_RANGE'
      readonly ms: number
      readonly leastMs: number
      readonly mostMs: number
    })
