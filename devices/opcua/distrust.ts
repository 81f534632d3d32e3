/** Why a secure session did not come up: the device is asked, without security, what it offers, and that is held against what we want. */
import type { EndpointDescription } from 'node-opcua-client'
import { Distrust } from '../connection.ts'
import type { OpcuaProfile } from '../profile/schema.ts'
import { plainOptions } from './client-options.ts'
import type { NodeOpcua } from './library.ts'
import { fingerprintOf } from './trust.ts'

export interface FailedOpening {
  readonly profile: OpcuaProfile
  /** URL of the endpoint. */
  readonly place: string
  readonly signal: AbortSignal
  /** The certificate that the session was to be opened towards; null where there was no security to fail. */
  readonly pinned: Buffer | null
}

/** null where it is not about trust, or the device tells nothing. What it tells is nobody's proof: it explains, and opens nothing. */
export async function whyDistrusted(library: NodeOpcua, failed: FailedOpening): Promise<Distrust | null> {
  if (failed.pinned === null || failed.signal.aborted) return null
  const endpoints = await endpointsAt(library, failed.place, failed.signal)
  if (endpoints === null) return null
  return new Distrust(mismatch(library, failed, endpoints))
}

/** What a device offers to whoever asks; null where it does not answer. */
export async function endpointsAt(
  library: NodeOpcua,
  place: string,
  signal: AbortSignal,
): Promise<readonly EndpointDescription[] | null> {
  const client = library.OPCUAClient.create(await plainOptions(library))
  const leave = () => void client.disconnect().catch(() => {})
  signal.addEventListener('abort', leave, { once: true })
  try {
    await client.connect(place)
    return await client.getEndpoints()
  } catch {
    return null
  } finally {
    leave()
  }
}

function mismatch(
  library: NodeOpcua,
  { profile, pinned }: FailedOpening,
  endpoints: readonly EndpointDescription[],
): string {
  const { policy, user } = profile.security
  const { MessageSecurityMode, SecurityPolicy, UserTokenType } = library
  const wanted = endpoints.filter(
    ({ securityMode, securityPolicyUri }) =>
      securityMode === MessageSecurityMode.SignAndEncrypt && securityPolicyUri === SecurityPolicy[policy],
  )
  if (wanted.length === 0) return `it offers no ${policy} with Sign&Encrypt`
  const shown = wanted[0]?.serverCertificate
  if (pinned && shown && !wanted.some(({ serverCertificate }) => serverCertificate.equals(pinned)))
    return `it shows the certificate ${fingerprintOf(shown)}, and ${fingerprintOf(pinned)} is pinned`
  const type = user === 'certificate' ? UserTokenType.Certificate : UserTokenType.Anonymous
  const takesUser = wanted.some(({ userIdentityTokens }) =>
    userIdentityTokens?.some(({ tokenType }) => tokenType === type),
  )
  if (!takesUser) return `it takes no user ${user === 'certificate' ? 'by certificate' : 'without a name'}`
  return 'it does not take our certificate: load it into the list of those that the device trusts'
}
