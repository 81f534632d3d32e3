/** The devices of a site with their profiles, ready to be opened: what edge and doctor share. */
import { openDevice } from '#devices/open.ts'
import type { DeviceAddress, OpenDevice } from '#devices/device.ts'
import { profileFaultText } from '#devices/profile/fault.ts'
import { loadProfile } from '#devices/profile/load.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { DeviceConfig, IntersectionConfig, SiteConfig } from '#config/site.ts'
import { explainFaults, type ExplainedFault } from './site.ts'
import type { Terminal } from './terminal.ts'

export interface SiteDevice {
  readonly intersection: IntersectionConfig
  /** `controller`, or the name of the card. */
  readonly name: string
  readonly profile: DeviceProfile
  readonly address: DeviceAddress
  /** Makes the driver; touches no network. */
  readonly open: () => OpenDevice
}

/** Every device of the site, with `portOffset` added to its port. null when a profile is unsound, explained then. */
export async function loadFieldOrExplain(
  site: SiteConfig,
  portOffset: number,
  terminal: Terminal,
): Promise<SiteDevice[] | null> {
  const profiles = await loadProfiles(site)
  if (profiles.faults.length > 0) {
    explainFaults(profiles.faults, terminal)
    return null
  }
  return site.intersections.flatMap((intersection) =>
    devicesOf(intersection).flatMap((device) => {
      const profile = profiles.byName.get(device.profile)
      if (profile === undefined) return []
      const address = { ...device.address, port: device.address.port + portOffset }
      return [{ intersection, name: device.name, profile, address, open: () => openDevice(profile, address) }]
    }),
  )
}

export const devicesOf = ({ controller, cards }: IntersectionConfig): readonly DeviceConfig[] => [controller, ...cards]

async function loadProfiles(site: SiteConfig) {
  const names = new Set(site.intersections.flatMap(devicesOf).map(({ profile }) => profile))
  const byName = new Map<string, DeviceProfile>()
  const faults: ExplainedFault[] = []
  for (const name of names) {
    const loaded = await loadProfile(name)
    if (loaded.ok) byName.set(name, loaded.value)
    else faults.push(...loaded.faults.map((fault) => ({ ...fault, message: profileFaultText(fault) })))
  }
  return { byName, faults }
}
