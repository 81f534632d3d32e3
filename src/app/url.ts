/** URLs as people type them: checked before anything starts, so that a slip of the finger is not a part that never comes. */
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export const HTTP_PROTOCOLS = ['http:', 'https:']
export const MQTT_PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:']

/** A password in it is refused like another kind of URL: everybody on the machine could read it in the list of processes. */
export const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol) && !holdsSecret(text)

export function explainBadUrl(text: string, example: string, terminal: Terminal): ExitCode {
  if (holdsSecret(text)) {
    const remedy = 'For a broker: mqtts:// and --tls, see sabz tls. For InfluxDB: --influx-secret <file>.'
    terminal.fail(
      'SECRET_ON_COMMAND_LINE',
      'a password in a URL is shown to everybody in the list of processes.',
      remedy,
    )
  } else terminal.fail('BAD_URL', `${text} is not a URL of the kind that is needed.`, `It looks like ${example}`)
  return EXIT.usage
}

const USER_INFO = /\/\/[^/?#]*@/

const holdsSecret = (text: string) => USER_INFO.test(text)

/** As it may be written down: reports and logs outlive the day on which somebody typed it. */
export const withoutSecret = (text: string): string => text.replaceAll(new RegExp(USER_INFO, 'g'), '//')
