/** What can be wrong with keys and certificates: each fault with its place, its rule and its remedy. */
import { unreachable } from '#base/invariant.ts'

export type TrustFault =
  | { readonly code: 'TLS_FOLDER_EXISTS'; readonly path: string }
  | { readonly code: 'TLS_FOLDER_MISSING'; readonly path: string }
  | { readonly code: 'TLS_FOLDER_UNUSABLE'; readonly path: string; readonly detail: string }
  | { readonly code: 'CA_KEY_MISSING'; readonly path: string }
  | { readonly code: 'CA_OF_ANOTHER_SITE'; readonly path: string; readonly site: string; readonly wanted: string }
  | { readonly code: 'CERTIFICATE_MISSING'; readonly path: string }
  | { readonly code: 'CERTIFICATE_EXISTS'; readonly path: string }
  | { readonly code: 'CERTIFICATE_UNREADABLE'; readonly path: string; readonly detail: string }
  | { readonly code: 'CERTIFICATE_EXPIRED'; readonly path: string; readonly sinceEpochMs: number }
  | { readonly code: 'CERTIFICATE_NOT_YET_VALID'; readonly path: string; readonly fromEpochMs: number }
  | {
      readonly code: 'CERTIFICATE_WRONG_NAME'
      readonly path: string
      readonly name: string
      readonly wanted: string
    }
  | { readonly code: 'CERTIFICATE_KEY_MISMATCH'; readonly path: string }
  | { readonly code: 'CERTIFICATE_FOREIGN'; readonly path: string }
  | { readonly code: 'SECRET_MISSING'; readonly path: string }
  | { readonly code: 'SECRET_TOO_OPEN'; readonly path: string; readonly mode: number; readonly allowed: number }
  | { readonly code: 'NAME_TAKEN'; readonly name: string; readonly by: string }
  | { readonly code: 'NAME_UNUSABLE'; readonly name: string }

export interface Explanation {
  readonly message: string
  readonly remedy: string
}

export function explainTrustFault(fault: TrustFault): Explanation {
  switch (fault.code) {
    case 'TLS_FOLDER_EXISTS':
    case 'TLS_FOLDER_MISSING':
    case 'TLS_FOLDER_UNUSABLE':
      return explainFolder(fault)
    case 'CA_KEY_MISSING':
      return {
        message: `the key of the CA is not at ${fault.path}.`,
        remedy: 'Plug in the stick that it is kept on and put it back there for this command.',
      }
    case 'CA_OF_ANOTHER_SITE':
      return {
        message: `${fault.path} is the CA of ${fault.site}, not of ${fault.wanted}.`,
        remedy: 'Name the site that it belongs to with --config, or another folder with --tls.',
      }
    case 'SECRET_MISSING':
      return { message: `there is no ${fault.path}.`, remedy: 'Write the secret into it, readable by its owner alone.' }
    case 'SECRET_TOO_OPEN':
      return {
        message: `${fault.path} can be read by others (mode ${octal(fault.mode)}).`,
        remedy: `Close it: chmod ${octal(fault.allowed)} ${fault.path}; and renew what others may have read.`,
      }
    case 'NAME_TAKEN':
      return {
        message: `${fault.name} is the name of ${fault.by}; on the broker a name is one party.`,
        remedy: 'Choose another name.',
      }
    case 'NAME_UNUSABLE':
      return {
        message: `"${fault.name}" cannot be the name of a certificate.`,
        remedy: 'Use up to 63 letters, digits, dots, hyphens and underscores, the first a letter or a digit.',
      }
    default:
      return explainCertificate(fault)
  }
}

function explainFolder(fault: Extract<TrustFault, { readonly code: `TLS_FOLDER_${string}` }>): Explanation {
  switch (fault.code) {
    case 'TLS_FOLDER_EXISTS':
      return {
        message: `there is a CA in ${fault.path} already; a second one would make all its certificates worthless.`,
        remedy: 'Go on with it (sabz tls show), or name a new folder with --tls.',
      }
    case 'TLS_FOLDER_MISSING':
      return {
        message: `there are no keys and certificates in ${fault.path}.`,
        remedy: 'Name their folder with --tls, or make them: sabz tls init.',
      }
    case 'TLS_FOLDER_UNUSABLE':
      return { message: `${fault.path} cannot be used (${fault.detail}).`, remedy: 'Check its rights and the disk.' }
    default:
      return unreachable(fault)
  }
}

function explainCertificate(fault: Extract<TrustFault, { readonly code: `CERTIFICATE_${string}` }>): Explanation {
  const { path } = fault
  switch (fault.code) {
    case 'CERTIFICATE_MISSING':
      return { message: `there is no ${path}.`, remedy: 'Make it with sabz tls, or copy it from where it was made.' }
    case 'CERTIFICATE_EXISTS':
      return { message: `${path} is there already.`, remedy: 'Renew it: sabz tls renew.' }
    case 'CERTIFICATE_UNREADABLE':
      return { message: `${path} cannot be read (${fault.detail}).`, remedy: 'Copy it anew from where it was made.' }
    case 'CERTIFICATE_EXPIRED':
      return { message: `${path} expired on ${dayOf(fault.sinceEpochMs)}.`, remedy: 'Renew it: sabz tls renew.' }
    case 'CERTIFICATE_NOT_YET_VALID':
      return {
        message: `${path} is valid only from ${dayOf(fault.fromEpochMs)}.`,
        remedy: 'Set the clock of this machine, or renew the certificate where the clock is right.',
      }
    case 'CERTIFICATE_WRONG_NAME':
      return {
        message: `${path} is the certificate of ${fault.name}, not of ${fault.wanted}.`,
        remedy: 'Copy the folder that was made for this party.',
      }
    case 'CERTIFICATE_KEY_MISMATCH':
      return { message: `${path} does not belong to the key beside it.`, remedy: 'Copy both anew, or renew them.' }
    case 'CERTIFICATE_FOREIGN':
      return { message: `${path} was not made by the CA beside it.`, remedy: 'Copy the whole folder anew.' }
    default:
      return unreachable(fault)
  }
}

/** One line, as logs have it. */
export function trustFaultText(fault: TrustFault): string {
  const { message, remedy } = explainTrustFault(fault)
  return `${message} ${remedy}`
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0')

const dayOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10)
