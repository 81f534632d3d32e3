/** The profiles of the street's devices, read once from the catalogue. */
import { profileNamed } from '#test/support/profiles.ts'
import type { StreetProfiles } from './street.ts'

export const loadStreetProfiles = async (): Promise<StreetProfiles> => ({
  controller: await profileNamed('sabz-modbus-controller'),
  loops: await profileNamed('sabz-modbus-loop-card'),
})
