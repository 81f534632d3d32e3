/** One virtual cabinet and one edge on a virtual clock, without a wire: every tick is a tenth of a second of the street. */
import { openMemory } from '#devices/memory/driver.ts'
import type { DeviceFault, FieldDevice, OpenDevice } from '#devices/device.ts'
import type { PointName, PointValue } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { Strategy } from '#control/strategy.ts'
import { assembleIntersection } from '#edge/assemble.ts'
import { PERIOD_MS, ScanCycle } from '#edge/scan-cycle.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { DATABASE, LIMITS, NOON_EPOCH_MS } from './boulevard-crossing.ts'
import { profileNamed } from './profiles.ts'
import { testTelemetry, type TestTelemetry } from './test-telemetry.ts'

/** What the wire of a device does at the moment. */
export type Line = 'good' | 'silent' | 'refused'

export interface StreetOptions {
  readonly database?: ControllerDatabase
  /** As the edge has them; the cabinet keeps `LIMITS`. */
  readonly limits?: CommandLimits
  readonly controllerProfile?: string
  readonly strategies?: readonly Strategy<unknown>[]
}

export interface SupervisedStreet {
  readonly cabinet: VirtualCabinet
  readonly telemetry: TestTelemetry
  /** Codes and messages for the operator, oldest first. */
  readonly logged: string[]
  readonly lines: { controller: Line; loops: Line }
  /** What the controller is read to say of a point, whatever it says. */
  readonly forged: Map<PointName, PointValue>
  /** Detectors with a vehicle over them, by number. */
  readonly vehicles: Set<number>
  /** Lets the street and the edge live for a while; the edge's steps are left out while it is `stopped`. */
  live(ms: number, edge?: 'stopped'): Promise<void>
  /** Lives until `condition` holds; the ms that it took, or an error after `limitMs`. */
  liveUntil(condition: () => boolean, limitMs: number): Promise<number>
  /** Sets the clock on the wall of the edge, and of the cabinet too unless it is left, so much ahead of where it would be. */
  setWall(aheadMs: number, cabinet?: 'left'): void
  /** A second edge for the same cabinet, such as one that was restarted: ticks instead of the first from now on. */
  restartEdge(): void
  /** One beside the first, which knows nothing of it; with wires and a clock of the wall that are as good. */
  secondEdge(): SecondEdge
}

export interface SecondEdge {
  readonly telemetry: TestTelemetry
  /** Its ticks are left out while it does not. */
  runs: boolean
}

export async function superviseStreet(options: StreetOptions = {}): Promise<SupervisedStreet> {
  const database = options.database ?? DATABASE
  const profiles = {
    controller: await profileNamed(options.controllerProfile ?? 'sabz-modbus-controller'),
    loops: await profileNamed('sabz-modbus-loop-card'),
  }
  const cabinet = createCabinet(configOf(database, profiles.controller.name), {
    epochMs: NOON_EPOCH_MS,
    profiles: new Map(Object.values(profiles).map((profile) => [profile.name, profile])),
  })
  const telemetry = testTelemetry()
  const logged: string[] = []
  const lines: SupervisedStreet['lines'] = { controller: 'good', loops: 'good' }
  const forged: SupervisedStreet['forged'] = new Map()
  const vehicles = new Set<number>()
  let monoMs = 0
  let aheadMs = 0
  const clock = { monoMs: () => monoMs, epochMs: () => NOON_EPOCH_MS + monoMs + aheadMs }
  const openEdge = (told: TestTelemetry = telemetry) => {
    const open = (name: 'controller' | 'loops') => () =>
      behindLine(openDevice(cabinet, name, profiles[name]), { lines, name, forged })
    const intersection = assembleIntersection(
      {
        database,
        limits: options.limits ?? LIMITS,
        adaptiveLimits: NO_LIMITS,
        controller: { name: 'controller', open: open('controller') },
        cards: [{ name: 'loops', open: open('loops') }],
      },
      {
        telemetry: told,
        strategies: options.strategies ?? [coordinated, actuated],
        queues: queueCount,
        clock,
        log: (_, code, message) => void logged.push(`${code} ${message}`),
      },
    )
    return new ScanCycle(clock, [intersection])
  }
  let cycle = openEdge()
  const others: { readonly edge: SecondEdge; readonly cycle: ScanCycle }[] = []
  const street: SupervisedStreet = {
    cabinet,
    telemetry,
    logged,
    lines,
    forged,
    vehicles,
    async live(ms, edge) {
      for (let passed = 0; passed < ms; passed += PERIOD_MS) {
        monoMs += PERIOD_MS
        cabinet.step(PERIOD_MS, { ...readings(vehicles), pedestrianButtons: 0 })
        if (edge !== 'stopped') await cycle.tick()
        for (const other of others) if (other.edge.runs) await other.cycle.tick()
      }
    },
    async liveUntil(condition, limitMs) {
      const startedMs = monoMs
      while (!condition()) {
        if (monoMs - startedMs >= limitMs) throw new Error(`not within ${limitMs} ms; logged: ${logged.join(' | ')}`)
        await street.live(PERIOD_MS)
      }
      return monoMs - startedMs
    },
    setWall(ms, whose) {
      aheadMs = ms
      if (whose !== 'left') cabinet.syncClock(clock.epochMs())
    },
    restartEdge() {
      cycle = openEdge()
    },
    secondEdge() {
      const edge: SecondEdge = { telemetry: testTelemetry(), runs: true }
      others.push({ edge, cycle: openEdge(edge.telemetry) })
      return edge
    },
  }
  return street
}

const configOf = (database: ControllerDatabase, profile: string) => ({
  database,
  limits: LIMITS,
  adaptiveLimits: NO_LIMITS,
  controller: { name: 'controller', profile, address: NOWHERE },
  cards: [{ name: 'loops', profile: 'sabz-modbus-loop-card', address: NOWHERE }],
  demand: [],
})

const NOWHERE = { host: '127.0.0.1', port: 0, unit: 1 }

function openDevice(cabinet: VirtualCabinet, name: 'controller' | 'loops', profile: DeviceProfile): OpenDevice {
  const source = name === 'controller' ? cabinet.controller : cabinet.cards.get('loops')
  if (!source) throw new Error('the cabinet has no card of that name')
  return openMemory(profile, source)
}

interface Wire {
  readonly lines: Record<string, Line>
  readonly name: string
  readonly forged: SupervisedStreet['forged']
}

/** A silent line loses every request, a refused one every connection too. */
function behindLine(opened: OpenDevice, { lines, name, forged }: Wire): OpenDevice {
  const { device, commands } = opened
  const pass = async <T>(ask: () => Promise<T>) => (lines[name] === 'good' ? ask() : lost())
  const behind: FieldDevice = {
    profile: device.profile,
    connect: async (ms) => (lines[name] === 'refused' ? lost() : device.connect(ms)),
    scan: (ms) =>
      pass(async () => {
        const scanned = await device.scan(ms)
        if (!scanned.ok || forged.size === 0 || name !== 'controller') return scanned
        return { ok: true, value: new Map([...scanned.value, ...forged]) }
      }),
    read: (names, ms) => pass(() => device.read(names, ms)),
    readLog: (after, max, ms) => pass(() => device.readLog(after, max, ms)),
    close: () => device.close(),
  }
  return { device: behind, commands: commands && { write: (values, ms) => pass(() => commands.write(values, ms)) } }
}

const lost = (): { ok: false; fault: DeviceFault } => ({ ok: false, fault: { code: 'TIMED_OUT', afterMs: 200 } })

function readings(vehicles: ReadonlySet<number>) {
  const occupied = new Uint8Array(64)
  for (const id of vehicles) occupied[id] = 1
  return { occupied, vehicles: Uint16Array.from(occupied) }
}
