/** Cabinets in real time on real sockets, one edge before them, and a desk that plants faults: what is told of each intersection. */
import { intersectionId, type IntersectionId } from '#base/id.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { FieldAlarm } from '#contract/field-alarms.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import { openDevice } from '#devices/open.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { startEdge, type EdgeIntersection } from '#edge/edge.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { EVENT } from '#signal/events.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { serveField } from '#sim/field-servers.ts'
import { cityFaults } from '#sim/faults/city-faults.ts'
import type { FaultDesk } from '#sim/faults/fault-desk.ts'
import { keepPace } from '#sim/pace.ts'
import { CROSSING, DATABASE, LIMITS } from './boulevard-crossing.ts'
import { profileNamed } from './profiles.ts'
import { testTelemetry } from './test-telemetry.ts'

const STEP_MS = 100
const CARD = 'sabz-modbus-loop-card'

export interface FaultyField {
  readonly desk: FaultDesk
  /** What the edge finds wrong at an intersection now. */
  readonly alarmsAt: (id: string) => readonly FieldAlarm[]
  /** Every alarm that it has ever told there, in its order, without repetition. */
  readonly toldAt: (id: string) => readonly number[]
  /** Its controller is read in time. */
  readonly isRead: (id: string) => boolean
  stop(): Promise<void>
}

/** Intersections by name, each with a controller of the profile and a loop card. */
export async function startFaultyField(controllers: Readonly<Record<string, string>>): Promise<FaultyField> {
  const names = [...new Set([...Object.values(controllers), CARD])]
  const profiles = new Map(await Promise.all(names.map(async (name) => [name, await profileNamed(name)] as const)))
  const cabinets = Object.entries(controllers).map(([id, profile]) =>
    createCabinet(configOf(id, profile), { epochMs: Date.now(), profiles }),
  )
  const served = await serveField({ cabinets, profiles, portOffset: 0 })
  if (!served.ok) throw new Error('the field has free ports')
  const { devices, lines } = served.value
  const city = {
    junctions: new Map(cabinets.map((cabinet) => [idOf(cabinet), { cabinet }])),
    get epochMs() {
      return Date.now()
    },
  }
  const desk = cityFaults({ city, profiles, lines, broker: null, onReport: () => {} })
  const setClocks = () => cabinets.forEach((cabinet) => cabinet.syncClock(Date.now()))
  setClocks() // Servers take their time to start.
  const halt = keepPace({
    intervalMs: STEP_MS,
    monoMs: () => performance.now(),
    step: () => {
      desk.step(STEP_MS)
      for (const cabinet of cabinets) cabinet.step(STEP_MS, EMPTY_STREET)
    },
    onBehind: () => setClocks(),
  })
  const portOf = (id: IntersectionId, name: string) =>
    devices.find(({ intersection, device }) => intersection === id && device === name)?.port ?? 0
  const telemetry = testTelemetry()
  const edge = startEdge({
    intersections: cabinets.map((cabinet) => toEdge(cabinet, profiles, (name) => portOf(idOf(cabinet), name))),
    telemetry,
    strategies: [coordinated, actuated],
    queues: queueCount,
    clock: { monoMs: () => performance.now(), epochMs: () => Date.now() },
    log: () => {},
  })
  return {
    desk,
    alarmsAt: (id) => telemetry.states.findLast(({ intersection }) => intersection === id)?.fieldAlarms ?? [],
    toldAt: (id) => {
      const told = telemetry.events.filter((each) => each.intersection === id && each.code === EVENT.fieldAlarmOn)
      return [...new Set(told.map(({ parameter }) => parameter))]
    },
    isRead: (id) => (telemetry.states.findLast(({ intersection }) => intersection === id)?.signal ?? null) !== null,
    async stop() {
      await edge.stop()
      halt()
      await served.value.close()
    },
  }
}

const idOf = (cabinet: VirtualCabinet): IntersectionId => cabinet.config.database.intersection.id

function configOf(id: string, profile: string): IntersectionConfig {
  const address = { host: '127.0.0.1', port: 0, unit: 1 }
  return {
    database: { ...DATABASE, intersection: { ...CROSSING, id: intersectionId(id) } },
    limits: LIMITS,
    adaptiveLimits: NO_LIMITS,
    controller: { name: 'controller', profile, address },
    cards: [{ name: 'loops', profile: CARD, address }],
    demand: [],
  }
}

function toEdge(
  { config }: VirtualCabinet,
  profiles: ReadonlyMap<string, DeviceProfile>,
  portOf: (name: string) => number,
): EdgeIntersection {
  const device = ({ name, profile: profileName, address }: IntersectionConfig['controller']) => {
    const profile = profiles.get(profileName)
    if (!profile) throw new Error(`there is no profile ${profileName}`)
    return { name, open: () => openDevice(profile, { ...address, port: portOf(name) }) }
  }
  const { database, limits, adaptiveLimits, controller, cards } = config
  return { database, limits, adaptiveLimits, controller: device(controller), cards: cards.map(device) }
}

const EMPTY_STREET = { occupied: new Uint8Array(65), vehicles: new Uint16Array(65), pedestrianButtons: 0 }
