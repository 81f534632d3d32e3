/** The retained state of one intersection: what is fresh now, why, and when it is worth publishing again. */
import { listBits } from '#base/bits.ts'
import type { FieldAlarm } from '#contract/field-alarms.ts'
import type { LaneQueue, Reason, Rung } from '#control/strategy.ts'
import { MESSAGE_VERSION, type LiveDetector, type LiveSignal, type LiveState, type Mode } from '#contract/messages.ts'
import type { ControlStatus, SignalStatus } from '#signal/status.ts'
import type { StreetImage } from './wiring.ts'

export interface LiveFacts {
  readonly street: StreetImage
  readonly rung: Rung
  /** null while released. */
  readonly why: Reason | null
  readonly ladder: Reason | null
  readonly queues: readonly LaneQueue[]
  readonly fieldAlarms: readonly FieldAlarm[]
}

/** Values that are not fresh are left out: a page may show their absence, never their last. */
export function buildLiveState({ street, rung, why, ladder, queues, fieldAlarms }: LiveFacts): LiveState {
  const { view, detectorFaults, doorOpen, mainsPower, clockDriftMs } = street
  const unit = view.unit.quality === 'good' ? view.unit.value : null
  const signal = view.signal.quality === 'good' ? view.signal.value : null
  // A preempt passes by: what supervision goes on asking for meanwhile has its reason too.
  const supervised = isSupervised(street, rung) || (rung !== 'released' && unit?.controlStatus === 'preempt')
  return {
    v: MESSAGE_VERSION,
    intersection: view.intersection.id,
    // 0 = never read: older than any limit of freshness.
    sampledAtEpochMs: street.sampledAtEpochMs ?? 0,
    mode: modeOf(street, rung),
    flash: unit && unit.flashCause,
    alarms: unit ? listBits(unit.alarmBits) : [],
    fieldAlarms: [...fieldAlarms],
    plan: view.plans.find(({ pattern }) => pattern === signal?.coordination.pattern)?.key ?? null,
    why: supervised ? why : null,
    ladder,
    signal: signal && spell(signal),
    detectors: [...view.detectors].map(([id, reading]) => ({
      id,
      quality: reading.quality,
      ...(reading.quality === 'good' ? { occupied: reading.value.occupied } : {}),
      ...faultsOf(detectorFaults.get(id)),
    })),
    queues: queues.map(({ lane, vehicles }) => ({ lane, vehicles })),
    doorOpen: doorOpen?.quality === 'good' ? doorOpen.value : null,
    mainsPower: mainsPower?.quality === 'good' ? mainsPower.value : null,
    clockDriftMs: clockDriftMs.quality === 'good' ? Math.round(clockDriftMs.value) : null,
  }
}

const faultsOf = (faults: number | undefined): Pick<LiveDetector, 'faults'> => (faults ? { faults } : {})

/** When the last state was published, and what it looked like. */
export interface Published {
  readonly atMonoMs: number
  readonly lamps: string
  readonly rest: string
}

/** Retained, so that whoever comes later sees it; repeated, so that a broker that lost it has it again. */
const REPEAT_MS = 10_000
/** Detectors and queues flicker faster than anybody reads; the lamps never wait for them. */
const REST_MS = 250

/**
 * null = nothing to publish. Lamps, mode, alarms and ladder go out in the tick they change in; the rest is gathered for a
 * quarter of a second. Times count in whole seconds, as pages show them, which also keeps a live sample younger than 2 s.
 */
export function worthPublishing(state: LiveState, last: Published | null, nowMonoMs: number): Published | null {
  const now: Published = { atMonoMs: nowMonoMs, lamps: lampsOf(state), rest: restOf(state) }
  if (!last || now.lamps !== last.lamps) return now
  const sinceMs = nowMonoMs - last.atMonoMs
  return sinceMs >= REPEAT_MS || (sinceMs >= REST_MS && now.rest !== last.rest) ? now : null
}

const MODE_OF: Readonly<Record<ControlStatus, Mode>> = {
  local: 'local',
  backup: 'local',
  // Supervised, but not by us: as far as this edge can tell the cabinet goes its own way.
  supervised: 'local',
  manual: 'manual',
  preempt: 'preempt',
  flash: 'flash',
  fault: 'fault',
}

function modeOf(street: StreetImage, rung: Rung): Mode {
  const { unit, signal } = street.view
  if (unit.quality !== 'good' || signal.quality !== 'good') return 'unknown'
  if (isSupervised(street, rung) && rung !== 'released') return rung
  return MODE_OF[unit.value.controlStatus]
}

/** We command, and the cabinet says so too. */
function isSupervised({ view: { unit } }: StreetImage, rung: Rung): boolean {
  return rung !== 'released' && unit.quality === 'good' && unit.value.controlStatus === 'supervised'
}

function spell(signal: SignalStatus): LiveSignal {
  const { coordination } = signal
  return {
    greens: signal.greens,
    yellows: signal.yellows,
    redAmbers: signal.redAmbers,
    walks: signal.walks,
    pedClears: signal.pedClears,
    vehicleCalls: signal.vehicleCalls,
    pedestrianCalls: signal.pedestrianCalls,
    nexts: signal.phaseNexts,
    overlapGreens: signal.overlapGreens,
    overlapYellows: signal.overlapYellows,
    overlapFlashes: signal.overlapFlashes,
    rings: signal.rings.map(({ phase, interval, elapsedMs, termination }) => ({
      phase,
      interval,
      elapsedMs,
      termination,
    })),
    pattern: coordination.pattern,
    cycleMs: coordination.cycleMs,
    localCycleMs: coordination.localCycleMs,
    offsetMs: coordination.offsetMs,
    transition: coordination.transition,
    preempt: { ...signal.preempt },
  }
}

function lampsOf({ signal, mode, flash, alarms, fieldAlarms, plan, ladder, doorOpen, mainsPower }: LiveState): string {
  const lamps = signal && [
    signal.greens,
    signal.yellows,
    signal.redAmbers,
    signal.walks,
    signal.pedClears,
    signal.overlapGreens,
    signal.overlapYellows,
    signal.overlapFlashes,
    signal.preempt,
  ]
  return JSON.stringify([lamps, mode, flash, alarms, fieldAlarms, plan, ladder?.code, doorOpen, mainsPower])
}

function restOf({ sampledAtEpochMs, signal, why, detectors, queues }: LiveState): string {
  const timed = signal && [
    // A cabinet that flashes in a silent street changes in nothing else, and is live all the same.
    wholeSeconds(sampledAtEpochMs),
    wholeSeconds(signal.localCycleMs),
    ...signal.rings.map(({ phase, interval, elapsedMs }) => [phase, interval, wholeSeconds(elapsedMs)]),
    signal.vehicleCalls,
    signal.pedestrianCalls,
    signal.nexts,
    signal.transition,
  ]
  return JSON.stringify([timed, why?.code, why?.phase, detectors, queues])
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1_000)
