/** The whole city under the edge's scan cycle, over registers and promises, on a virtual clock: what the closed loop is held to. */
import type { SiteConfig } from '#config/site.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { Strategy } from '#control/strategy.ts'
import type { PointSource } from '#devices/device.ts'
import { openMemory } from '#devices/memory/driver.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { assembleIntersection } from '#edge/assemble.ts'
import type { EdgeIntersection } from '#edge/edge.ts'
import { Neighbourhood } from '#edge/neighbourhood.ts'
import { ScanCycle } from '#edge/scan-cycle.ts'
import { CITY_STEP_MS, createCity, type City, type CityJunction } from '#sim/city.ts'
import { testTelemetry, type TestTelemetry } from './test-telemetry.ts'

export interface SupervisedCity {
  readonly city: City
  readonly telemetry: TestTelemetry
  /** Lets the street and the edge live for a while. */
  live(ms: number): Promise<void>
}

export interface CityUnderEdge {
  readonly site: SiteConfig
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly seed: number
  readonly epochMs: number
  readonly strategies?: readonly Strategy<unknown>[]
}

export function superviseCity({ site, profiles, seed, epochMs, strategies }: CityUnderEdge): SupervisedCity {
  const city = createCity({ intersections: site.intersections, seed, epochMs, profiles })
  const telemetry = testTelemetry()
  let monoMs = 0
  const clock = { monoMs: () => monoMs, epochMs: () => city.epochMs }
  const parts = {
    telemetry,
    strategies: strategies ?? [coordinated, actuated],
    queues: queueCount,
    clock,
    log: () => {},
  }
  const neighbourhood = new Neighbourhood()
  const intersections = [...city.junctions.values()].map((junction) =>
    assembleIntersection(withDevices(junction, profiles), parts, neighbourhood),
  )
  const cycle = new ScanCycle(clock, intersections, neighbourhood)
  return {
    city,
    telemetry,
    async live(ms) {
      for (let passed = 0; passed < ms; passed += CITY_STEP_MS) {
        monoMs += CITY_STEP_MS
        city.step()
        await cycle.tick()
      }
    },
  }
}

function withDevices({ cabinet }: CityJunction, profiles: ReadonlyMap<string, DeviceProfile>): EdgeIntersection {
  const { database, limits, adaptiveLimits, controller, cards } = cabinet.config
  const deviceOf = (name: string, profileName: string, source: PointSource | undefined) => {
    const profile = profiles.get(profileName)
    if (!profile || !source) throw new Error(`${database.intersection.id} ${name}: no such device`)
    return { name, open: () => openMemory(profile, source) }
  }
  return {
    database,
    limits,
    adaptiveLimits,
    controller: deviceOf('controller', controller.profile, cabinet.controller),
    cards: cards.map(({ name, profile }) => deviceOf(name, profile, cabinet.cards.get(name))),
  }
}
