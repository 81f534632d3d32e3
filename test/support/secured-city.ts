/** The city of the configuration as `sabz sim` serves it and `sabz edge` expects it: with keys, which are made in the given folder. */
import { identityOfDevice } from '#app/device-trust.ts'
import { LOOPBACK_NAMES, makeMissingKeys, partiesOfSite } from '#app/tls-folder.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { VirtualCityOptions } from '#sim/virtual-city.ts'
import { loadHamadan, PROFILES } from '#test/sim/hamadan.ts'
import { shippedProfile } from './profiles.ts'
import { valueOf } from './trust-folder.ts'

type SecuredCity = Required<Pick<VirtualCityOptions, 'site' | 'profiles' | 'identityOf'>>

/** An edge reaches it with `--tls` and the folder. */
export async function securedHamadan(folder: string): Promise<SecuredCity> {
  const site = await loadHamadan()
  const loaded = await Promise.all(PROFILES.map(shippedProfile))
  const profiles = new Map<string, DeviceProfile>(loaded.map((profile) => [profile.name, profile]))
  valueOf(await makeMissingKeys(folder, partiesOfSite(site, profiles), LOOPBACK_NAMES))
  return { site, profiles, identityOf: ({ intersection, device }) => identityOfDevice(folder, intersection, device) }
}
