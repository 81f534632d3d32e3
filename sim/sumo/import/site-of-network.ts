/** A whole site out of a network of SUMO: the rows of each file, and what the network has that they cannot say. */
import type { DevicesFile } from '#config/devices-file.ts'
import type { NetworkFile } from '#config/network-file.ts'
import type { PlansFile } from '#config/plans-file.ts'
import type { ScheduleFile } from '#config/schedule-file.ts'
import type { SiteFile } from '#config/site-file.ts'
import { deriveLights, type DerivedLight } from '../derive/derive-lights.ts'
import { explainLightFault } from '../derive/light-fault.ts'
import type { Network } from '../network/network.ts'
import { clearsByStage } from './clearing.ts'
import { legsOf } from './legs.ts'
import { deviceRows, intersectionRow, planRow, type ImportedLight, type UpstreamOf } from './site-rows.ts'

export interface ImportedSite {
  readonly site: SiteFile
  readonly network: NetworkFile
  readonly plans: PlansFile
  readonly schedule: ScheduleFile
  readonly devices: DevicesFile
  /** One sentence each. */
  readonly unsaid: readonly string[]
}

/** null where no light can be supervised: a site has at least one. */
export function siteOfNetwork(network: Network, name: string): ImportedSite | null {
  const { lights, left } = deriveLights(network)
  if (lights.length === 0) return null
  const imported = importedLights(lights, network)
  const all = imported.map(({ id }) => id)
  const [planned, free] = [imported.filter(hasPlan), imported.filter((one) => !hasPlan(one))]
  return {
    site: siteFile(asId(name), all),
    network: {
      intersections: Object.fromEntries(
        imported.map((one) => [one.id, intersectionRow(one, upstreamIn(imported, one))]),
      ),
    },
    plans: {
      [PLAN]: Object.fromEntries(
        planned.flatMap((one) => one.light.database.plans.map((plan) => [one.id, planRow(plan)])),
      ),
    },
    schedule: scheduleFile(free.map(({ id }) => id)),
    devices: Object.fromEntries(all.map((id, index) => [id, deviceRows(FIRST_PORT + index)])),
    unsaid: [...left.map(explainLightFault), ...imported.flatMap(unsaidOf)],
  }
}

const PLAN = 'network'
const FIRST_PORT = 15_021
const ID_LENGTH_MOST = 32

/** As an engineer would begin: what the network shows of timing is warned about where it falls short, and not refused. */
const siteFile = (id: string, intersections: string[]): SiteFile => ({
  id,
  name: { fa: id, en: id },
  time_zone: 'UTC',
  standards: {
    walking_speed_mps: 1.2,
    reaction_s: 1,
    deceleration_mps2: 3,
    vehicle_length_m: 6,
    turning_speed_kph: 32,
    yellow_min_s: 3,
    shortfalls: { yellow: 'warn', red_clearance: 'warn', ped_clearance: 'warn' },
  },
  patterns: { [PLAN]: 1 },
  edges: [{ id: asId(`${id}-1`), intersections }],
})

const weekOf = (day: string): ScheduleFile['week'] => ({
  saturday: day,
  sunday: day,
  monday: day,
  tuesday: day,
  wednesday: day,
  thursday: day,
  friday: day,
})

function scheduleFile(free: readonly string[]): ScheduleFile {
  const planned = { all_day: { number: 1, entries: { '00:00': PLAN } } }
  if (free.length === 0) return { day_plans: planned, week: weekOf('all_day') }
  return {
    day_plans: { ...planned, all_free: { number: 2, entries: { '00:00': 'free' } } },
    week: weekOf('all_day'),
    own_weeks: Object.fromEntries(free.map((id) => [id, weekOf('all_free')])),
  }
}

/** The files say no time above 255 s (NTCIP 1202 has one byte for a split). */
const PLAN_MOST_MS = 255_000

const hasPlan = ({ light }: ImportedLight): boolean =>
  light.database.plans.every(({ cycleMs }) => cycleMs <= PLAN_MOST_MS)

/** From stop line to stop line: no less than the crow flies between the places that the files have. */
function upstreamIn(all: readonly ImportedLight[], here: ImportedLight): UpstreamOf {
  return ({ upstream }) => {
    const from = all.find(({ light }) => light.database.intersection.id === upstream?.intersection)
    if (from === undefined || upstream === null) return undefined
    const crowM = distanceM(from, here)
    const distance_m = Math.min(DISTANCE_M.most, Math.max(DISTANCE_M.least, upstream.distanceM, crowM))
    return { intersection: from.id, distance_m }
  }
}

const DISTANCE_M = { least: 20, most: 20_000 } as const

/** Near the equator a degree is as long one way as the other; the earth that others reckon with is a little larger. */
const distanceM = (a: ImportedLight, b: ImportedLight): number =>
  Math.ceil(1.002 * METRES_A_DEGREE * Math.hypot(a.latitude - b.latitude, a.longitude - b.longitude)) + 1

function importedLights(lights: readonly DerivedLight[], network: Network): ImportedLight[] {
  const taken = new Set<string>()
  return lights.map((light) => ({
    light,
    id: freeId(light.id, taken),
    legs: legsOf(light.database.intersection),
    clearsM: clearsByStage(light, network),
    ...placeOf(light, network),
  }))
}

/** The plane of a network laid down where the equator meets Greenwich: distances and directions hold, the place does not. */
function placeOf({ database }: DerivedLight, { edges, junctions }: Network): { latitude: number; longitude: number } {
  const ends = database.intersection.approaches.flatMap(({ id }) => junctions.get(edges.get(id)?.to ?? '') ?? [])
  const mean = (of: 'x' | 'y') => ends.reduce((sum, end) => sum + end[of], 0) / Math.max(1, ends.length)
  return { latitude: degrees(mean('y')), longitude: degrees(mean('x')) }
}

const METRES_A_DEGREE = 111_320
const DEGREE_DIGITS = 1e6 // A tenth of a metre.

const degrees = (metres: number): number => Math.round((metres / METRES_A_DEGREE) * DEGREE_DIGITS) / DEGREE_DIGITS

function freeId(light: string, taken: Set<string>): string {
  const id = asId(light)
  const numbered = Array.from({ length: taken.size + 1 }, (_, n) => {
    const suffix = `-${n + 2}`
    return id.slice(0, ID_LENGTH_MOST - suffix.length) + suffix
  })
  const free = [id, ...numbered].find((each) => !taken.has(each)) ?? id
  taken.add(free)
  return free
}

/** Names become levels of topics and parts of addresses. */
function asId(text: string): string {
  const id = text.replaceAll(/[^A-Za-z0-9_-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return (id === '' ? 'light' : id).slice(0, ID_LENGTH_MOST)
}

function unsaidOf(imported: ImportedLight): string[] {
  const { light, id } = imported
  const { groups, conflicts, notes } = light
  const onFoot = groups.filter((group) => group.onFoot).length
  return [
    ...(hasPlan(imported) ? [] : [`${id}: its cycle is longer than 255 s, so that it has no plan; it runs free.`]),
    ...notes.map((note) => `${id}: ${note}`),
    ...(conflicts.some(({ kind }) => kind === 'permissive')
      ? [`${id}: who yields to whom in a common green is not said.`]
      : []),
    ...(onFoot > 0 ? [`${id}: ${onFoot} crossings walk by their overlaps; which leg each crosses is not said.`] : []),
  ]
}
