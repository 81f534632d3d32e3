/** The street of the virtual world: one real cabinet with loops by chance, and whoever watches that only the newest lease acts. */
import { intersectionId } from '#base/id.ts'
import type { PointSource } from '#devices/device.ts'
import type { PointName } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { LEASE_MS_MAX } from '#signal/command.ts'
import type { CommandLimits, ControllerDatabase } from '#signal/database.ts'
import { PATTERN_FREE, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { createCabinet, type VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { CROSSING, DATABASE, LIMITS, PLAN } from '#test/support/boulevard-crossing.ts'
import type { Chance } from './chance.ts'
import type { Oracle } from './oracle.ts'
import type { World } from './world.ts'

export const STEP_MS = 100
const LOOPS = 16

/** Short greens and a short cycle: a world that lives for a minute sees several of them. */
const CYCLE_MS = 20_000
const SPLIT_MS = CYCLE_MS / 2
const MIN_GREEN_MS = 4_000

const DST_DATABASE: ControllerDatabase = {
  ...DATABASE,
  intersection: {
    ...CROSSING,
    id: intersectionId('IX-D'),
    phases: CROSSING.phases.map((phase) => ({
      ...phase,
      timing: { ...phase.timing, minGreenMs: MIN_GREEN_MS, max1Ms: 12_000, max2Ms: 12_000, walkMs: 0, pedClearMs: 0 },
    })),
    channels: CROSSING.channels.filter(({ source }) => source.kind === 'vehicle'),
  },
  plans: [
    {
      ...PLAN,
      cycleMs: CYCLE_MS,
      offsetMs: 0,
      splitsMs: new Map([...PLAN.splitsMs.keys()].map((phase) => [phase, SPLIT_MS])),
    },
  ],
}

export const STREET_LIMITS: CommandLimits = {
  ...LIMITS,
  minGreenMs: LIMITS.minGreenMs.map((ms) => Math.min(ms, MIN_GREEN_MS)),
}

export interface StreetProfiles {
  readonly controller: DeviceProfile
  readonly loops: DeviceProfile
}

export interface StreetParts {
  readonly world: World
  readonly chance: Chance
  readonly oracle: Oracle
  readonly profiles: StreetProfiles
}

const NOWHERE = { host: 'street', port: 0, unit: 1 }

/** The boulevard, and the side street that it conflicts with. */
const BOULEVARD = 0b0010_0010
const SIDE_STREET = 0b1000_1000

export class Street {
  readonly cabinet: VirtualCabinet
  readonly database = DST_DATABASE
  readonly profiles: StreetProfiles
  readonly #parts: StreetParts
  readonly #readings = { occupied: new Uint8Array(64), vehicles: new Uint16Array(64), pedestrianButtons: 0 }
  readonly #lease = { epoch: 0, holder: '', renewedAtMs: 0, leaseMs: 0 }
  #diary = ''

  constructor(parts: StreetParts) {
    const { world, profiles } = parts
    const device = (name: string, profile: DeviceProfile) => ({ name, profile: profile.name, address: NOWHERE })
    this.#parts = parts
    this.profiles = profiles
    this.cabinet = createCabinet(
      {
        database: DST_DATABASE,
        limits: STREET_LIMITS,
        adaptiveLimits: NO_LIMITS,
        controller: device('controller', profiles.controller),
        cards: [device('loops', profiles.loops)],
        demand: [],
      },
      {
        epochMs: world.nowEpochMs,
        profiles: new Map(Object.values(profiles).map((profile: DeviceProfile) => [profile.name, profile])),
      },
    )
    this.#step()
  }

  /** The controller as one edge reaches it: what he writes is judged before it is taken, and remembered if it was. */
  controllerFor(edge: string): PointSource {
    const source = this.cabinet.controller
    return {
      get isUp() {
        return source.isUp !== false
      },
      readPoint: (name) => source.readPoint(name),
      ...(source.fill && { fill: source.fill }),
      readLog: (after, max) => source.readLog(after, max),
      writeControl: (values) => {
        const took = source.writeControl(values)
        if (took) this.#noteCommand(edge, values)
        return took
      },
    }
  }

  #noteCommand(edge: string, values: ReadonlyMap<PointName, number>): void {
    const { world, oracle } = this.#parts
    const epoch = values.get('control.epoch') ?? 0
    const lease = this.#lease
    const silentMs = world.nowMs - lease.renewedAtMs
    if (epoch > lease.epoch) world.tell('cabinet', `lease ${epoch} for ${edge}`)
    if (epoch < lease.epoch)
      oracle.break('only the newest lease acts', `${edge} wrote under ${epoch} after ${lease.epoch}`)
    if (epoch === lease.epoch && edge !== lease.holder)
      oracle.break('only the newest lease acts', `${edge} and ${lease.holder} both wrote under lease ${epoch}`)
    // The cabinet counts in steps: a lease may last one longer.
    if (epoch === lease.epoch && silentMs > lease.leaseMs + STEP_MS)
      oracle.break('a lease that ran out is closed', `${edge} renewed ${epoch} after ${silentMs} ms`)
    Object.assign(lease, { epoch, holder: edge, renewedAtMs: world.nowMs, leaseMs: values.get('control.leaseMs') ?? 0 })
    const fault = outsideEnvelope(values)
    if (fault !== null) oracle.break('nothing outside the envelope', `${edge}: ${fault}`)
  }

  #step(): void {
    const { world, oracle, chance } = this.#parts
    const { cabinet } = this
    for (let loop = 1; loop <= LOOPS; loop++) if (chance.happens(0.02)) this.#toggle(loop)
    cabinet.step(STEP_MS, this.#readings)
    const { greens, yellows, walks } = cabinet.signal
    const going = greens | yellows | walks
    if ((going & BOULEVARD) !== 0 && (going & SIDE_STREET) !== 0)
      oracle.break('no displayed conflict', `phases ${going.toString(2)} go together`)
    const silentMs = world.nowMs - this.#lease.renewedAtMs
    if (cabinet.asked !== null && silentMs > LEASE_MS_MAX)
      oracle.break('no bit of ours after the lease', `asked for, ${silentMs} ms after the last renewal`)
    const diary = `${cabinet.unit.controlStatus} ${greens.toString(2)}/${yellows.toString(2)}`
    if (diary !== this.#diary) world.tell('street', diary)
    this.#diary = diary
    world.after(STEP_MS, () => this.#step())
  }

  #toggle(loop: number): void {
    const { occupied, vehicles } = this.#readings
    const now = occupied[loop] === 1 ? 0 : 1
    occupied[loop] = now
    vehicles[loop] = now
  }
}

/** A judgement of its own, apart from `src/safety`: what the site never lets supervision ask for. */
function outsideEnvelope(values: ReadonlyMap<PointName, number>): string | null {
  const value = (name: PointName) => values.get(name) ?? 0
  const { phases, omittable, preempts, priorities, patterns } = STREET_LIMITS
  const pattern = value('control.pattern')
  const isKnown = [...patterns, PATTERN_FREE, PATTERN_STANDBY].some((known) => known === pattern)
  if (!isKnown) return `pattern ${pattern}`
  const leaseMs = value('control.leaseMs')
  if (leaseMs < 1 || leaseMs > LEASE_MS_MAX) return `a lease of ${leaseMs} ms`
  const allowed = {
    'control.hold': phases,
    'control.forceOff': phases,
    'control.phaseOmit': omittable,
    'control.vehicleCall': phases,
    'control.preempt': preempts,
    'control.priority': priorities,
  } as const
  for (const [name, bits] of Object.entries(allowed)) {
    const asked = value(name as PointName)
    if ((asked & ~bits) !== 0) return `${name} ${asked.toString(2)}`
  }
  return null
}
