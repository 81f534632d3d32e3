/** One strategy on one point-queue street: the real controller, its view, and the commands that it takes from it. */
import { detectorId, type DetectorId } from '#base/id.ts'
import { hasBit, type Bits } from '#base/bits.ts'
import { good, type Known } from '#base/known.ts'
import type { Strategy } from '#control/strategy.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { DETECTOR_MOST } from '#signal/detector.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import type { DetectorReading, IntersectionView } from '#signal/view.ts'
import { viewOf } from '#test/support/boulevard-crossing.ts'
import { database } from '#test/support/junctions.ts'
import { KINDS, type Crossing } from './crossings.ts'
import type { Comer } from './demand.ts'
import { PointQueue, type Lamp } from './point-queue.ts'

export const TICK_MS = 100
const EPOCH_MS = Date.UTC(2026, 0, 5, 8)
/** Everybody that is called at power-up is served, and the last one stays green. */
const SETTLE_MS = 300_000
/** Nobody waits so long but under a strategy that has forgotten somebody. */
const DRAIN_MS_MOST = 3_600_000

export interface StreetRun {
  readonly vehicles: number
  readonly meanDelayS: number
  readonly stopsEach: number
  readonly longestS: number
  /** When the last one had gone, or nobody waited for it any longer. */
  readonly endedMs: number
  readonly left: number
}

/** What a strategy that is told everything may know beside its view. */
export interface Street {
  readonly queues: readonly PointQueue[]
}

export interface StreetStart {
  readonly crossing: Crossing
  readonly demand: readonly (readonly Comer[])[]
  readonly strategy: (street: Street) => Strategy<unknown>
  readonly onView?: (view: IntersectionView) => void
}

export function runStreet({ crossing, demand, strategy: strategyOn, onView }: StreetStart): StreetRun {
  const queues = demand.map((comers) => new PointQueue(comers))
  const strategy = strategyOn({ queues })
  const site = database(crossing.intersection)
  const controller = settled(site)
  const occupied = new Uint8Array(DETECTOR_MOST + 1)
  const lastMs = Math.max(0, ...demand.map((comers) => comers.at(-1)?.atMs ?? 0))
  let memory = strategy.initial()
  let nowMs = 0
  for (
    ;
    nowMs < lastMs + DRAIN_MS_MOST && !(queues.every(({ isEmpty }) => isEmpty) && nowMs > lastMs);
    nowMs += TICK_MS
  ) {
    const signal = statusOf(controller)
    const detectors = readDetectors(crossing, queues, nowMs)
    for (const [id, reading] of detectors) occupied[id] = reading.quality === 'good' && reading.value.occupied ? 1 : 0
    const view = viewAt(site, { controller, signal, detectors, nowMs })
    onView?.(view)
    const decision = strategy.decide(view, memory)
    memory = decision.memory
    const { command } = decision
    stepController(controller, { ...QUIET, occupied, control: command, epochMs: EPOCH_MS + nowMs }, TICK_MS, NOBODY)
    const now = statusOf(controller)
    crossing.lanes.forEach(({ phase }, lane) => queues[lane]?.step(nowMs, TICK_MS, lampOf(now, phase)))
  }
  return figuresOf(queues, demand, nowMs)
}

/** The phases that are green when a run begins. */
export const greensAtStart = ({ intersection }: Crossing): Bits => statusOf(settled(database(intersection))).greens

const NOBODY = (): void => undefined
const QUIET = { ...QUIET_UNIT, pedestrianButtons: 0, pattern: PATTERN_FREE }

function settled(site: ControllerDatabase): Controller {
  const controller = createController(site)
  const inputs = { ...QUIET, occupied: new Uint8Array(DETECTOR_MOST + 1), control: NO_PHASE_CONTROL }
  for (let ms = SETTLE_MS; ms > 0; ms -= TICK_MS)
    stepController(controller, { ...inputs, epochMs: EPOCH_MS - ms }, TICK_MS, NOBODY)
  return controller
}

type Detectors = ReadonlyMap<DetectorId, Known<DetectorReading>>

function readDetectors({ intersection }: Crossing, queues: readonly PointQueue[], nowMs: number): Detectors {
  const detectors = new Map<DetectorId, Known<DetectorReading>>()
  KINDS.forEach((kind, k) =>
    queues.forEach((queue, lane) => {
      const id = detectorId(k * queues.length + lane + 1)
      if (id <= intersection.detectors.length) detectors.set(id, good(readingOf(queue, kind, nowMs), 0))
    }),
  )
  return detectors
}

function readingOf(queue: PointQueue, kind: (typeof KINDS)[number], nowMs: number): DetectorReading {
  if (kind === 'stop-bar') return queue.stopBarAt(nowMs)
  return kind === 'advance' ? queue.advanceAt(nowMs) : queue.zoneAt(nowMs)
}

interface Moment {
  readonly controller: Controller
  readonly signal: SignalStatus
  readonly detectors: Detectors
  readonly nowMs: number
}

function viewAt(site: ControllerDatabase, { controller, signal, detectors, nowMs }: Moment): IntersectionView {
  const { intersection, plans, schedule } = site
  const facts = { intersection, plans, schedule, nowMonoMs: nowMs, nowEpochMs: EPOCH_MS + nowMs }
  const unit = { controlStatus: 'supervised' } as const
  return { ...viewOf({ ...facts, signal, unit, omittable: controller.layout.all }), detectors }
}

function lampOf({ greens, yellows }: SignalStatus, phase: number): Lamp {
  if (hasBit(greens, phase)) return 'green'
  return hasBit(yellows, phase) ? 'yellow' : 'red'
}

function figuresOf(queues: readonly PointQueue[], demand: readonly (readonly Comer[])[], endedMs: number): StreetRun {
  const vehicles = demand.reduce((sum, { length }) => sum + length, 0)
  const left = queues.reduce((sum, queue) => sum + queue.waitingAt(endedMs), 0)
  const sum = (of: (queue: PointQueue) => number) => queues.reduce((total, queue) => total + of(queue), 0)
  return {
    vehicles,
    meanDelayS: sum(({ delayMs }) => delayMs) / 1_000 / vehicles,
    stopsEach: sum(({ stops }) => stops) / vehicles,
    longestS: Math.max(...queues.map(({ longestMs }) => longestMs)) / 1_000,
    endedMs,
    left,
  }
}
