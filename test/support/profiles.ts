/** The shipped profiles, as tests use them. */
import { loadProfile } from '#devices/profile/load.ts'
import { profileFaultText } from '#devices/profile/fault.ts'
import type { DeviceProfile, ModbusProfile, OpcuaProfile, OpcuaSecurity } from '#devices/profile/schema.ts'

export const MODBUS_PROFILES = [
  'sabz-modbus-controller',
  'generic-ntcip-modbus',
  'sabz-modbus-loop-card',
  'sabz-modbus-camera',
  'sabz-modbus-cell-camera',
] as const
export const OPCUA_PROFILES = ['sabz-opcua-controller'] as const

const PLAIN: OpcuaSecurity = { policy: 'None', user: 'anonymous', because: 'the tests of security are elsewhere' }

/** OPC UA without security: a test that is about something else needs no certificates. */
export async function profileNamed(name: string): Promise<DeviceProfile> {
  return withoutSecurity(await shippedProfile(name))
}

export const withoutSecurity = <P extends DeviceProfile>(profile: P): P =>
  profile.protocol === 'opcua' ? { ...profile, security: PLAIN } : profile

export async function shippedProfile(name: string): Promise<DeviceProfile> {
  const loaded = await loadProfile(name)
  if (loaded.ok) return loaded.value
  throw new Error(loaded.faults.map(profileFaultText).join('\n'))
}

export async function modbusProfile(name: string): Promise<ModbusProfile> {
  const profile = await profileNamed(name)
  if (profile.protocol === 'modbus-tcp') return profile
  throw new Error(`${name} is no Modbus profile`)
}

export async function opcuaProfile(name: string): Promise<OpcuaProfile> {
  const profile = await profileNamed(name)
  if (profile.protocol === 'opcua') return profile
  throw new Error(`${name} is no OPC UA profile`)
}
