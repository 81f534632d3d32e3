/** Who we are towards a device, and whom we take for the device: two certificates that know each other, and no CA between them. */
import { X509Certificate } from 'node:crypto'
import { Distrust } from '../connection.ts'
import type { DeviceResult } from '../device.ts'

export interface OpcuaCredentials {
  /** Ours, as DER. */
  readonly certificate: Buffer
  readonly privateKeyPem: string
  /** The one that our certificate carries (part 6, 6.2.2). */
  readonly applicationUri: string
  /** The only certificate of the device that is taken, as DER. */
  readonly deviceCertificate: Buffer
}

/** Asked at each connection, so that what was renewed or pinned meanwhile counts without a restart; a fault says what is missing. */
export type OpcuaTrust = () => DeviceResult<OpcuaCredentials>

/** Throws `Distrust` where there is no trust, or its time is over. */
export function credentialsOf(trust: OpcuaTrust | null, nowEpochMs: number): OpcuaCredentials {
  if (trust === null) throw new Distrust('no certificates are given, and the profile wants them')
  const asked = trust()
  if (!asked.ok) throw new Distrust('detail' in asked.fault ? asked.fault.detail : asked.fault.code)
  checkDates(asked.value.certificate, 'our own certificate', nowEpochMs)
  checkDates(asked.value.deviceCertificate, 'the certificate of the device', nowEpochMs)
  return asked.value
}

/** As people compare it: SHA-256 of the certificate. */
export const fingerprintOf = (certificate: Buffer): string => new X509Certificate(certificate).fingerprint256

function checkDates(der: Buffer, whose: string, nowEpochMs: number): void {
  const { validFrom, validTo } = new X509Certificate(der)
  if (nowEpochMs > Date.parse(validTo)) throw new Distrust(`${whose} expired on ${validTo}`)
  if (nowEpochMs < Date.parse(validFrom)) throw new Distrust(`${whose} is not valid before ${validFrom}`)
}
