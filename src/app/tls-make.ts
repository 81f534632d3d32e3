/** `sabz tls init`, `edge`, `service` and `device`: makes keys, and says what to do with them. */
import { existsSync } from 'node:fs'
import type { Outcome } from '#base/outcome.ts'
import { writeInstead } from '#config/nearest.ts'
import type { SiteConfig } from '#config/site.ts'
import { openAuthority, foundAuthority, type Authority } from '#trust/authority.ts'
import { caFiles, deviceName, holderFolder, keyPlace, type Holder } from '#trust/layout.ts'
import { issueDevice, issueEdge, issueMissing, issueService, serviceKeys, SERVICES } from '#trust/provision.ts'
import { MQTT_ROLE, OPCUA_ROLE } from '#trust/roles.ts'
import type { TrustFault } from '#trust/trust-fault.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadProfilesOrExplain } from './field.ts'
import { loadSiteOrExplain } from './site.ts'
import type { Terminal } from './terminal.ts'
import { failByTrust, partiesOfSite, tlsFolderOf } from './tls-folder.ts'

export interface TlsOptions {
  readonly config: string
  readonly tls?: string
  readonly host?: readonly string[]
  readonly days?: number
  readonly all?: true
}

/** A device of a cabinet, as people name it. */
export interface DeviceAt {
  readonly intersection: string
  readonly device: string
}

export async function tlsInit(options: TlsOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  const profiles = site && (await loadProfilesOrExplain(site, terminal))
  if (site === null || profiles === null) return EXIT.invalidConfig
  if (options.all && options.host === undefined) return explainNoHost('the broker and central', terminal)
  const root = tlsFolderOf(options.tls, site)
  const founded = await foundAuthority(root, site.id, Date.now())
  if (!founded.ok) return failed(founded.fault, terminal)
  if (options.all) {
    const issued = await issueMissing(founded.value, partiesOfSite(site, profiles), options.host ?? [])
    if (!issued.ok) return failed(issued.fault, terminal)
  }
  terminal.print(`CA of ${site.id} in ${root}`)
  terminal.print(`Its key is ${caFiles(root).key}: move it to a stick, and back for sabz tls only.`)
  terminal.record({ ok: true, folder: root, key: caFiles(root).key })
  return EXIT.ok
}

export async function tlsEdge(id: string, options: TlsOptions, terminal: Terminal): Promise<ExitCode> {
  const opened = await openSite(options, terminal)
  if (opened === null) return EXIT.invalidConfig
  const { site, authority } = opened
  if (!site.edges.some((edge) => edge.id === id)) return explainUnknownEdge(id, site, terminal)
  const holder: Holder = { kind: 'edge', name: id }
  const order = { site: site.id, edge: id, ...daysOf(options) }
  return made({ authority, holder, role: MQTT_ROLE }, () => issueEdge(authority, order, Date.now()), terminal, [
    'Copy this folder to the edge, to /etc/sabz/tls for one, and start it with',
    `  sabz edge --id ${id} --tls /etc/sabz/tls --mqtt mqtts://<broker>:8883`,
    'The broker takes it once its access list is made anew: sabz broker-config.',
  ])
}

export async function tlsService(name: string, options: TlsOptions, terminal: Terminal): Promise<ExitCode> {
  const opened = await openSite(options, terminal)
  if (opened === null) return EXIT.invalidConfig
  const keys = serviceKeys(name)
  if (keys === null) {
    terminal.fail('UNKNOWN_SERVICE', `there is no service ${name}.`, writeInstead(name, SERVICES))
    return EXIT.usage
  }
  const hosts = options.host ?? []
  if (hosts.length === 0 && keys.some(({ side }) => side === 'server')) return explainNoHost(name, terminal)
  const { authority } = opened
  const holder: Holder = { kind: 'service', name }
  const issue = () => issueService(authority, { service: name, keys, hosts, ...daysOf(options) }, Date.now())
  const next = name === 'broker' ? 'Then: sabz broker-config' : 'Then name the folder there with --tls.'
  return made({ authority, holder, role: keys[0]?.role ?? '' }, issue, terminal, [
    `Copy this folder to the machine of ${name}. ${next}`,
  ])
}

export async function tlsDevice(at: DeviceAt, options: TlsOptions, terminal: Terminal): Promise<ExitCode> {
  const opened = await openSite(options, terminal)
  const profiles = opened && (await loadProfilesOrExplain(opened.site, terminal))
  if (opened === null || profiles === null) return EXIT.invalidConfig
  const { site, authority } = opened
  const name = deviceName(at.intersection, at.device)
  const secured = partiesOfSite(site, profiles).devices.find(({ device }) => device === name)
  if (secured === undefined) return explainNoCertificate(at, site, terminal)
  const holder: Holder = { kind: 'device', name }
  const issue = () => issueDevice(authority, { site: site.id, ...secured }, Date.now())
  return made({ authority, holder, role: OPCUA_ROLE }, issue, terminal, [
    'Load opcua/key.pem and opcua/cert.pem into the device, and trusted/*.pem into the list of those that it trusts;',
    `then wipe the key from wherever it lay on the way. Edge ${secured.edge} has the certificate pinned: copy its folder anew.`,
  ])
}

interface OpenSite {
  readonly site: SiteConfig
  readonly authority: Authority
}

/** The site with its CA, ready to issue; null when that cannot be had, which has been explained then. */
export async function openSite(options: TlsOptions, terminal: Terminal): Promise<OpenSite | null> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return null
  const authority = openAuthority(tlsFolderOf(options.tls, site), site.id)
  if (authority.ok) return { site, authority: authority.value }
  failByTrust(authority.fault, terminal)
  return null
}

export function explainNoCertificate({ intersection, device }: DeviceAt, site: SiteConfig, terminal: Terminal) {
  const known = site.intersections.map(({ database }) => database.intersection.id)
  if (!known.some((id) => id === intersection)) {
    const remedy = writeInstead(intersection, known)
    terminal.fail('UNKNOWN_CABINET', `there is no cabinet ${intersection} in ${site.id}.`, remedy)
  } else
    terminal.fail(
      'DEVICE_WITHOUT_CERTIFICATE',
      `the ${device} of ${intersection} is not reached under a certificate.`,
      'Modbus has none: keep its wire inside the cabinet. For OPC UA see `security` of its profile.',
    )
  return EXIT.usage
}

function explainUnknownEdge(id: string, { id: site, edges }: SiteConfig, terminal: Terminal): ExitCode {
  const known = edges.map((edge) => edge.id)
  terminal.fail('UNKNOWN_EDGE', `there is no edge ${id} in ${site}.`, writeInstead(id, known))
  return EXIT.usage
}

function explainNoHost(whom: string, terminal: Terminal): ExitCode {
  const remedy = 'Say the names and addresses by which it is reached: --host broker.example.ir --host 10.0.0.5'
  terminal.fail('HOST_MISSING', `the certificate of ${whom} must say where it is reached.`, remedy)
  return EXIT.usage
}

interface NewKey {
  readonly authority: Authority
  readonly holder: Holder
  readonly role: string
}

/** Issues what is not there yet, and says where it is and what comes next. */
async function made(
  { authority, holder, role }: NewKey,
  issue: () => Promise<Outcome<void, TrustFault>>,
  terminal: Terminal,
  next: readonly string[],
): Promise<ExitCode> {
  const folder = holderFolder(authority.root, holder)
  const { certificate } = keyPlace(folder, role)
  if (existsSync(certificate)) return failed({ code: 'CERTIFICATE_EXISTS', path: certificate }, terminal)
  const issued = await issue()
  if (!issued.ok) return failed(issued.fault, terminal)
  terminal.print(`keys of ${holder.name} in ${folder}`)
  for (const line of next) terminal.print(line)
  terminal.record({ ok: true, kind: holder.kind, name: holder.name, folder })
  return EXIT.ok
}

function failed(fault: TrustFault, terminal: Terminal): ExitCode {
  failByTrust(fault, terminal)
  return EXIT.findings
}

const daysOf = ({ days }: TlsOptions) => (days === undefined ? {} : { days })
