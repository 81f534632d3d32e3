/** Who a virtual device says it is: what its profile says of the product that it stands for. */
import type { DeviceProfile } from '#devices/profile/schema.ts'

export interface Identity {
  readonly vendor: string
  readonly model: string
  readonly firmware: string
  readonly profileVersion: number
}

const FIRMWARE = 'virtual 1.0'

/** Without a profile nobody reads the device over a wire. */
export const identityOf = (profile: Pick<DeviceProfile, 'vendor' | 'model' | 'version'> | undefined): Identity => ({
  vendor: profile?.vendor ?? 'Sabz',
  model: profile?.model ?? 'Virtual device',
  firmware: FIRMWARE,
  profileVersion: profile?.version ?? 1,
})
