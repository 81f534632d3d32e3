/** The controller's side of the field contract: every point as this cabinet has it, and where commands arrive. */
import type { LogRecord, PointSource } from '#devices/device.ts'
import type { LeaseRefusal, PointName, PointValue } from '#devices/points.ts'
import type { TimingAsker, TimingStep } from '#devices/timing.ts'
import {
  CONTROL_STATUSES,
  FLASH_CAUSES,
  INTERVALS,
  PREEMPT_STATES,
  TERMINATIONS,
  TRANSITIONS,
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

type ControlPoint = `control.${string}`
type Reader = (controller: ControllerSide) => PointValue

export function controllerPoints(controller: ControllerSide): PointSource {
  return {
    readPoint: (name) => (isControl(name) ? 0 : READERS[name](controller)), // What was asked cannot be read back.
    reader(name) {
      const read = isControl(name) ? () => 0 : READERS[name]
      return () => read(controller)
    },
    writeControl: (values) => controller.command(values) === 'none',
    readLog: (after, max) => controller.readLog(after, max),
    askForTiming: ({ step, asker }) => controller.askForTiming(step, asker) === 'none',
  }
}

const isControl = (name: PointName): name is PointName & ControlPoint => name.startsWith('control.')

const ring = <N extends 1 | 2 | 3 | 4>(n: N) =>
  ({
    [`ring.${n}.phase`]: ({ signal }: ControllerSide) => signal.rings[n - 1]?.phase ?? 0,
    [`ring.${n}.interval`]: ({ signal }: ControllerSide) => INTERVALS.indexOf(signal.rings[n - 1]?.interval ?? 'rest'),
    [`ring.${n}.elapsedMs`]: ({ signal }: ControllerSide) => signal.rings[n - 1]?.elapsedMs ?? 0,
    [`ring.${n}.termination`]: ({ signal }: ControllerSide) =>
      TERMINATIONS.indexOf(signal.rings[n - 1]?.termination ?? 'none'),
  }) as Record<`ring.${N}.${'phase' | 'interval' | 'elapsedMs' | 'termination'}`, Reader>

const READERS: Readonly<Record<Exclude<PointName, ControlPoint>, Reader>> = {
  'identity.vendor': ({ identity }) => identity.vendor,
  'identity.model': ({ identity }) => identity.model,
  'identity.firmware': ({ identity }) => identity.firmware,
  'identity.profileVersion': ({ identity }) => identity.profileVersion,
  'identity.configurationHash': ({ configurationHash }) => configurationHash,
  'unit.controlStatus': ({ unit }) => CONTROL_STATUSES.indexOf(unit.controlStatus),
  'unit.flashCause': ({ unit }) => FLASH_CAUSES.indexOf(unit.flashCause),
  'unit.clockEpochMs': ({ unit }) => unit.clockEpochMs,
  'unit.uptimeMs': ({ unit }) => unit.uptimeMs,
  'unit.alarmBits': ({ unit }) => unit.alarmBits,
  'unit.mainsPower': ({ unit }) => (unit.mainsPower ? 1 : 0),
  'unit.doorOpen': ({ unit }) => (unit.doorOpen ? 1 : 0),
  'phase.reds': ({ signal }) => signal.reds,
  'phase.yellows': ({ signal }) => signal.yellows,
  'phase.greens': ({ signal }) => signal.greens,
  'phase.redAmbers': ({ signal }) => signal.redAmbers,
  'phase.walks': ({ signal }) => signal.walks,
  'phase.pedClears': ({ signal }) => signal.pedClears,
  'phase.dontWalks': ({ signal }) => signal.dontWalks,
  'phase.vehicleCalls': ({ signal }) => signal.vehicleCalls,
  'phase.pedestrianCalls': ({ signal }) => signal.pedestrianCalls,
  'phase.ons': ({ signal }) => signal.phaseOns,
  'phase.nexts': ({ signal }) => signal.phaseNexts,
  ...ring(1),
  ...ring(2),
  ...ring(3),
  ...ring(4),
  'overlap.reds': ({ signal }) => signal.overlapReds,
  'overlap.yellows': ({ signal }) => signal.overlapYellows,
  'overlap.greens': ({ signal }) => signal.overlapGreens,
  'channel.reds': ({ signal }) => signal.channelReds,
  'channel.yellows': ({ signal }) => signal.channelYellows,
  'channel.greens': ({ signal }) => signal.channelGreens,
  'coordination.pattern': ({ signal }) => signal.coordination.pattern,
  'coordination.cycleMs': ({ signal }) => signal.coordination.cycleMs,
  'coordination.localCycleMs': ({ signal }) => signal.coordination.localCycleMs,
  'coordination.offsetMs': ({ signal }) => signal.coordination.offsetMs,
  'coordination.transition': ({ signal }) => TRANSITIONS.indexOf(signal.coordination.transition),
  'detector.occupied': ({ loops }) => loops.occupied,
  'detector.actuationCounts': ({ loops }) => loops.actuationCounts,
  'detector.faults': ({ loops }) => loops.faults,
  'detector.zoneVehicles': ({ loops }) => loops.zoneVehicles,
  'detector.zoneCells': ({ loops }) => loops.zoneCells,
  'pedestrian.occupied': ({ pedestrianButtons }) => pedestrianButtons,
  'preempt.active': ({ signal }) => signal.preempt.number,
  'preempt.state': ({ signal }) => PREEMPT_STATES.indexOf(signal.preempt.state),
  'preempt.calls': ({ signal }) => signal.preempt.calls,
  'priority.calls': ({ signal }) => signal.preempt.priorityCalls,
  'priority.active': ({ signal }) => signal.preempt.priorityActive,
  'supervision.epoch': ({ unit }) => unit.leaseEpoch,
  'supervision.sequence': ({ unit }) => unit.leaseSequence,
  'supervision.leaseRemainingMs': ({ unit }) => unit.leaseRemainingMs,
  'supervision.refusedCode': ({ unit }) => unit.refusedCommandCode,
  'supervision.localCycles': ({ unit }) => unit.localCyclesSinceLease,
  'eventLog.head': ({ logHead }) => logHead,
  ...TIMING_READERS,
}
