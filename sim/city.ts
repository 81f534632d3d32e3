/** A city on a virtual clock: all cabinets and the traffic between them, stepped together by whoever owns the time. */
import { invariant } from '#base/invariant.ts'
import type { IntersectionId, PatternId } from '#base/id.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { LogRecord } from '#devices/device.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { LocalSchedule } from './cabinet/local-schedule.ts'
import { NEW_CABINET, type CabinetMemory } from './cabinet/cabinet-memory.ts'
import type { ControllerFault } from './cabinet/controller-unit.ts'
import { createCabinet, type VirtualCabinet } from './cabinet/virtual-cabinet.ts'
import type { DemandKey } from './traffic/demand.ts'
import type { Junction } from './traffic/street.ts'
import { createTraffic, stepTraffic, TRAFFIC_STEP_MS, type JunctionNow, type Traffic } from './traffic/traffic.ts'

/** Demand key of free operation. */
const NO_PLAN: DemandKey = 'free'

/** Cabinets and drivers act together, ten times a second. */
export const CITY_STEP_MS = TRAFFIC_STEP_MS

export interface CityStart {
  readonly intersections: readonly IntersectionConfig[]
  readonly seed: number
  /** True time at the start; every cabinet's clock shows it. */
  readonly epochMs: number
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
  readonly street: Junction
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
  const traffic = createTraffic(start.intersections, start.seed)
  const blocks = start.intersections.map((config, i) => buildBlock(config, traffic.junctions[i], start))
  let epochMs = start.epochMs
  const blockAt = (i: number): Block => {
    const block = blocks[i]
    invariant(block, 'the traffic has the junctions of the city')
    return block
  }
  return {
    junctions: new Map(blocks.map((block) => [block.cabinet.config.database.intersection.id, block])),
    traffic,
    get epochMs() {
      return epochMs
    },
    step: () => {
      epochMs += CITY_STEP_MS
      for (const { cabinet, street } of blocks) cabinet.step(CITY_STEP_MS, street.readings)
      stepTraffic(traffic, (i) => nowAt(blockAt(i), epochMs))
    },
    setTrueTime: (trueEpochMs) => {
      epochMs = trueEpochMs
      for (const { cabinet } of blocks) cabinet.syncClock(trueEpochMs)
    },
  }
}

/** Steps the city as fast as the machine can. */
export function runCity(city: City, durationMs: number): void {
  for (let ms = 0; ms < durationMs; ms += CITY_STEP_MS) city.step()
}

interface Block extends CityJunction {
  /** Demand follows the clock on the wall, whatever plan the cabinet runs. */
  readonly schedule: LocalSchedule
  readonly planKeys: ReadonlyMap<PatternId, DemandKey>
}

function buildBlock(config: IntersectionConfig, street: Junction | undefined, start: CityStart): Block {
  invariant(street, 'each intersection has its streets')
  const { plans, schedule } = config.database
  return {
    cabinet: startCabinet(config, start),
    street,
    schedule: new LocalSchedule(schedule, start.epochMs),
    planKeys: new Map(plans.map(({ pattern, key }) => [pattern, key])),
  }
}

const nowAt = ({ cabinet, schedule, planKeys }: Block, epochMs: number): JunctionNow => ({
  lamps: cabinet.signal,
  demandKey: planKeys.get(schedule.patternAt(epochMs)) ?? NO_PLAN,
})

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
