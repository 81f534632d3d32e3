/** What makes a network file unusable, with place, rule and remedy. */
import { unreachable } from '#base/invariant.ts'

export type NetworkFault =
  | { readonly code: 'NETWORK_UNREADABLE'; readonly detail: string }
  | { readonly code: 'NETWORK_NOT_XML'; readonly line: number; readonly detail: string }
  | { readonly code: 'NETWORK_NOT_A_NET'; readonly root: string }
  | { readonly code: 'NETWORK_WITHOUT_LANES' }
  | {
      readonly code: 'NETWORK_ATTRIBUTE_MISSING'
      readonly line: number
      readonly element: string
      readonly attribute: string
    }
  | {
      readonly code: 'NETWORK_ATTRIBUTE_INVALID'
      readonly line: number
      readonly element: string
      readonly attribute: string
      readonly value: string
    }
  | { readonly code: 'NETWORK_LANE_UNKNOWN'; readonly line: number; readonly lane: string }
  | { readonly code: 'NETWORK_LIGHT_UNKNOWN'; readonly line: number; readonly light: string }
  /** A link beyond the letters of a program of its light. */
  | {
      readonly code: 'NETWORK_STATE_TOO_SHORT'
      readonly light: string
      readonly program: string
      readonly letters: number
      readonly links: number
    }

/** One line: place, rule, remedy. */
export const explainNetworkFault = (file: string, fault: NetworkFault): string => `${file}${sentence(fault)}`

function sentence(fault: NetworkFault): string {
  switch (fault.code) {
    case 'NETWORK_UNREADABLE':
      return `: cannot be read: ${fault.detail}. Correct the path or its rights.`
    case 'NETWORK_NOT_XML':
      return ` line ${fault.line}: is no XML: ${fault.detail}. Build the network again with netconvert.`
    case 'NETWORK_NOT_A_NET':
      return `: begins with <${fault.root}>, not <net>. Name the network file of the scenario.`
    case 'NETWORK_WITHOUT_LANES':
      return ': has no street with a lane. Build the network again with netconvert.'
    case 'NETWORK_ATTRIBUTE_MISSING':
      return ` line ${fault.line}: <${fault.element}> lacks ${fault.attribute}. Build the network again with netconvert.`
    case 'NETWORK_ATTRIBUTE_INVALID':
      return ` line ${fault.line}: <${fault.element}> has ${fault.attribute}="${fault.value}", which cannot be. Correct it.`
    case 'NETWORK_LANE_UNKNOWN':
      return ` line ${fault.line}: a connection names lane ${fault.lane}, which is not there. Remove it, or add the lane.`
    case 'NETWORK_LIGHT_UNKNOWN':
      return ` line ${fault.line}: a connection obeys light ${fault.light}, which has no program. Add its <tlLogic>.`
    case 'NETWORK_STATE_TOO_SHORT':
      return ` light ${fault.light} program ${fault.program}: ${fault.letters} letters for ${fault.links} links. Give each link a letter.`
    default:
      return unreachable(fault)
  }
}
