/** Checks the devices of the cabinets: each has a controller, a profile that exists, and an address of its own. */
import type { ConfigFault } from './config-fault.ts'
import { CONTROLLER } from './build-intersection.ts'
import type { DeviceRow } from './devices-file.ts'
import { writeInstead } from './nearest.ts'
import type { SiteFiles } from './site-files.ts'

/** `profiles` are the names there are; undefined leaves the profiles to those who load them. */
export function checkDevices(files: SiteFiles, profiles: readonly string[] | undefined): ConfigFault[] {
  return [
    ...checkControllers(files),
    ...(profiles === undefined ? [] : checkProfiles(files, profiles)),
    ...checkAddresses(files),
    ...checkDetectorDevices(files),
  ]
}

function checkControllers(files: SiteFiles): ConfigFault[] {
  return Object.keys(files.network.intersections)
    .filter((id) => files.devices[id]?.[CONTROLLER] === undefined)
    .map((id) =>
      files.at.devices('CONTROLLER_MISSING', [id], `the cabinet has no device named ${CONTROLLER}. Add one.`),
    )
}

function checkProfiles(files: SiteFiles, profiles: readonly string[]): ConfigFault[] {
  return devicesOf(files)
    .filter(({ row }) => !profiles.includes(row.profile))
    .map(({ path, row }) =>
      files.at.devices(
        'PROFILE_UNKNOWN',
        [...path, 'profile'],
        `there is no profile ${row.profile}. ${writeInstead(row.profile, profiles)}`,
      ),
    )
}

/** Two devices may share a gateway's host and port, but not the unit behind it too. */
function checkAddresses(files: SiteFiles): ConfigFault[] {
  const first = new Map<string, string>()
  return devicesOf(files).flatMap(({ path, row }) => {
    const address = `${row.host}:${row.port} unit ${row.unit ?? 1}`
    const other = first.get(address)
    if (other === undefined) {
      first.set(address, path.join('.'))
      return []
    }
    return [
      files.at.devices('ADDRESS_TWICE', path, `${address} is the address of ${other} too. Change one of the two.`),
    ]
  })
}

function checkDetectorDevices(files: SiteFiles): ConfigFault[] {
  return Object.entries(files.network.intersections).flatMap(([id, { detectors }]) => {
    const known = [CONTROLLER, ...Object.keys(files.devices[id] ?? {}).filter((name) => name !== CONTROLLER)]
    return Object.entries(detectors).flatMap(([number, { device }]) => {
      if (device === undefined || known.includes(device)) return []
      const path = ['intersections', id, 'detectors', number, 'device']
      const says = `devices.yaml has no ${device} at ${id}. ${writeInstead(device, known)}`
      return [files.at.network('DEVICE_UNKNOWN', path, says)]
    })
  })
}

function devicesOf(files: SiteFiles): { readonly path: readonly string[]; readonly row: DeviceRow }[] {
  return Object.entries(files.devices).flatMap(([id, devices]) =>
    Object.entries(devices).map(([name, row]) => ({ path: [id, name], row })),
  )
}
