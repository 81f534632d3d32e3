/** The folder of keys and certificates that commands share, and what a site needs in it. */
import { join } from 'node:path'
import { Option } from 'commander'
import { failed, type Outcome } from '#base/outcome.ts'
import type { DeviceConfig, SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { deviceName } from '#trust/layout.ts'
import type { SecuredDevice, SiteParties } from '#trust/provision.ts'
import { explainTrustFault, type TrustFault } from '#trust/trust-fault.ts'
import type { Terminal } from './terminal.ts'

type Profiles = ReadonlyMap<string, DeviceProfile>

export function tlsOption(): Option {
  return new Option('--tls <dir>', 'folder of keys and certificates (default: var/tls/<site>)')
}

export function plainMqttOption(): Option {
  return new Option('--plain-mqtt', 'speak to a broker beyond this machine without certificates')
}

/** What a simulation on one machine is reached by. */
export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']

/** A folder for each site: the certificates of one are worth nothing in another. */
export const tlsFolderOf = (tls: string | undefined, { id }: Pick<SiteConfig, 'id'>): string =>
  tls ?? join('var', 'tls', id)

/** Everybody in the site who needs a key. */
export function partiesOfSite(site: SiteConfig, profiles: Profiles): SiteParties {
  return { site: site.id, edges: site.edges.map(({ id }) => id), devices: securedDevices(site, profiles) }
}

/** The devices that are reached under a certificate. */
export function securedDevices(site: SiteConfig, profiles: Profiles): SecuredDevice[] {
  return site.intersections.flatMap(({ database, controller, cards }) => {
    const { id } = database.intersection
    const edge = edgeOf(site, id)
    return [controller, ...cards]
      .filter((device) => isSecured(device, profiles))
      .map(({ name, address }) => ({ device: deviceName(id, name), edge, host: address.host }))
  })
}

/** Empty for an intersection that nobody supervises, which no sound site has. */
export const edgeOf = ({ edges }: SiteConfig, intersection: string): string =>
  edges.find(({ intersections }) => intersections.some((id) => id === intersection))?.id ?? ''

/** Makes what is missing in the folder: a CA, and the keys of everybody in the site; nothing that is there is touched. */
export async function makeMissingKeys(
  root: string,
  parties: SiteParties,
  hosts: readonly string[],
): Promise<Outcome<void, TrustFault>> {
  const { foundAuthority, openAuthority } = await import('#trust/authority.ts')
  const { issueMissing } = await import('#trust/provision.ts')
  const founded = await foundAuthority(root, parties.site, Date.now())
  const exists = !founded.ok && founded.fault.code === 'TLS_FOLDER_EXISTS'
  const authority = exists ? openAuthority(root, parties.site) : founded
  return authority.ok ? issueMissing(authority.value, parties, hosts) : failed(authority.fault)
}

export function failByTrust(fault: TrustFault, terminal: Terminal): void {
  const { message, remedy } = explainTrustFault(fault)
  terminal.fail(fault.code, message, remedy)
}

function isSecured({ profile: name }: DeviceConfig, profiles: Profiles): boolean {
  const profile = profiles.get(name)
  return profile?.protocol === 'opcua' && profile.security.policy !== 'None'
}
