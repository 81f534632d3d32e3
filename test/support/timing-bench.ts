/** A cabinet whose time a test steps by hand, behind any wire, and a better timing for it. */
import { configurationHash } from '#config/configuration-hash.ts'
import type { OpenDevice, PointSource } from '#devices/device.ts'
import { openMemory, openMemoryTiming } from '#devices/memory/driver.ts'
import { openTiming } from '#devices/open-timing.ts'
import { openDevice } from '#devices/open.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { TimingDevice } from '#devices/timing.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf } from '#signal/transaction/timing.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { serveModbus } from '#sim/servers/modbus-server.ts'
import { serveOpcua } from '#sim/servers/opcua-server.ts'
import { CROSSING, DATABASE, LIMITS, NOON_EPOCH_MS } from './boulevard-crossing.ts'
import { standIn } from './virtual-device.ts'

const STEP_MS = 100

/** Two seconds more of green for everybody. */
export const BETTER: ControllerDatabase = {
  ...DATABASE,
  intersection: {
    ...CROSSING,
    phases: CROSSING.phases.map((phase) => ({ ...phase, timing: { ...phase.timing, minGreenMs: 9_000 } })),
  },
}
export const BETTER_TEXT = encodeTiming(timingOf(BETTER))
export const BETTER_HASH = configurationHash(BETTER)
export const BUILT_HASH = LIMITS.configurationHash

/** In technician's flash, where another timing runs from the next step on. */
export function cabinetInFlash(): VirtualCabinet {
  const address = { host: '127.0.0.1', port: 0, unit: 1 }
  const controller = { name: 'controller', profile: 'sabz-modbus-controller', address }
  const cabinet = createCabinet(
    { database: DATABASE, limits: LIMITS, adaptiveLimits: NO_LIMITS, controller, cards: [], demand: [] },
    { epochMs: NOON_EPOCH_MS },
  )
  cabinet.panels.technicianFlash = true
  pass(cabinet, 1_000)
  return cabinet
}

/** Lets the cabinet's own time pass, on an empty street. */
export function pass(cabinet: VirtualCabinet, ms: number): void {
  const empty = { occupied: new Uint8Array(64), vehicles: new Uint16Array(64), pedestrianButtons: 0 }
  for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) cabinet.step(STEP_MS, empty)
}

export interface TimingBench {
  open(): OpenDevice
  openTiming(): TimingDevice
  /** Of the device itself; 0 = there is no wire. */
  readonly port: number
  stop(): Promise<void>
}

export const inMemory = async (profile: DeviceProfile, now: () => PointSource): Promise<TimingBench> => ({
  open: () => openMemory(profile, standIn(now)),
  openTiming: () => openMemoryTiming(profile, standIn(now)),
  port: 0,
  stop: async () => {},
})

export async function overLoopback(profile: DeviceProfile, now: () => PointSource): Promise<TimingBench> {
  const place = { source: standIn(now), host: '127.0.0.1', port: 0 }
  const server =
    profile.protocol === 'opcua' ? await serveOpcua({ profile, ...place }) : await serveModbus({ profile, ...place })
  const address = { host: '127.0.0.1', port: server.port, unit: 1 }
  return {
    open: () => openDevice(profile, address),
    openTiming: () => openTiming(profile, address),
    port: server.port,
    stop: () => server.close(),
  }
}
