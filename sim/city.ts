/** A city on a virtual clock: all cabinets and the traffic between them, stepped together by whoever owns the time. */
import { bitsOf } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import type { IntersectionId } from '#base/id.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { LogRecord } from '#devices/device.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { NEW_CABINET, type CabinetMemory } from './cabinet/cabinet-memory.ts'
import type { ControllerFault } from './cabinet/controller-unit.ts'
import { createCabinet, type VirtualCabinet } from './cabinet/virtual-cabinet.ts'
import { layStreets, startTraffic, type CityStreets } from './city-streets.ts'
import { DARK_LAMPS, type Lamps } from './traffic/flow/lights.ts'
import type { JunctionTraffic } from './traffic/flow/junction-traffic.ts'
import { TICK_MS, tickTraffic, type Traffic } from './traffic/flow/traffic.ts'

/** Cabinets and people act together, ten times a second. */
export const CITY_STEP_MS = TICK_MS

export interface CityStart {
  readonly intersections: readonly IntersectionConfig[]
  readonly seed: number
  /** True time at the start; every cabinet's clock shows it. */
  readonly epochMs: number
  /** With a scenario of their own; those of a plain day unless given. */
  readonly streets?: CityStreets
  readonly profiles?: ReadonlyMap<string, DeviceProfile>
  /** What a cabinet remembers from before; a new one without it. */
  readonly memoryOf?: (intersection: IntersectionId) => CabinetMemory
  /** Is handed every record that a cabinet logs, in the step in which it is logged. */
  readonly onRecord?: (intersection: IntersectionId, record: LogRecord) => void
  /** Is told why a controller has stopped. */
  readonly onFault?: (intersection: IntersectionId, fault: ControllerFault) => void
}

export interface CityJunction {
  readonly cabinet: VirtualCabinet
  readonly street: JunctionTraffic
}

export interface City {
  readonly junctions: ReadonlyMap<IntersectionId, CityJunction>
  readonly traffic: Traffic
  /** True time; a cabinet's clock may differ. */
  readonly epochMs: number
  /** Moves everything on by `CITY_STEP_MS`. */
  step(): void
  /** True time is another than was thought: the cabinets' clocks are set, the street does not move. */
  setTrueTime(epochMs: number): void
}

/** The same start gives the same vehicles and the same events, step by step, on any machine. */
export function createCity(start: CityStart): City {
  const streets = start.streets ?? plainStreets(start)
  const traffic = startTraffic(streets)
  const blocks = start.intersections.map((config, i): Block => {
    const street = traffic.junctions[i]
    invariant(street, 'each intersection has its streets')
    const flashing = { ...DARK_LAMPS, flashYellows: bitsOf(config.database.unit.flashYellowPhases) }
    return { cabinet: startCabinet(config, start), street, flashing }
  })
  const lampsAt = (junction: number) => lampsOf(blocks[junction])
  let { epochMs } = start
  return {
    junctions: new Map(blocks.map((block) => [block.cabinet.config.database.intersection.id, block])),
    traffic,
    get epochMs() {
      return epochMs
    },
    step: () => {
      epochMs += CITY_STEP_MS
      for (const { cabinet, street } of blocks) cabinet.step(CITY_STEP_MS, street.readings)
      tickTraffic(traffic, lampsAt)
    },
    setTrueTime: (trueEpochMs) => {
      epochMs = trueEpochMs
      streets.scenario.clock.setTrueTime(traffic.nowMs, trueEpochMs)
      for (const { cabinet } of blocks) cabinet.syncClock(trueEpochMs)
    },
  }
}

/** Steps the city as fast as the machine can. */
export function runCity(city: City, durationMs: number): void {
  for (let ms = 0; ms < durationMs; ms += CITY_STEP_MS) city.step()
}

interface Block extends CityJunction {
  /** What drivers see while the flasher has the lamps. */
  readonly flashing: Lamps
}

function plainStreets(start: CityStart): CityStreets {
  const laid = layStreets(start)
  invariant(laid.ok, 'the counts of a checked site lead out of the network')
  return laid.value
}

/** Drivers before a cabinet that is dark, or flashes, see nothing that lets them go but the yellow of its program of flash. */
function lampsOf(block: Block | undefined): Lamps {
  if (block === undefined || !block.cabinet.power.isUp) return DARK_LAMPS
  return block.cabinet.flashes ? block.flashing : block.cabinet.signal
}

function startCabinet(config: IntersectionConfig, start: CityStart): VirtualCabinet {
  const { id } = config.database.intersection
  const { epochMs, profiles, onRecord, onFault } = start
  return createCabinet(config, {
    epochMs,
    memory: start.memoryOf?.(id) ?? NEW_CABINET,
    ...(profiles && { profiles }),
    ...(onRecord && { onRecord: (record) => onRecord(id, record) }),
    ...(onFault && { onFault: (fault) => onFault(id, fault) }),
  })
}
