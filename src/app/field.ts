/** The devices of a site with their profiles, ready to be opened: what simulator, edge and doctor share. */
import { invariant } from '#base/invariant.ts'
import { openTiming } from '#devices/open-timing.ts'
import { openDevice } from '#devices/open.ts'
import type { TimingDevice } from '#devices/timing.ts'
import type { DeviceAddress, OpenDevice } from '#devices/device.ts'
import { profileFaultText } from '#devices/profile/fault.ts'
import { loadProfile } from '#devices/profile/load.ts'
import type { OpcuaTrust } from '#devices/opcua/trust.ts'
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
  /** The other door of a controller that takes a timing from outside; none where it does not. */
  readonly openTiming?: () => TimingDevice
}

/** Every profile that the site names, by name; null when one is unsound, which has been explained then. */
export async function loadProfilesOrExplain(
  site: SiteConfig,
  terminal: Terminal,
): Promise<ReadonlyMap<string, DeviceProfile> | null> {
  const names = new Set(site.intersections.flatMap(devicesOf).map(({ profile }) => profile))
  const profiles = new Map<string, DeviceProfile>()
  const faults: ExplainedFault[] = []
  for (const name of names) {
    const loaded = await loadProfile(name)
    if (loaded.ok) profiles.set(name, loaded.value)
    else faults.push(...loaded.faults.map((fault) => ({ ...fault, message: profileFaultText(fault) })))
  }
  if (faults.length === 0) return profiles
  explainFaults(faults, terminal)
  return null
}

export interface FieldWay {
  /** Added to the port of every device. */
  readonly portOffset: number
  /** For devices that are reached under a certificate; without it they are not. */
  readonly trust?: (intersection: string, device: string) => OpcuaTrust
}

/** Every device of the intersections. */
export function fieldOf(
  intersections: readonly IntersectionConfig[],
  profiles: ReadonlyMap<string, DeviceProfile>,
  { portOffset, trust }: FieldWay,
): SiteDevice[] {
  return intersections.flatMap((intersection) =>
    devicesOf(intersection).map((device) => {
      const profile = profiles.get(device.profile)
      invariant(profile, `profile ${device.profile} is loaded with its site`)
      const address = { ...device.address, port: device.address.port + portOffset }
      const trusted = trust?.(intersection.database.intersection.id, device.name)
      const open = () => openDevice(profile, address, trusted && { trust: trusted })
      const door = () => openTiming(profile, address, trusted && { trust: trusted })
      const timed = profile.timing === null ? {} : { openTiming: door }
      return { intersection, name: device.name, profile, address, open, ...timed }
    }),
  )
}

const devicesOf = ({ controller, cards }: IntersectionConfig): readonly DeviceConfig[] => [controller, ...cards]
