/** The rule for every control write, whatever the wire: the whole group, each value in its range, and nothing that the device lacks. */
import type { DeviceResult } from '../device.ts'
import type { PointName } from '../points.ts'

/**
 * `group` are the control points of the profile. A point that it lacks may be given as 0, which asks for nothing; any other
 * value of it is refused, as the device could not follow.
 */
export function controlGroup(
  group: readonly PointName[],
  values: ReadonlyMap<PointName, number>,
  fits: (name: PointName, value: number) => boolean,
): DeviceResult<ReadonlyMap<PointName, number>> {
  const whole = new Map<PointName, number>()
  for (const name of group) {
    const value = values.get(name)
    if (value === undefined) return notInProfile(`a write carries the whole control group; ${name} is not given`)
    if (!fits(name, value)) return notInProfile(`${name} cannot be ${value}`)
    whole.set(name, value)
  }
  for (const [name, value] of values)
    if (value !== 0 && !whole.has(name)) return notInProfile(`the device has no ${name}`)
  return { ok: true, value: whole }
}

const notInProfile = (detail: string) => ({ ok: false, fault: { code: 'NOT_IN_PROFILE', detail } }) as const
