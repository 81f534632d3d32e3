/** Hands out what the machines and devices of a site need: to each edge, service and device its keys, and to each side of OPC UA the other's certificate. */
import type { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Authority } from './authority.ts'
import type { Side } from './certificate-maker.ts'
import { holderFolder, keyPlace, pinIn, trustedIn, type Holder } from './layout.ts'
import { MQTT_ROLE, OPCUA_ROLE, WEB_ROLE, type Role } from './roles.ts'
import { writeSecretFile } from './secret-file.ts'
import type { TrustFault } from './trust-fault.ts'

/** A device that is reached under a certificate, and the edge that reaches it. */
export interface SecuredDevice {
  /** `IX-01.controller` */
  readonly device: string
  readonly edge: string
  readonly host: string
}

export interface SiteParties {
  readonly site: string
  readonly edges: readonly string[]
  readonly devices: readonly SecuredDevice[]
}

/** A key that a service has: its name among all parties, and on which side of a connection it stands. */
export interface ServiceKey {
  readonly role: Role
  readonly name: string
  readonly side: Side
}

/** Keys of the services that Sabz has; `ingest-…` are workers beside or instead of central's own. */
export function serviceKeys(service: string): readonly ServiceKey[] | null {
  if (service === 'broker') return [{ role: MQTT_ROLE, name: 'broker', side: 'server' }]
  if (/^ingest-[a-z0-9-]+$/.test(service)) return [{ role: 'ingest', name: service, side: 'client' }]
  if (service === 'desk') return [{ role: 'desk', name: 'desk', side: 'client' }]
  if (service !== 'central') return null
  return [
    { role: 'ingest', name: 'ingest', side: 'client' },
    { role: 'live', name: 'live', side: 'client' },
    { role: WEB_ROLE, name: 'central', side: 'server' },
  ]
}

export const SERVICES = ['broker', 'central', 'desk', 'ingest-<worker>'] as const

/** How the URIs of the site's own applications begin; a device that brings its own certificate has another. */
export const applicationUriOf = (site: string, name: string): string => `urn:sabz:${site}:${name}`

interface Order {
  readonly hosts: readonly string[]
  readonly days?: number
}

export async function issueEdge(
  authority: Authority,
  { site, edge, days }: { readonly site: string; readonly edge: string; readonly days?: number },
  nowEpochMs: number,
): Promise<Outcome<void, TrustFault>> {
  const holder: Holder = { kind: 'edge', name: edge }
  const life = days === undefined ? {} : { days }
  const mqtt = { holder, role: MQTT_ROLE, name: edge, side: 'client', hosts: [], ...life } as const
  const issued = await authority.issue(mqtt, nowEpochMs)
  if (!issued.ok || existsSync(keyPlace(holderFolder(authority.root, holder), OPCUA_ROLE).certificate)) return issued
  return issueEdgeApplication(authority, { site, edge }, nowEpochMs)
}

/** Apart, as each device has to be told of it. */
export function issueEdgeApplication(
  authority: Authority,
  { site, edge }: { readonly site: string; readonly edge: string },
  nowEpochMs: number,
): Promise<Outcome<void, TrustFault>> {
  const holder: Holder = { kind: 'edge', name: edge }
  const order = { holder, name: edge, applicationUri: applicationUriOf(site, edge), hosts: [] }
  return authority.issueApplication(order, nowEpochMs)
}

export async function issueService(
  authority: Authority,
  { service, keys, hosts, days }: Order & { readonly service: string; readonly keys: readonly ServiceKey[] },
  nowEpochMs: number,
): Promise<Outcome<void, TrustFault>> {
  const holder: Holder = { kind: 'service', name: service }
  for (const key of keys) {
    const reached = key.side === 'server' ? hosts : []
    const order = { holder, ...key, hosts: reached, ...(days !== undefined && { days }) }
    const issued = await authority.issue(order, nowEpochMs)
    if (!issued.ok) return issued
  }
  return ok(undefined)
}

/** Makes a key for a device that cannot make one itself, or that is virtual, and makes it and its edge known to each other. */
export async function issueDevice(
  authority: Authority,
  { site, device, edge, host }: SecuredDevice & { readonly site: string },
  nowEpochMs: number,
): Promise<Outcome<void, TrustFault>> {
  const holder: Holder = { kind: 'device', name: device }
  const order = { holder, name: device, applicationUri: applicationUriOf(site, device), hosts: [host] }
  const issued = await authority.issueApplication(order, nowEpochMs)
  return issued.ok ? introduce(authority.root, { device, edge }) : issued
}

/** Copies the certificate of each to the other, as far as they are there. */
export function introduce(
  root: string,
  { device, edge }: Pick<SecuredDevice, 'device' | 'edge'>,
): Outcome<void, TrustFault> {
  const edgeFolder = holderFolder(root, { kind: 'edge', name: edge })
  const deviceFolder = holderFolder(root, { kind: 'device', name: device })
  const edges = keyPlace(edgeFolder, OPCUA_ROLE).certificate
  const devices = keyPlace(deviceFolder, OPCUA_ROLE).certificate
  if (existsSync(devices)) writeSecretFile(pinIn(edgeFolder, device), readFileSync(devices))
  if (existsSync(edges) && existsSync(deviceFolder)) writeSecretFile(trustedIn(deviceFolder, edge), readFileSync(edges))
  return ok(undefined)
}

/** What a technician has compared at the cabinet: from now on the edge takes this certificate of the device, and no other. */
export function pinCertificate(
  root: string,
  { device, edge }: Pick<SecuredDevice, 'device' | 'edge'>,
  certificate: X509Certificate,
): Outcome<void, TrustFault> {
  const edgeFolder = holderFolder(root, { kind: 'edge', name: edge })
  if (!existsSync(edgeFolder)) return failed({ code: 'TLS_FOLDER_MISSING', path: edgeFolder })
  writeSecretFile(pinIn(edgeFolder, device), certificate.toString())
  return ok(undefined)
}

/** Makes what is missing of all that the site needs on one machine, and nothing anew. */
export async function issueMissing(
  authority: Authority,
  { site, edges, devices }: SiteParties,
  hosts: readonly string[],
): Promise<Outcome<void, TrustFault>> {
  const nowEpochMs = Date.now()
  const has = (holder: Holder) => existsSync(holderFolder(authority.root, holder))
  const steps = [
    ...edges
      .filter((name) => !has({ kind: 'edge', name }))
      .map((edge) => () => issueEdge(authority, { site, edge }, nowEpochMs)),
    ...['broker', 'central', 'desk']
      .filter((name) => !has({ kind: 'service', name }))
      .map(
        (service) => () => issueService(authority, { service, keys: serviceKeys(service) ?? [], hosts }, nowEpochMs),
      ),
    ...devices
      .filter(({ device }) => !has({ kind: 'device', name: device }))
      .map((device) => () => issueDevice(authority, { site, ...device }, nowEpochMs)),
  ]
  for (const step of steps) {
    const done = await step()
    if (!done.ok) return done
  }
  return ok(undefined)
}
