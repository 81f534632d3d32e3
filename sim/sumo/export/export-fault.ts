/** Why a scenario could not be written, with the numbers and words that explain it, and as a sentence with the remedy. */
import { unreachable } from '#base/invariant.ts'
import type { IntersectionId } from '#base/id.ts'
import type { ProgramFault } from './fixed-program.ts'

export type ExportFault =
  | ProgramFault
  | { readonly code: 'EXPORT_WITHOUT_PLAN'; readonly intersection: IntersectionId }
  | { readonly code: 'EXPORT_NOT_WRITTEN'; readonly directory: string; readonly detail: string }
  | { readonly code: 'NETCONVERT_ABSENT'; readonly program: string; readonly debianPackage: string }
  | { readonly code: 'NETCONVERT_FAILED'; readonly ending: string; readonly words: string }

export function explainExportFault(fault: ExportFault): string {
  switch (fault.code) {
    case 'EXPORT_PLAN_UNKNOWN':
      return `There is no plan ${fault.plan}. The plans are ${fault.known.join(', ')}.`
    case 'EXPORT_PLAN_NOT_IN_STEP':
      return `${fault.intersection} never comes into step with plan ${fault.plan}. Give its splits room for what its phases need.`
    case 'EXPORT_WITHOUT_PLAN':
      return `The schedule of ${fault.intersection} has no plan at that time. Name one with --plan.`
    case 'EXPORT_NOT_WRITTEN':
      return `The scenario cannot be written to ${fault.directory}: ${fault.detail}. Name another folder, or mend its rights.`
    case 'NETCONVERT_ABSENT':
      return `${fault.program} is not installed. On Debian: apt-get install ${fault.debianPackage}`
    case 'NETCONVERT_FAILED':
      return `netconvert made no network of it (${fault.ending}). Its last words: ${fault.words}`
    default:
      return unreachable(fault)
  }
}
