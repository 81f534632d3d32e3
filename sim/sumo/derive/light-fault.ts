/** Why a light of a network is left to its own program. */
import { unreachable } from '#base/invariant.ts'

export type LightFault =
  | { readonly code: 'LIGHT_WITHOUT_LINKS'; readonly light: string }
  | { readonly code: 'LIGHT_OF_RAILS'; readonly light: string }
  | { readonly code: 'LIGHT_WITHOUT_STAGES'; readonly light: string; readonly stages: number }
  | {
      readonly code: 'LIGHT_TOO_LARGE'
      readonly light: string
      readonly what: 'stages' | 'groups'
      readonly count: number
      readonly most: number
    }

export function explainLightFault(fault: LightFault): string {
  switch (fault.code) {
    case 'LIGHT_WITHOUT_LINKS':
      return `Light ${fault.light} governs no way. Remove it, or join it to a junction.`
    case 'LIGHT_OF_RAILS':
      return `Light ${fault.light} is a signal of rails: its interlocking keeps it.`
    case 'LIGHT_WITHOUT_STAGES':
      return `Light ${fault.light} has ${fault.stages} stage(s) with green: there is nothing to decide. It is left as it is.`
    case 'LIGHT_TOO_LARGE':
      return `Light ${fault.light} has ${fault.count} ${fault.what}; a controller holds ${fault.most}. Divide it.`
    default:
      return unreachable(fault)
  }
}
