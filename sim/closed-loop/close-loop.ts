/** The closed loop: a city, its cabinets and the edge that supervises them in one memory, as fast as the machine can. */
import type { Log } from '#base/log.ts'
import type { SiteConfig } from '#config/site.ts'
import type { Strategy } from '#control/strategy.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { OrderExchange } from '#edge/orders/order-desk.ts'
import type { Telemetry } from '#edge/telemetry/port.ts'
import { CITY_STEP_MS, createCity, type City } from '#sim/city.ts'
import type { CityStreets } from '#sim/city-streets.ts'
import {
  superviseCabinets,
  type CabinetSupervision,
  type NeighbourSwitch,
  type SupervisionStart,
} from './supervise-cabinets.ts'
import { NOBODY_LISTENS } from './telemetry-sink.ts'

export interface LoopStart {
  readonly site: SiteConfig
  /** Every profile that the site names, by name. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly seed: number
  /** True time at the start. */
  readonly epochMs: number
  /** With a scenario of their own; those of a plain day unless given. */
  readonly streets?: CityStreets
  /** At most one for each rung of the edge's ladder. */
  readonly strategies?: readonly Strategy<unknown>[]
  /** Where the edge's events and states go; nowhere unless given (`telemetrySink`). */
  readonly telemetry?: Telemetry
  readonly log?: Log
  /** What was learnt before, by intersection; nothing unless given. */
  readonly learnt?: SupervisionStart['learnt']
  /** What people order; nobody does unless given. */
  readonly orders?: OrderExchange
  /** On unless given. */
  readonly neighbours?: NeighbourSwitch
}

export interface ClosedLoop {
  readonly city: City
  readonly learnt: CabinetSupervision['learnt']
  /** The street moves on by `CITY_STEP_MS`, and the edge has its tick. */
  step(): void
  /** Steps until so much time has passed. */
  live(ms: number): void
}

/** The same start gives the same vehicles, lamps, decisions and events, step by step, however fast the machine is. */
export function closeLoop({ site, profiles, seed, epochMs, streets, ...edge }: LoopStart): ClosedLoop {
  const { intersections } = site
  const city = createCity({ intersections, seed, epochMs, profiles, ...(streets && { streets }) })
  let monoMs = 0
  const supervision = superviseCabinets({
    cabinets: [...city.junctions.values()].map(({ cabinet }) => cabinet),
    profiles,
    clock: { monoMs: () => monoMs, epochMs: () => city.epochMs },
    telemetry: edge.telemetry ?? NOBODY_LISTENS,
    strategies: edge.strategies,
    detectorWatch: site.detectorWatch,
    learnt: edge.learnt,
    log: edge.log,
    neighbours: edge.neighbours,
    orders: edge.orders,
  })
  const step = () => {
    monoMs += CITY_STEP_MS
    city.step()
    supervision.tick()
  }
  return {
    city,
    learnt: (id) => supervision.learnt(id),
    step,
    live(ms) {
      for (let passed = 0; passed < ms; passed += CITY_STEP_MS) step()
    },
  }
}
