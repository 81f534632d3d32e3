/** A street of rows: vehicles that stand in a row for each lane, and leave one in two seconds of green, under a strategy that chooses stages. */
import { expect } from 'vitest'
import { bitsOf, hasBit, type Bits } from '#base/bits.ts'
import { detectorId, type DetectorId } from '#base/id.ts'
import { bad, good } from '#base/known.ts'
import { maxPressureWith, PRESSURE_OPTIONS } from '#control/max-pressure/max-pressure.ts'
import type { Reason } from '#control/strategy.ts'
import { checkCommand } from '#safety/check-command.ts'
import { FREE_LIMITS, type AdaptiveLimits } from '#signal/adaptive-limits.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { PATTERN_FREE, type TimingPlan } from '#signal/timing-plan.ts'
import { CROSSING, viewOf, type DetectorPicture } from './boulevard-crossing.ts'
import { database, junction, TIMING, type JunctionFacts } from './junctions.ts'

const EPOCH_MS = Date.UTC(2026, 0, 5, 8)
const DISCHARGE_MS = 2_000
const TRAVEL_MS = 4_000

/** A lane a phase, each from another side, with a stop-bar loop of the phase's number and an advance loop of ten more. */
export function street(facts: JunctionFacts): Intersection {
  const plain = junction(facts)
  return {
    ...plain,
    approaches: plain.phases.map(({ id }, index) => ({
      ...CROSSING.approaches[0]!,
      id: `A${id}`,
      bearingDeg: (index * 360) / plain.phases.length,
      lanes: [{ id: `L${id}`, turns: ['right'], lengthM: 200, head: { kind: 'vehicle', phase: id } }],
    })),
    detectors: plain.phases.flatMap(({ id }): Detector[] => {
      const loop = { ...CROSSING.detectors[1]!, lanes: [`L${id}`], phase: id }
      return [
        { ...loop, id: detectorId(id) },
        { ...loop, id: detectorId(10 + id), kind: 'advance', setbackM: 50 },
      ]
    }),
  }
}

export interface Scene {
  /** Vehicles that pass the advance loop, four seconds before the stop line, by phase: [second, vehicles]. */
  readonly rows: Readonly<Record<number, readonly (readonly [number, number])[]>>
  /** Phases whose button is pressed, by second. */
  readonly buttons?: Readonly<Record<number, readonly number[]>>
  /** Max-pressure unless given. */
  readonly strategyWith?: typeof maxPressureWith
  readonly options?: Partial<typeof PRESSURE_OPTIONS>
  /** What else the view says at a second: of neighbours, of buses, of a preempt. */
  readonly sight?: (second: number) => Partial<Pick<IntersectionView, 'neighbours' | 'priorities'>> & {
    readonly preempt?: Partial<SignalStatus['preempt']>
  }
  readonly plans?: readonly TimingPlan[]
  readonly blind?: readonly number[]
  /** Phases whose stop-bar loop says from the beginning that the same one stands there, and never leaves. */
  readonly stuck?: readonly number[]
  /** Phases that the site lets be left out; all of them unless given. */
  readonly omittable?: readonly number[]
  /** What the engineer leaves to the strategy. */
  readonly limits?: Partial<AdaptiveLimits>
  readonly seconds: number
}

/** The phases in the order in which they became green, with the second; and the reasons as they changed. */
export function run(intersection: Intersection, scene: Scene) {
  const strategy = (scene.strategyWith ?? maxPressureWith)({ ...PRESSURE_OPTIONS, ...scene.options })
  const site = database(intersection, scene.plans ?? [])
  const controller = createController(site)
  settle(controller)
  const rows = new Map(
    intersection.phases.map(({ id }) => [id as number, { entered: 0, standing: 0, left: 0, goesAtMs: 0 }]),
  )
  const hours = site.schedule.dayPlans.flatMap(({ entries }) => entries.map(({ pattern }) => pattern))
  const adaptiveLimits = new Map(hours.map((pattern) => [pattern, { ...FREE_LIMITS, ...scene.limits }]))
  let memory = strategy.initial()
  let before: Bits = statusOf(controller).greens
  const begun: [number, number][] = []
  const reasons: Reason[] = []
  /** Seconds at which the strategy held or ended a green. */
  const steered = new Set<number>()
  for (let ms = 0; ms < scene.seconds * 1_000; ms += 100) {
    const { greens } = statusOf(controller)
    for (const [phase, row] of rows) {
      for (const [second, vehicles] of scene.rows[phase] ?? []) {
        if (second * 1_000 === ms) row.entered += vehicles
        if (second * 1_000 + TRAVEL_MS === ms) row.standing += vehicles
      }
      if (!hasBit(greens, phase)) row.goesAtMs = ms + DISCHARGE_MS
      if (row.standing === 0 || ms < row.goesAtMs) continue
      row.standing--
      row.left++
      row.goesAtMs = ms + DISCHARGE_MS
    }
    const detectors = new Map<DetectorId, DetectorPicture>()
    const occupied = new Uint8Array(65)
    for (const [phase, { entered, standing, left }] of rows) {
      const isStuck = scene.stuck?.includes(phase) ?? false
      occupied[phase] = isStuck || standing > 0 ? 1 : 0
      const count = isStuck ? 1 : left + (standing > 0 ? 1 : 0)
      const seen = good({ occupied: isStuck || standing > 0, actuationCount: count }, 0)
      detectors.set(detectorId(10 + phase), good({ occupied: false, actuationCount: entered }, 0))
      detectors.set(detectorId(phase), scene.blind?.includes(phase) ? bad('open loop') : seen)
    }
    const { preempt, ...sight } = scene.sight?.(ms / 1_000) ?? {}
    const shown = statusOf(controller)
    const signal = { ...shown, preempt: { ...shown.preempt, ...preempt } }
    const facts = { intersection, plans: site.plans, schedule: site.schedule, nowMonoMs: ms, nowEpochMs: EPOCH_MS + ms }
    const omittable = scene.omittable === undefined ? controller.layout.all : bitsOf(scene.omittable)
    const view = {
      ...viewOf({ ...facts, ...sight, signal, omittable, adaptiveLimits, unit: { controlStatus: 'supervised' } }),
      detectors,
    }
    const { command, memory: next, why } = strategy.decide(view, memory)
    memory = structuredClone(next)
    if ((command.hold | command.forceOff) !== 0) steered.add(Math.floor(ms / 1_000))
    if (why.code !== reasons.at(-1)?.code) reasons.push(why)
    const minGreenMs = Array.from({ length: 33 }, () => TIMING.minGreenMs)
    const limits = {
      phases: controller.layout.all,
      omittable,
      preempts: 0,
      priorities: 0,
      patterns: [],
      minGreenMs,
      configurationHash: 0,
    }
    expect(checkCommand(limits, view, command)).toMatchObject({ pass: true })
    const pedestrianButtons = bitsOf(scene.buttons?.[Math.floor(ms / 1_000)] ?? [])
    const inputs = { ...QUIET_UNIT, epochMs: EPOCH_MS + ms, occupied, pedestrianButtons, pattern: command.pattern }
    stepController(controller, { ...inputs, control: command }, 100, () => undefined)
    const now = statusOf(controller).greens
    for (const { id } of intersection.phases)
      if (hasBit(now, id) && !hasBit(before, id)) begun.push([id, Math.floor(ms / 1_000)])
    before = now
  }
  return { begun, steered, order: begun.map(([phase]) => phase), reasons, rows, walks: statusOf(controller).walks }
}

/** Everybody that is called at power-up is served; the last one stays green. */
function settle(controller: Controller): void {
  const inputs = { ...QUIET_UNIT, occupied: new Uint8Array(65), pedestrianButtons: 0, pattern: PATTERN_FREE }
  for (let ms = 300_000; ms > 0; ms -= 100)
    stepController(controller, { ...inputs, control: NOTHING, epochMs: EPOCH_MS - ms }, 100, () => undefined)
}

const NOTHING = { hold: 0, forceOff: 0, phaseOmit: 0, pedestrianOmit: 0, vehicleCall: 0, pedestrianCall: 0 }
