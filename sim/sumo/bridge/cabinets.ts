/** The lights of a network as cabinets under the edge's own scan step, as they stand in a street before the first car comes. */
import { bitsOf } from '#base/bits.ts'
import { invariant } from '#base/invariant.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { Strategy } from '#control/strategy.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { createCabinet, type VirtualCabinet } from '../../cabinet/virtual-cabinet.ts'
import { controllerFaultText, type ControllerFault } from '../../cabinet/controller-unit.ts'
import type { StreetInputs } from '../../cabinet/cabinet-start.ts'
import { superviseCabinets, type NeighbourSwitch } from '#sim/closed-loop/supervise-cabinets.ts'
import { telemetrySink } from '#sim/closed-loop/telemetry-sink.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { EVENT } from '#signal/events.ts'
import { REFUSAL_NUMBERS } from '#safety/envelope.ts'
import type { DerivedLight } from '../derive/derive-lights.ts'
import { CAMERA_PROFILE, camerasOf } from '../derive/zones.ts'

/** What the cabinets of a derived light consist of. */
export const BRIDGE_PROFILES = ['sabz-modbus-controller', CAMERA_PROFILE] as const

/** Cabinets and edge act ten times a second. */
export const TICK_MS = 100

/** Long enough for the start-up, for the edge to be trusted, and for a plan to come into step. */
export const WARM_UP_MS = 300_000

export interface CabinetsStart {
  readonly lights: readonly DerivedLight[]
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly strategy: Strategy<unknown>
  readonly neighbours: NeighbourSwitch
  /** What the clocks of the cabinets show at the start. */
  readonly epochMs: number
}

export interface Cabinets {
  /** In the order of the lights. */
  readonly cabinets: readonly VirtualCabinet[]
  /** Why controllers have stopped, by the same order: a fault of ours. */
  readonly stops: readonly (readonly string[])[]
  /** Commands that the envelope has refused, by the same order: each refusal by its name. */
  readonly refusals: readonly (readonly string[])[]
  /** One tick of all: each senses its street, then the edge decides. */
  tick(streetOf: (light: number) => StreetInputs): void
}

export function startCabinets({ lights, profiles, strategy, neighbours, epochMs }: CabinetsStart): Cabinets {
  let monoMs = 0
  const stops = lights.map((): string[] => [])
  const cabinets = lights.map((light, index) => {
    const onFault = (fault: ControllerFault) => stops[index]?.push(controllerFaultText(fault))
    return createCabinet(configOf(light), { epochMs, profiles, onFault })
  })
  const refusals = new Map<string, string[]>(lights.map(({ id }) => [id, []]))
  const telemetry = telemetrySink({
    onEvents(events) {
      for (const { intersection, code, parameter } of events)
        if (code === EVENT.commandRefused) refusals.get(intersection)?.push(refusalName(parameter))
    },
  })
  const clock = { monoMs: () => monoMs, epochMs: () => epochMs + monoMs }
  const supervision = superviseCabinets({ cabinets, profiles, clock, telemetry, strategies: [strategy], neighbours })
  return {
    cabinets,
    stops,
    refusals: lights.map(({ id }) => refusals.get(id) ?? []),
    tick(streetOf) {
      monoMs += TICK_MS
      for (const [light, cabinet] of cabinets.entries()) cabinet.step(TICK_MS, streetOf(light))
      supervision.tick()
    },
  }
}

/** Everything may be left out: who is served is the strategy's to decide, and nobody else's. */
function configOf({ database }: DerivedLight): IntersectionConfig {
  const { phases, detectors } = database.intersection
  const [controller] = BRIDGE_PROFILES
  const minGreenMs = [0, ...phases.map(({ timing }) => timing.minGreenMs)]
  invariant(
    phases.every(({ id }, index) => id === index + 1),
    'stages are phases from 1',
  )
  const numbers = bitsOf(phases.map(({ id }) => id))
  return {
    database,
    limits: {
      phases: numbers,
      omittable: numbers,
      preempts: 0,
      priorities: 0,
      patterns: database.plans.map(({ pattern }) => pattern),
      minGreenMs,
      configurationHash: configurationHash(database),
    },
    adaptiveLimits: NO_LIMITS,
    controller: { name: 'controller', profile: controller, address: NOWHERE },
    cards: camerasOf(detectors).map((name) => ({ name, profile: CAMERA_PROFILE, address: NOWHERE })),
    demand: [],
  }
}

/** All stands in one memory. */
const NOWHERE = { host: '127.0.0.1', port: 0, unit: 1 }

const refusalName = (number: number): string =>
  Object.entries(REFUSAL_NUMBERS).find(([, each]) => each === number)?.[0] ?? String(number)
