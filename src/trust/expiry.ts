/** How long a certificate is good for, and from when on somebody is told. */
import type { X509Certificate } from 'node:crypto'

const DAY_MS = 86_400_000

/** Two visits to the street, and a holiday between them. */
export const WARN_DAYS = 60

/** One machine after the other is renewed in its yearly service, with a year to spare. */
export const TLS_DAYS = 730
/** A device is told of another certificate in its cabinet: as seldom as a controller is replaced. */
export const APPLICATION_DAYS = 3_650
/** Longer than whatever it signs; when it ends every machine of the site is visited. */
export const CA_DAYS = 7_300

export interface Expiry {
  readonly state: 'good' | 'soon' | 'expired'
  /** Whole ones, down; negative once it has expired. */
  readonly daysLeft: number
}

export function expiryOf(certificate: Pick<X509Certificate, 'validTo'>, nowEpochMs: number): Expiry {
  const leftMs = Date.parse(certificate.validTo) - nowEpochMs
  const daysLeft = Math.floor(leftMs / DAY_MS)
  if (leftMs < 0) return { state: 'expired', daysLeft }
  return { state: daysLeft < WARN_DAYS ? 'soon' : 'good', daysLeft }
}
