/** What a controller's points say of its lamps and of itself. Points are looked up by number, for it is read ten times a second. */
import type { Bits } from '#base/bits.ts'
import { CHANNEL, COORDINATION, OVERLAP, PHASE, PREEMPT, RINGS, SUPERVISION, UNIT } from '#devices/point-numbers.ts'
import {
  CONTROL_STATUSES,
  FLASH_CAUSES,
  INTERVALS,
  PREEMPT_STATES,
  TERMINATIONS,
  TRANSITIONS,
  type CoordinationStatus,
  type PreemptStatus,
  type RingStatus,
  type SignalStatus,
  type UnitStatus,
} from '#signal/status.ts'
import type { PointReader } from './point-reader.ts'

/** `arrows`: overlaps whose arrow may flash. */
export function readSignal(points: PointReader, arrows: Bits): SignalStatus {
  return {
    reds: points.required(PHASE.reds),
    yellows: points.required(PHASE.yellows),
    greens: points.required(PHASE.greens),
    redAmbers: points.optional(PHASE.redAmbers),
    walks: points.required(PHASE.walks),
    pedClears: points.required(PHASE.pedClears),
    dontWalks: points.required(PHASE.dontWalks),
    vehicleCalls: points.required(PHASE.vehicleCalls),
    pedestrianCalls: points.required(PHASE.pedestrianCalls),
    phaseOns: points.required(PHASE.ons),
    phaseNexts: points.required(PHASE.nexts),
    overlapReds: points.optional(OVERLAP.reds),
    overlapYellows: points.optional(OVERLAP.yellows),
    overlapGreens: points.optional(OVERLAP.greens),
    overlapFlashes: readFlashes(points, arrows),
    channelReds: points.optional(CHANNEL.reds),
    channelYellows: points.optional(CHANNEL.yellows),
    channelGreens: points.optional(CHANNEL.greens),
    rings: readRings(points),
    coordination: readCoordination(points),
    preempt: readPreempt(points),
    flash: points.named(FLASH_CAUSES, UNIT.flashCause),
  }
}

export function readUnit(points: PointReader): UnitStatus {
  return {
    controlStatus: points.named(CONTROL_STATUSES, UNIT.controlStatus),
    flashCause: points.named(FLASH_CAUSES, UNIT.flashCause),
    clockEpochMs: points.required(UNIT.clockEpochMs),
    uptimeMs: points.optional(UNIT.uptimeMs),
    alarmBits: points.optional(UNIT.alarmBits),
    mainsPower: points.optional(UNIT.mainsPower) !== 0,
    doorOpen: points.optional(UNIT.doorOpen) !== 0,
    leaseEpoch: points.required(SUPERVISION.epoch),
    leaseSequence: points.required(SUPERVISION.sequence),
    leaseRemainingMs: points.required(SUPERVISION.leaseRemainingMs),
    refusedCommandCode: points.optional(SUPERVISION.refusedCode),
    localCyclesSinceLease: points.required(SUPERVISION.localCycles),
  }
}

/** An arrow of which a controller reports overlaps, but this one as neither red, yellow nor green, flashes. */
function readFlashes(points: PointReader, arrows: Bits): Bits {
  if (!points.has(OVERLAP.reds)) return 0
  const shown = points.optional(OVERLAP.reds) | points.optional(OVERLAP.yellows) | points.optional(OVERLAP.greens)
  return (arrows & ~shown) >>> 0
}

function readRings(points: PointReader): RingStatus[] {
  const rings: RingStatus[] = []
  for (const { phase, interval, elapsedMs, termination } of RINGS)
    if (points.has(phase))
      rings.push({
        phase: points.required(phase),
        interval: points.named(INTERVALS, interval),
        elapsedMs: points.required(elapsedMs),
        termination: points.named(TERMINATIONS, termination),
      })
  return rings
}

const readCoordination = (points: PointReader): CoordinationStatus => ({
  pattern: points.required(COORDINATION.pattern),
  cycleMs: points.required(COORDINATION.cycleMs),
  localCycleMs: points.required(COORDINATION.localCycleMs),
  offsetMs: points.required(COORDINATION.offsetMs),
  transition: points.named(TRANSITIONS, COORDINATION.transition),
})

const readPreempt = (points: PointReader): PreemptStatus => ({
  number: points.optional(PREEMPT.active),
  state: points.has(PREEMPT.state) ? points.named(PREEMPT_STATES, PREEMPT.state) : 'none',
  calls: points.optional(PREEMPT.calls),
  priorityCalls: points.optional(PREEMPT.priorityCalls),
  priorityActive: points.optional(PREEMPT.priorityActive),
})
