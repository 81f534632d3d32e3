/** `sabz broker-config`: the configuration and the access list of the broker, out of the site and its certificates. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SiteConfig } from '#config/site.ts'
import { readIssued } from '#trust/authority.ts'
import { mosquittoAccessList, mosquittoConfiguration } from '#trust/broker/mosquitto.ts'
import { partiesOf, type EdgeOnBroker } from '#trust/broker/parties.ts'
import { readIdentity } from '#trust/identity.ts'
import { caIn, holderFolder, keyPlace, revokedIn } from '#trust/layout.ts'
import { MQTT_ROLE } from '#trust/roles.ts'
import { neighboursOf } from './edge-neighbours.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadSiteOrExplain } from './site.ts'
import type { Terminal } from './terminal.ts'
import { failByTrust, tlsFolderOf } from './tls-folder.ts'

export interface BrokerConfigOptions {
  readonly config: string
  readonly tls?: string
  readonly keys?: string
  readonly out?: string
  readonly listen: string
  readonly port: number
  readonly brokerData: string
  readonly user?: string
}

export async function runBrokerConfig(options: BrokerConfigOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  const root = tlsFolderOf(options.tls, site)
  const own = holderFolder(root, { kind: 'service', name: 'broker' })
  const issued = readIssued(root)
  const identity = readIdentity({ folder: own, role: MQTT_ROLE, isSigned: true })
  if (!issued.ok || !identity.ok) {
    const fault = issued.ok ? (identity.ok ? null : identity.fault) : issued.fault
    if (fault) failByTrust(fault, terminal)
    return EXIT.findings
  }
  const parties = partiesOf(site.id, edgesOf(site), issued.value.rows)
  const out = options.out ?? own
  const keys = resolve(options.keys ?? own)
  const files = { configuration: join(out, 'sabz.conf'), accessList: join(out, 'sabz.acl') }
  const { certificate, key } = keyPlace(keys, MQTT_ROLE)
  const facts = {
    ...{ site: site.id, parties, edges: site.edges.length, host: options.listen, port: options.port },
    files: {
      ...{ ca: caIn(keys), certificate, key, revoked: revokedIn(keys) },
      ...{ accessList: resolve(files.accessList), data: options.brokerData },
    },
    ...(options.user !== undefined && { user: options.user }),
  }
  mkdirSync(out, { recursive: true })
  writeFileSync(files.configuration, mosquittoConfiguration(facts))
  writeFileSync(files.accessList, mosquittoAccessList(facts))
  tell(site, { ...files, names: parties.map(({ name }) => name) }, terminal)
  return EXIT.ok
}

const edgesOf = (site: SiteConfig): EdgeOnBroker[] =>
  site.edges.map((edge) => ({
    edge: edge.id,
    heard: [...new Set(neighboursOf(edge, site).heard.map((neighbour) => neighbour.edge))],
  }))

interface Written {
  readonly configuration: string
  readonly accessList: string
  readonly names: readonly string[]
}

function tell(site: SiteConfig, { configuration, accessList, names }: Written, terminal: Terminal): void {
  terminal.print(`${configuration}\n${accessList}`)
  terminal.print(`lets in ${names.join(', ') || 'nobody'}; start the broker with it, and restart it after each change`)
  const missing = site.edges.map(({ id }) => id).filter((id) => !names.some((name) => name === id))
  if (missing.length > 0) terminal.say(`without keys, and so not let in: ${missing.join(', ')} (sabz tls edge <id>)`)
  terminal.record({ ok: true, configuration, accessList, names, missing })
}
