/** The CA of one site: who has a certificate, who has one no more, and the folders that are handed out. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import {
  makeApplicationCertificate,
  makeCa,
  makeRevocationList,
  makeTlsCertificate,
  type Issuer,
  type KeyAndCertificate,
  type Side,
} from './certificate-maker.ts'
import { APPLICATION_DAYS, CA_DAYS, TLS_DAYS } from './expiry.ts'
import { readCertificate } from './identity.ts'
import {
  caFiles,
  caIn,
  holderFolder,
  keyPlace,
  pinIn,
  revokedIn,
  trustedIn,
  type Holder,
  type HolderKind,
} from './layout.ts'
import { OPCUA_ROLE } from './roles.ts'
import { isMissing, readSecretFile, writeSecretFile } from './secret-file.ts'
import type { TrustFault } from './trust-fault.ts'

/** A certificate that was issued once; the list is never shortened. */
export interface IssuedRow {
  readonly serial: string
  readonly kind: Holder['kind']
  readonly holder: string
  readonly role: string
  /** Common name. */
  readonly name: string
  readonly untilEpochMs: number
  readonly revokedAtEpochMs: number | null
}

interface IssuedList {
  readonly v: 1
  readonly site: string
  readonly rows: readonly IssuedRow[]
}

export interface TlsOrder {
  readonly holder: Holder
  readonly role: string
  readonly name: string
  readonly side: Side
  readonly hosts: readonly string[]
  readonly days?: number
}

export interface ApplicationOrder {
  readonly holder: Holder
  readonly name: string
  readonly applicationUri: string
  readonly hosts: readonly string[]
  readonly days?: number
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** Makes the CA; `TLS_FOLDER_EXISTS` where there is one. */
export async function foundAuthority(
  root: string,
  site: string,
  nowEpochMs: number,
): Promise<Outcome<Authority, TrustFault>> {
  const files = caFiles(root)
  if (existsSync(files.certificate) || existsSync(files.key)) return failed({ code: 'TLS_FOLDER_EXISTS', path: root })
  const issuer = await makeCa({ site, nowEpochMs, days: CA_DAYS })
  try {
    writeSecretFile(files.key, issuer.keyPem)
    writeSecretFile(files.certificate, issuer.certificatePem)
    const authority = new Authority(root, issuer, { v: 1, site, rows: [] })
    await authority.publishRevoked(nowEpochMs)
    return ok(authority)
  } catch (error) {
    return failed({ code: 'TLS_FOLDER_UNUSABLE', path: root, detail: detailOf(error) })
  }
}

/** Opens the CA of `site` for issuing: its key must be there. */
export function openAuthority(root: string, site: string): Outcome<Authority, TrustFault> {
  const files = caFiles(root)
  const certificate = readCertificate(files.certificate)
  if (!certificate.ok)
    return certificate.fault.code === 'CERTIFICATE_MISSING'
      ? failed({ code: 'TLS_FOLDER_MISSING', path: root })
      : certificate
  const list = readIssued(root)
  if (!list.ok) return list
  if (list.value.site !== site)
    return failed({ code: 'CA_OF_ANOTHER_SITE', path: root, site: list.value.site, wanted: site })
  const keyPem = readSecretFile(files.key)
  if (!keyPem.ok)
    return keyPem.fault.code === 'SECRET_MISSING' ? failed({ code: 'CA_KEY_MISSING', path: files.key }) : keyPem
  const issuer = { keyPem: keyPem.value, certificatePem: certificate.value.toString() }
  return ok(new Authority(root, issuer, list.value))
}

/** What was issued, oldest first; it can be read without the key of the CA. */
export function readIssued(root: string): Outcome<IssuedList, TrustFault> {
  const path = caFiles(root).issued
  try {
    return ok(JSON.parse(readFileSync(path, 'utf8')) as IssuedList)
  } catch (error) {
    if (isMissing(error)) return failed({ code: 'TLS_FOLDER_MISSING', path: root })
    return failed({ code: 'TLS_FOLDER_UNUSABLE', path, detail: detailOf(error) })
  }
}

export class Authority {
  readonly root: string
  readonly #issuer: Issuer
  #list: IssuedList

  constructor(root: string, issuer: Issuer, list: IssuedList) {
    this.root = root
    this.#issuer = issuer
    this.#list = list
  }

  get issued(): readonly IssuedRow[] {
    return this.#list.rows
  }

  /** A new key and certificate for MQTT or HTTP, in place of those that are there. */
  async issue(order: TlsOrder, nowEpochMs: number): Promise<Outcome<void, TrustFault>> {
    const fault = this.#nameFault(order)
    if (fault) return failed(fault)
    const days = order.days ?? TLS_DAYS
    const made = await makeTlsCertificate(this.#issuer, { ...order, days, nowEpochMs })
    const { certificate } = caFiles(this.root)
    return this.#handOut({ ...order, made }, (folder) => copyFileSync(certificate, caIn(folder)))
  }

  /** A new key and certificate for OPC UA. */
  async issueApplication(order: ApplicationOrder, nowEpochMs: number): Promise<Outcome<void, TrustFault>> {
    const days = order.days ?? APPLICATION_DAYS
    const made = await makeApplicationCertificate({ ...order, days, nowEpochMs })
    return this.#handOut({ ...order, role: OPCUA_ROLE, made }, () => {})
  }

  /** All certificates that the holder ever had count no more; its folder is removed, so that nobody hands it out again. */
  async revoke(holder: Holder, nowEpochMs: number): Promise<number> {
    const isHis = (row: IssuedRow) =>
      row.kind === holder.kind && row.holder === holder.name && row.revokedAtEpochMs === null
    const count = this.#list.rows.filter(isHis).length
    const rows = this.#list.rows.map((row) => (isHis(row) ? { ...row, revokedAtEpochMs: nowEpochMs } : row))
    this.#list = { ...this.#list, rows }
    await this.publishRevoked(nowEpochMs)
    rmSync(holderFolder(this.root, holder), { recursive: true, force: true })
    for (const copy of copiesOf(this.root, holder)) rmSync(copy, { force: true })
    return count
  }

  /** The list of those that count no more, for the CA and for each service that has it. */
  async publishRevoked(nowEpochMs: number): Promise<void> {
    const gone = this.#list.rows.flatMap(({ serial, revokedAtEpochMs, role }) =>
      revokedAtEpochMs === null || role === OPCUA_ROLE ? [] : [{ serial, atEpochMs: revokedAtEpochMs }],
    )
    const list = await makeRevocationList(this.#issuer, gone, nowEpochMs)
    const { revoked, issued } = caFiles(this.root)
    writeSecretFile(issued, `${JSON.stringify(this.#list, null, 2)}\n`)
    writeSecretFile(revoked, list)
    for (const folder of this.#serviceFolders()) writeSecretFile(revokedIn(folder), list)
  }

  #serviceFolders(): string[] {
    const services = this.#list.rows.filter(({ kind }) => kind === 'service').map(({ holder }) => holder)
    const folders = [...new Set(services)].map((name) => holderFolder(this.root, { kind: 'service', name }))
    return folders.filter((folder) => existsSync(folder))
  }

  /** One name, one party: whoever shared it would be thrown out by the other, or speak in the other's name. */
  #nameFault({ name, holder, role }: TlsOrder): TrustFault | null {
    if (!NAME.test(name)) return { code: 'NAME_UNUSABLE', name }
    const rival = this.#list.rows.find(
      (row) =>
        row.name === name &&
        row.role !== OPCUA_ROLE &&
        row.revokedAtEpochMs === null &&
        (row.kind !== holder.kind || row.holder !== holder.name || row.role !== role),
    )
    return rival ? { code: 'NAME_TAKEN', name, by: `${rival.kind} ${rival.holder} (${rival.role})` } : null
  }

  #handOut(
    order: { readonly holder: Holder; readonly role: string; readonly name: string; readonly made: KeyAndCertificate },
    addCa: (folder: string) => void,
  ): Outcome<void, TrustFault> {
    const { holder, role, name, made } = order
    const folder = holderFolder(this.root, holder)
    try {
      const place = keyPlace(folder, role)
      writeSecretFile(place.key, made.keyPem)
      writeSecretFile(place.certificate, made.certificatePem)
      addCa(folder)
      this.#enter({ ...rowOf(made), kind: holder.kind, holder: holder.name, role, name, revokedAtEpochMs: null })
      if (holder.kind === 'service') copyFileSync(caFiles(this.root).revoked, revokedIn(folder))
      return ok(undefined)
    } catch (error) {
      return failed({ code: 'TLS_FOLDER_UNUSABLE', path: folder, detail: detailOf(error) })
    }
  }

  #enter(row: IssuedRow): void {
    this.#list = { ...this.#list, rows: [...this.#list.rows, row] }
    writeSecretFile(caFiles(this.root).issued, `${JSON.stringify(this.#list, null, 2)}\n`)
  }
}

/** What the other side of OPC UA was given: the pin of a device, the edge in the list of a device. */
function copiesOf(root: string, { kind, name }: Holder): string[] {
  const others = (of: HolderKind) => (existsSync(join(root, of)) ? readdirSync(join(root, of)) : [])
  if (kind === 'device') return others('edge').map((edge) => pinIn(join(root, 'edge', edge), name))
  if (kind === 'edge') return others('device').map((device) => trustedIn(join(root, 'device', device), name))
  return []
}

function rowOf({ certificatePem }: KeyAndCertificate): Pick<IssuedRow, 'serial' | 'untilEpochMs'> {
  const { serialNumber, validTo } = new X509Certificate(certificatePem)
  return { serial: serialNumber.toLowerCase(), untilEpochMs: Date.parse(validTo) }
}

const detailOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
