/**
 * The conflict monitor of a cabinet: looks at the lamps a hundred times a second, knows nothing of the controller but its
 * watchdog, and latches what it has seen until a person resets it. Checks and times: NEMA TS 2, section 4 (MMU).
 */
import type { Bits } from '#base/bits.ts'
import type { Intersection } from '#signal/intersection.ts'
import { createFlashingArrows, judgeArrows, withPartners, type FlashingArrows } from './flashing-arrows.ts'
import { continuous, persist, recurrent, type Persistence } from './persistence.ts'
import { programMonitor, type MonitorProgram } from './program.ts'
import { createRedAmber, followRedAmber, type RedAmber } from './red-amber.ts'
import {
  createRightOfWay,
  followBeginnings,
  followEnds,
  followYellows,
  isUnsettled,
  passOver,
  withoutYellow,
  type RightOfWay,
} from './right-of-way.ts'
import { firstOf, SAMPLE_MS, withoutFirst, type ChannelLamps, type Sample } from './sample.ts'
import type { MonitorCheck, MonitorTrip } from './trip.ts'

/** Must not trip below 200 ms, must at 450 ms: conflict and dual indication alike. */
const CONFLICT_MS = 300
/** Must not trip below 700 ms, must at 1,000 ms. */
const RED_FAILURE_MS = 850
/** Must not trip below 200 ms, must at 300 ms. */
const WATCHDOG_MS = 250
/** 100 ms in every 200 ms reach it in about 1.1 s; it is above what one pulse may last. */
const PULSES_MS = 450

/** Plain data: all that a monitor remembers. Nothing is allocated after `createMonitor` but the trip. */
export interface ConflictMonitor {
  readonly program: MonitorProgram
  /** Since it was switched on. */
  nowMs: number
  /** What it has latched; it looks no further then. */
  trip: MonitorTrip | null
  /** The sample before; NaN before the first one, which is therefore like no other. */
  readonly last: { -readonly [field in keyof Sample]: Sample[field] }
  /** When the watchdog last turned over. */
  aliveAtMs: number
  readonly conflict: Persistence
  readonly pulses: Persistence
  readonly dual: Persistence
  readonly dark: Persistence
  readonly redAmber: RedAmber
  readonly arrows: FlashingArrows
  readonly rightOfWay: RightOfWay
}

/** A monitor that has just been switched on or reset: nothing latched, nothing remembered. */
export const createMonitor = (intersection: Intersection): ConflictMonitor => ({
  program: programMonitor(intersection),
  nowMs: 0,
  trip: null,
  last: { reds: NaN, yellows: NaN, greens: NaN, watchdog: false },
  aliveAtMs: 0,
  conflict: continuous(CONFLICT_MS),
  pulses: recurrent(PULSES_MS),
  dual: continuous(CONFLICT_MS),
  dark: continuous(RED_FAILURE_MS),
  redAmber: createRedAmber(),
  arrows: createFlashingArrows(),
  rightOfWay: createRightOfWay(),
})

/** The next 10 ms, in which the lamps were as in `sample`; the caller may overwrite and reuse it. Sets `trip` at most once. */
export function stepMonitor(monitor: ConflictMonitor, sample: Sample): void {
  if (monitor.trip !== null) return
  monitor.nowMs += SAMPLE_MS
  watchController(monitor, sample.watchdog)
  const lamps = judgeArrows(monitor.arrows, monitor.program.arrows, sample)
  if (isAsBefore(monitor, lamps)) return
  watchIndications(monitor, lamps)
  watchChanges(monitor, lamps)
  const { last } = monitor
  last.reds = lamps.reds
  last.yellows = lamps.yellows
  last.greens = lamps.greens
}

/** So many samples alike: once one of them finds nothing new, and nothing is being timed, neither do the others. */
export function watchAlike(monitor: ConflictMonitor, sample: Sample, samples: number): void {
  for (let left = samples - 1; left >= 0 && monitor.trip === null; left--) {
    stepMonitor(monitor, sample)
    if (!staysCalm(monitor, sample, left * SAMPLE_MS)) continue
    monitor.nowMs += left * SAMPLE_MS
    return
  }
}

/** Flashing arrows have a memory of their own, and are looked at sample by sample. */
const staysCalm = (monitor: ConflictMonitor, sample: Sample, forMs: number): boolean =>
  monitor.trip === null &&
  monitor.program.arrows.length === 0 &&
  isAsBefore(monitor, sample) &&
  monitor.nowMs + forMs - monitor.aliveAtMs < WATCHDOG_MS

/** The first check that fails names the trip. */
function latch(monitor: ConflictMonitor, check: MonitorCheck, channels: Bits): void {
  const named = withPartners(monitor.program.arrows, channels)
  monitor.trip ??= { check, channels: named >>> 0, atMs: monitor.nowMs }
}

function watchController(monitor: ConflictMonitor, watchdog: boolean): void {
  const { last } = monitor
  if (watchdog !== last.watchdog) monitor.aliveAtMs = monitor.nowMs
  last.watchdog = watchdog
  if (monitor.nowMs - monitor.aliveAtMs >= WATCHDOG_MS) latch(monitor, 'watchdog', 0)
}

/** The lamps have not changed and nothing is being timed: most samples of a day. */
function isAsBefore(
  { last, conflict, pulses, dual, dark, redAmber, rightOfWay }: ConflictMonitor,
  now: ChannelLamps,
): boolean {
  if (now.reds !== last.reds || now.yellows !== last.yellows || now.greens !== last.greens) return false
  const timed = conflict.raised | pulses.raised | dual.raised | dark.raised | redAmber.lawful
  return timed === 0 && !isUnsettled(rightOfWay)
}

/** What is shown at the same time, or not at all. */
function watchIndications(monitor: ConflictMonitor, lamps: ChannelLamps): void {
  const { program } = monitor
  const { reds, yellows, greens } = lamps
  const lawful = followRedAmber(monitor.redAmber, program, monitor.last, lamps)
  const conflicting = conflictsAmong(program, rightsOfWay(program, lamps))
  const dual = (greens & (reds | yellows)) | (reds & yellows & program.vehicles & ~lawful)
  const dark = program.wired & ~(reds | yellows | greens)
  latchAny(monitor, 'conflict', persist(monitor.conflict, conflicting))
  latchAny(monitor, 'dualIndication', persist(monitor.dual, dual))
  latchAny(monitor, 'recurrentPulses', persist(monitor.pulses, conflicting | dual))
  latchAny(monitor, 'redFailure', persist(monitor.dark, dark))
}

/** What follows what. */
function watchChanges(monitor: ConflictMonitor, lamps: ChannelLamps): void {
  const { program, rightOfWay, nowMs } = monitor
  passOver(rightOfWay, monitor.arrows.takenOver & ~lamps.greens)
  const beside = followEnds(rightOfWay, program, lamps.greens, nowMs)
  const short = followYellows(rightOfWay, lamps)
  const tooSoon = followBeginnings(rightOfWay, program, lamps.greens, nowMs)
  latchAny(monitor, 'skippedYellow', withoutYellow(rightOfWay, short))
  latchAny(monitor, 'shortYellow', short)
  latchAny(monitor, 'shortClearance', beside | tooSoon)
}

function latchAny(monitor: ConflictMonitor, check: MonitorCheck, channels: Bits): void {
  if (channels !== 0) latch(monitor, check, channels)
}

/** Channels that somebody may go by: green, walk, pedestrian clearance, and a yellow that is no red-amber. */
const rightsOfWay = ({ vehicles }: MonitorProgram, { reds, yellows, greens }: ChannelLamps): Bits =>
  greens | (yellows & ~(reds & vehicles))

function conflictsAmong({ conflicts }: MonitorProgram, active: Bits): Bits {
  let conflicting = 0
  for (let rest = active; rest !== 0; rest = withoutFirst(rest))
    if (((conflicts[firstOf(rest)] ?? 0) & active) !== 0) conflicting |= rest & -rest
  return conflicting
}
