/** The city of the configuration, for tests that let all of it run. */
import type { SiteConfig } from '#config/site.ts'
import { loadSite } from '#config/load-site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { profileNamed } from '#test/support/profiles.ts'

export const PROFILES = [
  'generic-ntcip-modbus',
  'sabz-modbus-camera',
  'sabz-modbus-controller',
  'sabz-modbus-loop-card',
  'sabz-opcua-controller',
]

/** Throws the faults, as text, if there are any. */
export async function loadHamadan(): Promise<SiteConfig> {
  const site = await loadSite('config/hamadan', PROFILES)
  if (!site.ok) throw new Error(JSON.stringify(site.fault))
  return site.value
}

/** Without the security of OPC UA, which `sabz sim` has and tests of the street do not need. */
export async function loadProfiles(): Promise<Map<string, DeviceProfile>> {
  const profiles = await Promise.all(PROFILES.map(profileNamed))
  return new Map(profiles.map((profile) => [profile.name, profile]))
}

/** Monday 23 November 2026, 07:00 in Hamadan: the plan of the morning peak has been in effect since 06:30. */
export const MORNING_EPOCH_MS = Date.UTC(2026, 10, 23, 3, 30)
