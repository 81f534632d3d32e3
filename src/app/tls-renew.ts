/** `sabz tls renew` and `revoke`: new keys in place of old ones, and keys that count no more. */
import type { X509Certificate } from 'node:crypto'
import type { Outcome } from '#base/outcome.ts'
import { writeInstead } from '#config/nearest.ts'
import type { Authority, IssuedRow } from '#trust/authority.ts'
import { expiryOf } from '#trust/expiry.ts'
import { readCertificate } from '#trust/identity.ts'
import { HOLDER_KINDS, holderFolder, keyPlace, type Holder, type HolderKind } from '#trust/layout.ts'
import { introduce, issueDevice, issueEdgeApplication, type SecuredDevice } from '#trust/provision.ts'
import { OPCUA_ROLE } from '#trust/roles.ts'
import type { TrustFault } from '#trust/trust-fault.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadProfilesOrExplain } from './field.ts'
import type { Terminal } from './terminal.ts'
import { failByTrust, securedDevices } from './tls-folder.ts'
import { openSite, type TlsOptions } from './tls-make.ts'

export interface RenewOptions extends TlsOptions {
  readonly opcua?: true
}

/** As typed: a kind and a name, or nothing. */
interface Wanted {
  readonly kind: string | undefined
  readonly name: string | undefined
}

/** Whose keys, and whether each holder still has its own. */
interface Renewal {
  readonly authority: Authority
  readonly site: string
  readonly devices: readonly SecuredDevice[]
  readonly days: number | undefined
}

export async function tlsRenew(wanted: Wanted, options: RenewOptions, terminal: Terminal): Promise<ExitCode> {
  const opened = await openSite(options, terminal)
  const profiles = opened && (await loadProfilesOrExplain(opened.site, terminal))
  if (opened === null || profiles === null) return EXIT.invalidConfig
  const { authority, site } = opened
  const rows = chosen(authority, wanted, options)
  if (rows === null) return explainUnknown(wanted, authority, terminal)
  const renewal = { authority, site: site.id, devices: securedDevices(site, profiles), days: options.days }
  for (const row of rows) {
    const renewed = await renew(row, renewal)
    if (!renewed.ok) {
      failByTrust(renewed.fault, terminal)
      return EXIT.findings
    }
    terminal.print(`renewed ${row.kind} ${row.holder} (${row.role})`)
    if (row.role === OPCUA_ROLE) terminal.print(visitOf(row, renewal))
  }
  if (rows.length > 0) terminal.print('Copy each folder to its machine; connections take the new keys when they begin.')
  else terminal.print('nothing expires soon')
  terminal.record({ ok: true, renewed: rows.map(({ kind, holder, role }) => ({ kind, holder, role })) })
  return EXIT.ok
}

export async function tlsRevoke(
  wanted: { readonly kind: string; readonly name: string },
  options: TlsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const opened = await openSite(options, terminal)
  if (opened === null) return EXIT.invalidConfig
  const holder = holderOf(wanted)
  const isKnown = holder !== null && current(opened.authority).some((row) => isOf(row, holder))
  if (!isKnown) return explainUnknown(wanted, opened.authority, terminal)
  const count = await opened.authority.revoke(holder, Date.now())
  terminal.print(`${count} certificates of ${wanted.name} count no more`)
  terminal.print(
    'Copy service/broker/crl.pem to the broker, make its access list anew (sabz broker-config), restart it.',
  )
  if (holder.kind !== 'service') terminal.print('Take its certificate out of the devices and edges that know it, too.')
  terminal.record({ ok: true, revoked: count })
  return EXIT.ok
}

/** The newest of each key that counts. */
function current({ issued }: Authority): IssuedRow[] {
  const newest = new Map(issued.map((row) => [`${row.kind}/${row.holder}/${row.role}`, row]))
  return [...newest.values()].filter(({ revokedAtEpochMs }) => revokedAtEpochMs === null)
}

/** null where there is nobody of that name. Keys for OPC UA are renewed by themselves never: devices would not know them. */
function chosen(authority: Authority, wanted: Wanted, { opcua }: RenewOptions): IssuedRow[] | null {
  const rows = current(authority).filter(({ role, kind }) =>
    opcua || (kind === 'device' && wanted.kind === 'device') ? role === OPCUA_ROLE : role !== OPCUA_ROLE,
  )
  if (wanted.kind === undefined)
    return rows.filter(
      ({ untilEpochMs }) => expiryOf({ validTo: new Date(untilEpochMs).toISOString() }, Date.now()).state !== 'good',
    )
  const holder = holderOf(wanted)
  const his = holder === null ? [] : rows.filter((row) => isOf(row, holder))
  return his.length === 0 ? null : his
}

const isOf = (row: IssuedRow, { kind, name }: Holder) => row.kind === kind && row.holder === name

function holderOf({ kind, name }: Wanted): Holder | null {
  const known = HOLDER_KINDS.find((one): one is HolderKind => one === kind)
  return known === undefined || name === undefined ? null : { kind: known, name }
}

async function renew(row: IssuedRow, renewal: Renewal): Promise<Outcome<void, TrustFault>> {
  const { authority, days } = renewal
  const holder: Holder = { kind: row.kind, name: row.holder }
  if (row.role === OPCUA_ROLE) return renewApplication(holder, renewal)
  const present = readCertificate(keyPlace(holderFolder(authority.root, holder), row.role).certificate)
  if (!present.ok) return present
  const { hosts, side } = factsOf(present.value)
  const order = { holder, role: row.role, name: row.name, side, hosts, ...(days !== undefined && { days }) }
  return authority.issue(order, Date.now())
}

async function renewApplication(
  holder: Holder,
  { authority, site, devices }: Renewal,
): Promise<Outcome<void, TrustFault>> {
  const device = devices.find((one) => one.device === holder.name)
  if (holder.kind === 'device' && device) return issueDevice(authority, { site, ...device }, Date.now())
  const issued = await issueEdgeApplication(authority, { site, edge: holder.name }, Date.now())
  for (const one of devices.filter(({ edge }) => edge === holder.name)) introduce(authority.root, one)
  return issued
}

/** What the present certificate says, so that nobody has to remember it. */
function factsOf(certificate: X509Certificate): { hosts: string[]; side: 'client' | 'server' } {
  const names = (certificate.subjectAltName ?? '').split(', ')
  const hosts = names.flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? [])
  return { hosts, side: hosts.length > 0 ? 'server' : 'client' }
}

function visitOf({ kind, holder }: IssuedRow, { devices }: Renewal): string {
  const whom = devices.filter(({ device, edge }) => (kind === 'edge' ? edge === holder : device === holder))
  const who = whom.map(({ device }) => device).join(', ')
  return kind === 'edge'
    ? `  load trusted/${holder}.pem into ${who} before the edge gets its folder`
    : `  load opcua/ into ${who}, and copy the folder of its edge anew`
}

function explainUnknown({ kind, name }: Wanted, authority: Authority, terminal: Terminal): ExitCode {
  const known = current(authority).map((row) => `${row.kind} ${row.holder}`)
  const asked = [kind, name].filter((word) => word !== undefined).join(' ')
  terminal.fail('UNKNOWN_HOLDER', `nobody has keys as ${asked}.`, writeInstead(asked, [...new Set(known)]))
  return EXIT.usage
}
