/** URLs as people type them: checked before anything starts, so that a slip of the finger is not a part that never comes. */
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export const HTTP_PROTOCOLS = ['http:', 'https:']
export const MQTT_PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:']

export const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol)

export function explainBadUrl(text: string, example: string, terminal: Terminal): ExitCode {
  terminal.fail('BAD_URL', `${text} is not a URL of the kind that is needed.`, `It looks like ${example}`)
  return EXIT.usage
}
