/** A virtual cabinet in real time on real sockets, with loops that a test occupies. */
import { intersectionId } from '#base/id.ts'
import { openDevice } from '#devices/open.ts'
import type { OpenDevice } from '#devices/device.ts'
import type { EdgeIntersection } from '#edge/edge.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { keepPace } from '#sim/pace.ts'
import { serveModbus, type RunningServer } from '#sim/servers/modbus-server.ts'
import { serveOpcua } from '#sim/servers/opcua-server.ts'
import { CROSSING, DATABASE, LIMITS } from './boulevard-crossing.ts'
import { profileNamed } from './profiles.ts'

const STEP_MS = 100

export interface CabinetOnWire {
  readonly id: string
  readonly cabinet: VirtualCabinet
  /** Detectors with a vehicle over them, by number. */
  readonly vehicles: Set<number>
  /** The crossing as an edge is told of it; through other ports where a proxy stands between. */
  toEdge(ports?: { readonly controller?: number }): EdgeIntersection
  /** A further connection to the controller, such as that of another supervisor. */
  open(): Promise<OpenDevice>
  readonly ports: { readonly controller: number; readonly loops: number }
  /** The cabinet's own time since it was switched on. */
  readonly uptimeMs: number
  stop(): Promise<void>
}

/** The crossing of the tests under the given name, its controller by the given profile, its card by Modbus. */
export async function serveCabinet(id: string, controllerProfile: string): Promise<CabinetOnWire> {
  const intersection = { ...CROSSING, id: intersectionId(id) }
  const database = { ...DATABASE, intersection }
  const device = (name: string, profile: string) => ({
    name,
    profile,
    address: { host: '127.0.0.1', port: 0, unit: 1 },
  })
  const controller = device('controller', controllerProfile)
  const loops = device('loops', 'sabz-modbus-loop-card')
  const profiles = { controller: await profileNamed(controllerProfile), loops: await profileNamed(loops.profile) }
  const cabinet = createCabinet(
    { database, limits: LIMITS, adaptiveLimits: NO_LIMITS, controller, cards: [loops], demand: [] },
    { epochMs: Date.now(), profiles: new Map(Object.values(profiles).map((profile) => [profile.name, profile])) },
  )
  const vehicles = new Set<number>()
  const halt = keepPace({
    intervalMs: STEP_MS,
    monoMs: () => performance.now(),
    step: () => cabinet.step(STEP_MS, { ...readings(vehicles), pedestrianButtons: 0 }),
    onBehind: () => cabinet.syncClock(Date.now()),
  })
  const servers = [await serveController(cabinet, controllerProfile), await serveCard(cabinet)] as const
  const ports = { controller: servers[0].port, loops: servers[1].port }
  const opens = (name: 'controller' | 'loops', port: number) => ({
    name,
    open: () => openDevice(profiles[name], { host: '127.0.0.1', port, unit: 1 }),
  })
  return {
    id,
    cabinet,
    vehicles,
    ports,
    toEdge: ({ controller: port = ports.controller } = {}) => ({
      database,
      limits: LIMITS,
      adaptiveLimits: NO_LIMITS,
      controller: opens('controller', port),
      cards: [opens('loops', ports.loops)],
    }),
    async open() {
      const opened = opens('controller', ports.controller).open()
      await opened.device.connect(5_000)
      return opened
    },
    get uptimeMs() {
      return cabinet.clock.uptimeMs
    },
    async stop() {
      halt()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

async function serveController(cabinet: VirtualCabinet, name: string): Promise<RunningServer> {
  const profile = await profileNamed(name)
  const options = { source: cabinet.controller, host: '127.0.0.1', port: 0 }
  return profile.protocol === 'modbus-tcp' ? serveModbus({ profile, ...options }) : serveOpcua({ profile, ...options })
}

async function serveCard(cabinet: VirtualCabinet): Promise<RunningServer> {
  const profile = await profileNamed('sabz-modbus-loop-card')
  const source = cabinet.cards.get('loops')
  if (profile.protocol !== 'modbus-tcp' || !source) throw new Error('the cabinet has a loop card on Modbus')
  return serveModbus({ profile, source, host: '127.0.0.1', port: 0 })
}

function readings(vehicles: ReadonlySet<number>) {
  const occupied = new Uint8Array(64)
  for (const id of vehicles) occupied[id] = 1
  return { occupied, vehicles: Uint16Array.from(occupied) }
}
