/** A key and its certificate as they lie on the disk: read, held against each other, their name, their CA and the calendar. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { caIn, keyPlace } from './layout.ts'
import { isMissing, readSecretFile } from './secret-file.ts'
import type { TrustFault } from './trust-fault.ts'

export interface Identity {
  /** Common name: on the broker user, client id and level of the topics. */
  readonly name: string
  readonly keyPem: string
  readonly certificatePem: string
  /** null for a certificate of OPC UA, which is known by itself. */
  readonly caPem: string | null
  readonly certificate: X509Certificate
}

export interface IdentityWish {
  /** The holder's own. */
  readonly folder: string
  readonly role: string
  /** Any name will do unless it is given. */
  readonly name?: string
  /** Whether the CA beside it must have signed it. */
  readonly isSigned: boolean
}

/** A sound one; its dates are another question (`outOfDate`), as nobody is to stop for them. */
export function readIdentity(wish: IdentityWish): Outcome<Identity, TrustFault> {
  if (!existsSync(wish.folder)) return failed({ code: 'TLS_FOLDER_MISSING', path: wish.folder })
  const place = keyPlace(wish.folder, wish.role)
  const certificate = readCertificate(place.certificate)
  if (!certificate.ok) return certificate
  const keyPem = readSecretFile(place.key)
  if (!keyPem.ok) return keyPem
  const ca = wish.isSigned ? readCertificate(caIn(wish.folder)) : null
  if (ca?.ok === false) return ca
  const name = commonName(certificate.value)
  const fault = mismatch({ wish, name, certificate: certificate.value, keyPem: keyPem.value, ca: ca?.value ?? null })
  if (fault) return failed(fault)
  return ok({
    name,
    keyPem: keyPem.value,
    certificatePem: certificate.value.toString(),
    caPem: ca?.value.toString() ?? null,
    certificate: certificate.value,
  })
}

/** PEM or DER. */
export function readCertificate(path: string): Outcome<X509Certificate, TrustFault> {
  try {
    return ok(new X509Certificate(readFileSync(path)))
  } catch (error) {
    if (isMissing(error)) return failed({ code: 'CERTIFICATE_MISSING', path })
    const detail = error instanceof Error ? error.message : String(error)
    return failed({ code: 'CERTIFICATE_UNREADABLE', path, detail })
  }
}

export function outOfDate(certificate: X509Certificate, path: string, nowEpochMs: number): TrustFault | null {
  const fromEpochMs = Date.parse(certificate.validFrom)
  const untilEpochMs = Date.parse(certificate.validTo)
  if (nowEpochMs < fromEpochMs) return { code: 'CERTIFICATE_NOT_YET_VALID', path, fromEpochMs }
  return nowEpochMs > untilEpochMs ? { code: 'CERTIFICATE_EXPIRED', path, sinceEpochMs: untilEpochMs } : null
}

/** Empty where it has none. (`toLegacyObject` would be handier; called before anything has loaded `tls`, it leaves that module broken.) */
export function commonName({ subject }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? ''
}

/** OPC UA part 6, 6.2.2: the URI among the alternative names; empty where there is none. */
export function applicationUri(certificate: X509Certificate): string {
  return /(?:^|, )URI:([^,]+)/.exec(certificate.subjectAltName ?? '')?.[1] ?? ''
}

interface Found {
  readonly wish: IdentityWish
  readonly name: string
  readonly certificate: X509Certificate
  readonly keyPem: string
  readonly ca: X509Certificate | null
}

function mismatch({ wish, name, certificate, keyPem, ca }: Found): TrustFault | null {
  const path = keyPlace(wish.folder, wish.role).certificate
  const key = privateKeyOf(keyPem)
  if (key === null || !certificate.checkPrivateKey(key)) return { code: 'CERTIFICATE_KEY_MISMATCH', path }
  if (wish.name !== undefined && name !== wish.name)
    return { code: 'CERTIFICATE_WRONG_NAME', path, name, wanted: wish.name }
  const isForeign = ca !== null && !(certificate.checkIssued(ca) && certificate.verify(ca.publicKey))
  return isForeign ? { code: 'CERTIFICATE_FOREIGN', path } : null
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
