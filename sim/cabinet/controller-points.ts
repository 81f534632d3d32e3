/** The controller's side of the field contract: every point as this cabinet has it, and where commands arrive. */
import { at } from '#base/at.ts'
import type { LogRecord, PointSource } from '#devices/device.ts'
import {
  BUTTONS,
  CHANNEL,
  CONFIGURATION_HASH,
  COORDINATION,
  LOG_HEAD,
  OVERLAP,
  PHASE,
  PREEMPT,
  RINGS,
  SUPERVISION,
  UNIT,
} from '#devices/point-numbers.ts'
import { emptyRow, type FilledRow } from '#devices/point-row.ts'
import { numberOf, POINT_NAMES, type LeaseRefusal, type PointName, type PointValue } from '#devices/points.ts'
import type { TimingAsker, TimingStep } from '#devices/timing.ts'
import {
  CONTROL_STATUSES,
  FLASH_CAUSES,
  INTERVALS,
  PREEMPT_STATES,
  TERMINATIONS,
  TRANSITIONS,
  type RingStatus,
  type SignalStatus,
  type UnitStatus,
} from '#signal/status.ts'
import type { TimingRefusal } from '#signal/transaction/refusal.ts'
import type { Identity } from './identity.ts'
import type { LoopInputs } from './loop-inputs.ts'
import { TIMING_READERS } from './timing-points.ts'
import type { TimingDesk } from './timing-desk.ts'

/** What a controller shows on its wire. */
export interface ControllerSide {
  readonly identity: Identity
  readonly configurationHash: number
  readonly signal: SignalStatus
  readonly unit: UnitStatus
  readonly loops: LoopInputs
  readonly pedestrianButtons: number
  readonly logHead: number
  readLog(after: number, max: number): readonly LogRecord[]
  readonly timing: TimingDesk
  command(values: ReadonlyMap<PointName, number>): LeaseRefusal
  askForTiming(step: TimingStep, asker: TimingAsker): TimingRefusal
}

export type FilledSource = PointSource & Required<Pick<PointSource, 'fill'>>

export function controllerPoints(controller: ControllerSide): FilledSource {
  const row = emptyRow()
  const scanned = (name: PointName): PointValue => {
    FILL_OF.get(name)?.(controller, row)
    return row[numberOf(name)] ?? 0
  }
  return {
    // What was asked cannot be read back: control points are in no row.
    readPoint: (name) => OTHERS[name]?.(controller) ?? scanned(name),
    fill(whole) {
      for (const fill of FILLS) fill(controller, whole)
    },
    writeControl: (values) => controller.command(values) === 'none',
    readLog: (after, max) => controller.readLog(after, max),
    askForTiming: ({ step, asker }) => controller.askForTiming(step, asker) === 'none',
  }
}

type Fill = (controller: ControllerSide, row: FilledRow) => void

function fillRest({ configurationHash, logHead, pedestrianButtons }: ControllerSide, row: FilledRow): void {
  row[CONFIGURATION_HASH] = configurationHash
  row[LOG_HEAD] = logHead
  row[BUTTONS] = pedestrianButtons
}

function fillUnit({ unit }: ControllerSide, row: FilledRow): void {
  row[UNIT.controlStatus] = CONTROL_STATUSES.indexOf(unit.controlStatus)
  row[UNIT.flashCause] = FLASH_CAUSES.indexOf(unit.flashCause)
  row[UNIT.clockEpochMs] = unit.clockEpochMs
  row[UNIT.uptimeMs] = unit.uptimeMs
  row[UNIT.alarmBits] = unit.alarmBits
  row[UNIT.mainsPower] = unit.mainsPower ? 1 : 0
  row[UNIT.doorOpen] = unit.doorOpen ? 1 : 0
  row[SUPERVISION.epoch] = unit.leaseEpoch
  row[SUPERVISION.sequence] = unit.leaseSequence
  row[SUPERVISION.leaseRemainingMs] = unit.leaseRemainingMs
  row[SUPERVISION.refusedCode] = unit.refusedCommandCode
  row[SUPERVISION.localCycles] = unit.localCyclesSinceLease
}

function fillLamps({ signal }: ControllerSide, row: FilledRow): void {
  row[PHASE.reds] = signal.reds
  row[PHASE.yellows] = signal.yellows
  row[PHASE.greens] = signal.greens
  row[PHASE.redAmbers] = signal.redAmbers
  row[PHASE.walks] = signal.walks
  row[PHASE.pedClears] = signal.pedClears
  row[PHASE.dontWalks] = signal.dontWalks
  row[PHASE.vehicleCalls] = signal.vehicleCalls
  row[PHASE.pedestrianCalls] = signal.pedestrianCalls
  row[PHASE.ons] = signal.phaseOns
  row[PHASE.nexts] = signal.phaseNexts
  row[OVERLAP.reds] = signal.overlapReds
  row[OVERLAP.yellows] = signal.overlapYellows
  row[OVERLAP.greens] = signal.overlapGreens
  row[CHANNEL.reds] = signal.channelReds
  row[CHANNEL.yellows] = signal.channelYellows
  row[CHANNEL.greens] = signal.channelGreens
}

function fillTimers({ signal }: ControllerSide, row: FilledRow): void {
  const { rings, coordination, preempt } = signal
  for (let index = 0; index < RINGS.length; index++) fillRing(at(RINGS, index), rings[index], row)
  row[COORDINATION.pattern] = coordination.pattern
  row[COORDINATION.cycleMs] = coordination.cycleMs
  row[COORDINATION.localCycleMs] = coordination.localCycleMs
  row[COORDINATION.offsetMs] = coordination.offsetMs
  row[COORDINATION.transition] = TRANSITIONS.indexOf(coordination.transition)
  row[PREEMPT.active] = preempt.number
  row[PREEMPT.state] = PREEMPT_STATES.indexOf(preempt.state)
  row[PREEMPT.calls] = preempt.calls
  row[PREEMPT.priorityCalls] = preempt.priorityCalls
  row[PREEMPT.priorityActive] = preempt.priorityActive
}

/** A ring that the controller has not got rests. */
function fillRing(ring: (typeof RINGS)[number], status: RingStatus | undefined, row: FilledRow): void {
  row[ring.phase] = status?.phase ?? 0
  row[ring.interval] = status === undefined ? 0 : INTERVALS.indexOf(status.interval)
  row[ring.elapsedMs] = status?.elapsedMs ?? 0
  row[ring.termination] = status === undefined ? 0 : TERMINATIONS.indexOf(status.termination)
}

const fillLoops: Fill = ({ loops }, row) => loops.fill(row)

const FILLS: readonly Fill[] = [fillRest, fillLoops, fillUnit, fillLamps, fillTimers]

/** Who is asked for a single point: whoever fills its group. */
const GROUPS: Readonly<Record<string, Fill>> = {
  unit: fillUnit,
  supervision: fillUnit,
  phase: fillLamps,
  overlap: fillLamps,
  channel: fillLamps,
  ring: fillTimers,
  coordination: fillTimers,
  preempt: fillTimers,
  priority: fillTimers,
  detector: fillLoops,
}

const FILL_OF: ReadonlyMap<PointName, Fill> = new Map(
  POINT_NAMES.map((name) => [name, GROUPS[name.slice(0, name.indexOf('.'))] ?? fillRest]),
)

/** What nobody reads in every cycle. */
const OTHERS: Readonly<Partial<Record<PointName, (controller: ControllerSide) => PointValue>>> = {
  'identity.vendor': ({ identity }) => identity.vendor,
  'identity.model': ({ identity }) => identity.model,
  'identity.firmware': ({ identity }) => identity.firmware,
  'identity.profileVersion': ({ identity }) => identity.profileVersion,
  ...TIMING_READERS,
}
