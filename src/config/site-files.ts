/** The files of a site: read, each checked against its schema, and handed on together with the places of their faults. */
import { join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { checkShape } from './check-shape.ts'
import { faultsIn, type ConfigFault, type FaultAt } from './config-fault.ts'
import { DemandFile } from './demand-file.ts'
import { DevicesFile } from './devices-file.ts'
import { NetworkFile } from './network-file.ts'
import { PlansFile } from './plans-file.ts'
import { readYaml } from './read-yaml.ts'
import { ScheduleFile } from './schedule-file.ts'
import { SiteFile } from './site-file.ts'

/** One schema a file; `demand` may be left out, for a street has its traffic without being told. */
export const SITE_SCHEMAS = {
  site: SiteFile,
  network: NetworkFile,
  devices: DevicesFile,
  plans: PlansFile,
  schedule: ScheduleFile,
  demand: DemandFile,
} as const
export type SiteFileName = keyof typeof SITE_SCHEMAS

/** The rows of all files in their own units, and for each file the way to place a fault in it. */
export type SiteFiles = { readonly [Name in SiteFileName]: Static<(typeof SITE_SCHEMAS)[Name]> } & {
  readonly at: Readonly<Record<SiteFileName, FaultAt>>
}

/** All files of the directory, or what is wrong with the shape of any of them. */
export async function readSiteFiles(directory: string): Promise<Outcome<SiteFiles, readonly ConfigFault[]>> {
  const fileOf = (name: SiteFileName) => join(directory, `${name}.yaml`)
  const [site, network, devices, plans, schedule, demand] = await Promise.all([
    readFile(fileOf('site'), SiteFile),
    readFile(fileOf('network'), NetworkFile),
    readFile(fileOf('devices'), DevicesFile),
    readFile(fileOf('plans'), PlansFile),
    readFile(fileOf('schedule'), ScheduleFile),
    readFile(fileOf('demand'), DemandFile, 'empty'),
  ])
  if (site.ok && network.ok && devices.ok && plans.ok && schedule.ok && demand.ok)
    return ok({
      site: site.value,
      network: network.value,
      devices: devices.value,
      plans: plans.value,
      schedule: schedule.value,
      demand: demand.value,
      at: {
        site: faultsIn(fileOf('site')),
        network: faultsIn(fileOf('network')),
        devices: faultsIn(fileOf('devices')),
        plans: faultsIn(fileOf('plans')),
        schedule: faultsIn(fileOf('schedule')),
        demand: faultsIn(fileOf('demand')),
      },
    })
  return failed([site, network, devices, plans, schedule, demand].flatMap((file) => (file.ok ? [] : file.fault)))
}

async function readFile<S extends TSchema>(
  file: string,
  schema: S,
  missing: 'fault' | 'empty' = 'fault',
): Promise<Outcome<Static<S>, readonly ConfigFault[]>> {
  const data = await readYaml(file, missing)
  return data.ok ? checkShape(schema, data.value, faultsIn(file)) : data
}
