/** The certificate that a device shows to whoever asks: to be compared at the cabinet before it is pinned. */
import type { DeviceAddress } from '../device.ts'
import type { OpcuaProfile } from '../profile/schema.ts'
import { endpointsAt } from './distrust.ts'
import { loadNodeOpcua } from './library.ts'
import { urlOf } from './wire.ts'

/** As DER; null where the device does not answer in time, or has none for what its profile wants. */
export async function certificateShownAt(
  profile: OpcuaProfile,
  address: DeviceAddress,
  timeoutMs: number,
): Promise<Buffer | null> {
  const library = await loadNodeOpcua()
  const uri = library.SecurityPolicy[profile.security.policy]
  const endpoints = await endpointsAt(library, urlOf(profile, address), AbortSignal.timeout(timeoutMs))
  return endpoints?.find(({ securityPolicyUri }) => securityPolicyUri === uri)?.serverCertificate ?? null
}
