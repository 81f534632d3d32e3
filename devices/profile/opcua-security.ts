/** How a profile wants its device to be spoken to: encrypted, by a user with a certificate; less only with the reason in words. */
import type { ReportFault } from './fault.ts'
import type { MapReader } from './map-reader.ts'
import { STRONG_POLICIES, WEAK_POLICIES, type OpcuaPolicy, type OpcuaSecurity } from './schema.ts'

/** `security: Basic256Sha256`, or `security: { policy: …, user: …, because: … }`; null where something has been reported. */
export function readSecurity(file: MapReader, report: ReportFault): OpcuaSecurity | null {
  if (!file.isMap('security')) return judged(file.oneOf('security', POLICIES), null, null, report)
  const map = file.map('security')
  const policy = map?.oneOf('policy', POLICIES) ?? null
  const user = map?.has('user') === true ? map.oneOf('user', ['certificate', 'anonymous']) : undefined
  const because = map?.has('because') === true ? map.text('because') : null
  map?.finish()
  return user === null ? null : judged(policy, user ?? null, because, report)
}

const POLICIES = [...STRONG_POLICIES, ...WEAK_POLICIES] as const

function judged(
  policy: OpcuaPolicy | null,
  wanted: OpcuaSecurity['user'] | null,
  because: string | null,
  report: ReportFault,
): OpcuaSecurity | null {
  if (policy === null) return null
  // Without encryption a user by certificate proves nothing to speak of, and many servers then have none.
  const user = wanted ?? (policy === 'None' ? 'anonymous' : 'certificate')
  const weakness = weaknessOf(policy, user)
  if (weakness === null || because !== null) return { policy, user, because }
  report(
    'PROFILE_SECURITY_TOO_WEAK',
    ['security'],
    weakness,
    `Use ${STRONG_POLICIES[0]} and a user by certificate, or say in words why the device has nothing better: { policy: ${policy}, user: ${user}, because: "…" }`,
  )
  return null
}

function weaknessOf(policy: OpcuaPolicy, user: OpcuaSecurity['user']): string | null {
  if (policy === 'None') return 'everybody on the way could read and change what is said'
  if (WEAK_POLICIES.some((weak) => weak === policy)) return `${policy} rests on SHA-1, and can be broken`
  return user === 'anonymous' ? 'whoever reaches the device could command it without saying who it is' : null
}
