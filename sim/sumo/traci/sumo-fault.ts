/** What can go wrong between us and SUMO, as values with the numbers and words that explain them, and as sentences. */
import { unreachable } from '#base/invariant.ts'

export type SumoFault =
  | { readonly code: 'SUMO_ABSENT'; readonly program: string; readonly debianPackage: string }
  | { readonly code: 'SUMO_NOT_LISTENING'; readonly afterMs: number; readonly lastWords: string }
  | { readonly code: 'SUMO_DIED'; readonly ending: string; readonly lastWords: string }
  | { readonly code: 'SUMO_CONNECTION_LOST'; readonly detail: string }
  | { readonly code: 'SUMO_TIMED_OUT'; readonly afterMs: number }
  | { readonly code: 'SUMO_REPLY_MALFORMED'; readonly detail: string }
  | { readonly code: 'SUMO_API_UNSUPPORTED'; readonly api: number; readonly leastApi: number; readonly version: string }
  | { readonly code: 'SUMO_WITHOUT_DISPLAY'; readonly program: string }
  | { readonly code: 'SUMO_SCENARIO_WITHOUT_NETWORK'; readonly configurationFile: string }
  | { readonly code: 'SUMO_TRIPS_UNREADABLE'; readonly file: string; readonly detail: string }
  /** `command` is the identifier of the protocol. */
  | { readonly code: 'SUMO_REFUSED'; readonly command: number; readonly words: string }

/** One sentence that says what happened and, where something can be done, what. */
export function explainSumoFault(fault: SumoFault): string {
  switch (fault.code) {
    case 'SUMO_ABSENT':
      return `${fault.program} is not installed. On Debian: apt-get install ${fault.debianPackage}`
    case 'SUMO_NOT_LISTENING':
      return `SUMO took no connection for ${fault.afterMs} ms.${quote(fault.lastWords)}`
    case 'SUMO_DIED':
      return `SUMO ended (${fault.ending}).${quote(fault.lastWords)}`
    case 'SUMO_CONNECTION_LOST':
      return `The connection to SUMO was lost: ${fault.detail}`
    case 'SUMO_TIMED_OUT':
      return `SUMO did not answer for ${fault.afterMs} ms.`
    case 'SUMO_REPLY_MALFORMED':
      return `SUMO answered what is no TraCI: ${fault.detail}`
    case 'SUMO_API_UNSUPPORTED':
      return `${fault.version} speaks TraCI ${fault.api}; ${fault.leastApi} is the least that is understood.`
    case 'SUMO_WITHOUT_DISPLAY':
      return `${fault.program} has no display to open its window on. Leave --gui out, or set DISPLAY.`
    case 'SUMO_SCENARIO_WITHOUT_NETWORK':
      return `${fault.configurationFile} names no network. Add <net-file value="…"/> to its <input>.`
    case 'SUMO_TRIPS_UNREADABLE':
      return `The trips that SUMO has written cannot be read (${fault.file}): ${fault.detail}`
    case 'SUMO_REFUSED':
      return `SUMO refused command 0x${fault.command.toString(16)}: ${fault.words}`
    default:
      return unreachable(fault)
  }
}

const quote = (words: string): string => (words === '' ? ' It said nothing.' : ` Its last words: ${words}`)
