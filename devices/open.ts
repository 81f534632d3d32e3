/** The door of the room: a device by its profile, whatever it speaks. */
import type { DeviceAddress, OpenDevice } from './device.ts'
import { openModbus } from './modbus/driver.ts'
import { openOpcua } from './opcua/driver.ts'
import { loadNodeOpcua, processCertificate } from './opcua/library.ts'
import type { OpcuaTrust } from './opcua/trust.ts'
import type { DeviceProfile } from './profile/schema.ts'

export interface OpenOptions {
  /** Keys and certificates of this device; needed by OPC UA profiles whose policy is not None. */
  readonly trust?: OpcuaTrust
}

/** Not connected yet: `device.connect` does that, and may be called again after every loss. */
export function openDevice(profile: DeviceProfile, address: DeviceAddress, options: OpenOptions = {}): OpenDevice {
  return profile.protocol === 'modbus-tcp'
    ? openModbus(profile, address)
    : openOpcua(profile, address, options.trust ?? null)
}

/**
 * Loads now what drivers of these profiles would load at their first connection, which stops the whole process for
 * over a second: to be awaited before anything that has deadlines starts.
 */
export async function loadDrivers(profiles: Iterable<DeviceProfile>): Promise<void> {
  for (const { protocol } of profiles) if (protocol === 'opcua') await processCertificate(await loadNodeOpcua())
}
