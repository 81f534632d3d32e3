/** A village of two crossings as a technician has it on disk, and its cabinets on real sockets: one by OPC UA, one by Modbus, and nobody in the street. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { identityOfDevice } from '#app/device-trust.ts'
import type { IntersectionId } from '#base/id.ts'
import { loadSite } from '#config/load-site.ts'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { serveField } from '#sim/field-servers.ts'
import { keepPace } from '#sim/pace.ts'
import { ONE_CROSSING } from '#test/config/planted.ts'
import { freePort } from './free-port.ts'
import { shippedProfile } from './profiles.ts'
import { valueOf } from './trust-folder.ts'

export const VILLAGE = 'village'
export const VILLAGE_EDGE = 'village-1'
const BY_OPCUA = 'V-1'
const BY_MODBUS = 'V-2'
const STEP_MS = 100

type Table = Record<string, Record<string, unknown>>

/** Writes the configuration: the one crossing, and another like it 5 km away. */
export async function writeVillage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  cpSync(ONE_CROSSING, folder, { recursive: true })
  const edit = (file: string, change: (content: Table) => object) => {
    const path = join(folder, file)
    writeFileSync(path, stringify(change(parse(readFileSync(path, 'utf8'), { merge: true }) as Table)))
  }
  edit('network.yaml', ({ intersections = {} }) => {
    const { [BY_OPCUA]: one } = intersections
    const other = { ...(one as object), position: { latitude: 34.85, longitude: 48.5 } }
    return { intersections: { [BY_OPCUA]: one, [BY_MODBUS]: other } }
  })
  edit('demand.yaml', (demand) => ({ ...demand, [BY_MODBUS]: demand[BY_OPCUA] }))
  edit('plans.yaml', (plans) =>
    Object.fromEntries(Object.entries(plans).map(([plan, at]) => [plan, { ...at, [BY_MODBUS]: at[BY_OPCUA] }])),
  )
  edit('site.yaml', (site) => ({ ...site, edges: [{ id: VILLAGE_EDGE, intersections: [BY_OPCUA, BY_MODBUS] }] }))
  const at = async (profile: string) => ({ profile, host: '127.0.0.1', port: await freePort() })
  const devices = {
    [BY_OPCUA]: { controller: await at('sabz-opcua-controller'), loops: await at('sabz-modbus-loop-card') },
    [BY_MODBUS]: { controller: await at('sabz-modbus-controller'), loops: await at('sabz-modbus-loop-card') },
  }
  writeFileSync(join(folder, 'devices.yaml'), stringify(devices))
}

export interface VillageOnWire {
  readonly site: SiteConfig
  readonly cabinets: ReadonlyMap<IntersectionId, VirtualCabinet>
  stop(): Promise<void>
}

/** `tls` has the keys of its devices, with the security that the profiles are shipped with. */
export async function serveVillage(folder: string, tls: string): Promise<VillageOnWire> {
  const site = valueOf(await loadSite(folder))
  const names = [...new Set(site.intersections.flatMap(({ controller, cards }) => [controller, ...cards]))]
  const loaded = await Promise.all(names.map(({ profile }) => shippedProfile(profile)))
  const profiles = new Map<string, DeviceProfile>(loaded.map((profile) => [profile.name, profile]))
  const cabinets = site.intersections.map((config) => createCabinet(config, { epochMs: Date.now(), profiles }))
  const halt = keepPace({
    intervalMs: STEP_MS,
    monoMs: () => performance.now(),
    step: () => cabinets.forEach((cabinet) => cabinet.step(STEP_MS, NOBODY)),
    onBehind: () => cabinets.forEach((cabinet) => cabinet.syncClock(Date.now())),
  })
  const identityOf = ({ intersection, device }: { readonly intersection: IntersectionId; readonly device: string }) =>
    identityOfDevice(tls, intersection, device)
  const served = valueOf(await serveField({ cabinets, profiles, portOffset: 0, identityOf }))
  return {
    site,
    cabinets: new Map(cabinets.map((cabinet) => [cabinet.config.database.intersection.id, cabinet])),
    async stop() {
      halt()
      await served.close()
    },
  }
}

const NOBODY = { occupied: new Uint8Array(64), vehicles: new Uint16Array(64), pedestrianButtons: 0 }
