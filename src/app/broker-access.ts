/** How a process may speak to the broker: in plain words on this machine only, under its certificate everywhere else. */
import { isLoopback } from '#base/loopback.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SiteConfig } from '#config/site.ts'
import { outOfDate, readIdentity } from '#trust/identity.ts'
import { keyPlace, ownFolder, type Holder } from '#trust/layout.ts'
import { explainTrustFault } from '#trust/trust-fault.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'
import { failByTrust, tlsFolderOf } from './tls-folder.ts'
import { explainBadUrl, isUrl, MQTT_PROTOCOLS } from './url.ts'

export interface BrokerOptions {
  readonly mqtt: string
  readonly tls?: string
  readonly plainMqtt?: true
}

/** Whose key is to be shown. */
export interface KeyHolder {
  readonly holder: Holder
  /** Each of them has a connection of its own. */
  readonly roles: readonly string[]
}

const SECURE_PROTOCOLS = ['mqtts:', 'wss:']
const EXAMPLE = 'mqtts://10.0.0.5:8883, or mqtt://127.0.0.1:1883 on this machine'

/**
 * The holder's own folder; null for a plain connection. A fault has been explained. An expired certificate is named and
 * stops nobody: the street is supervised without a broker, and the events wait on the disk.
 */
export function brokerFolder(
  { mqtt, tls, plainMqtt }: BrokerOptions,
  { holder, roles }: KeyHolder,
  site: Pick<SiteConfig, 'id'>,
  terminal: Terminal,
): Outcome<string | null, ExitCode> {
  if (!isUrl(mqtt, MQTT_PROTOCOLS)) return failed(explainBadUrl(mqtt, EXAMPLE, terminal))
  const { protocol, hostname } = new URL(mqtt)
  if (!SECURE_PROTOCOLS.includes(protocol)) {
    if (isLoopback(hostname) || plainMqtt === true) return ok(null)
    const message = `${protocol}//${hostname} would show everything to everybody on the way, and take orders from anybody.`
    const remedy = 'Use mqtts:// and --tls (see sabz tls); or --plain-mqtt on a network that nobody else can reach.'
    terminal.fail('BROKER_WITHOUT_CERTIFICATES', message, remedy)
    return failed(EXIT.usage)
  }
  const folder = ownFolder(tlsFolderOf(tls, site), holder)
  for (const role of roles) {
    const identity = readIdentity({ folder, role, isSigned: true, ...nameOf(holder) })
    if (!identity.ok) {
      failByTrust(identity.fault, terminal)
      return failed(EXIT.invalidConfig)
    }
    const late = outOfDate(identity.value.certificate, keyPlace(folder, role).certificate, Date.now())
    if (late) terminal.say(`${late.code} ${explainTrustFault(late).message} ${explainTrustFault(late).remedy}`)
  }
  return ok(folder)
}

/** An edge is known by its name; the names of services follow from their roles. */
const nameOf = ({ kind, name }: Holder) => (kind === 'edge' ? { name } : {})
