/** The other door of the room: a connection that may bring another timing, for whoever deploys one and for nobody else. */
import type { DeviceAddress } from './device.ts'
import { openModbusTiming } from './modbus/driver.ts'
import { openOpcuaTiming } from './opcua/driver.ts'
import type { OpenOptions } from './open.ts'
import type { DeviceProfile } from './profile/schema.ts'
import type { TimingDevice } from './timing.ts'

/** A connection of its own, not connected yet, that cannot write a command. */
export function openTiming(profile: DeviceProfile, address: DeviceAddress, options: OpenOptions = {}): TimingDevice {
  return profile.protocol === 'modbus-tcp'
    ? openModbusTiming(profile, address)
    : openOpcuaTiming(profile, address, options.trust ?? null)
}
