/** High-resolution events from the difference of two images, for controllers without a log of their own: as fine as the scan. */
import { hasBit, listBits, type Bits } from '#base/bits.ts'
import { EVENT } from '#signal/events.ts'
import {
  TRANSITIONS,
  type ControlStatus,
  type FlashCause,
  type PreemptState,
  type PreemptStatus,
  type RingStatus,
  type SignalStatus,
  type Termination,
  type UnitStatus,
} from '#signal/status.ts'

export interface CodeAndParameter {
  readonly code: number
  readonly parameter: number
}

interface Edge {
  readonly of: keyof SignalStatus
  readonly on: number | null
  readonly off: number | null
}

/** Bit fields whose edges are events, in the order of the street: what ends, */
const ENDINGS: readonly Edge[] = [
  { of: 'greens', on: null, off: EVENT.greenTermination },
  { of: 'yellows', on: EVENT.beginYellow, off: EVENT.endYellow },
  { of: 'pedClears', on: EVENT.pedClear, off: null },
  { of: 'dontWalks', on: EVENT.dontWalk, off: null },
  { of: 'overlapFlashes', on: null, off: EVENT.arrowFlashEnd },
  { of: 'overlapYellows', on: EVENT.overlapYellow, off: EVENT.overlapRedClear },
  { of: 'overlapReds', on: EVENT.overlapOff, off: null },
]

/** and what begins when it has. */
const BEGINNINGS: readonly Edge[] = [
  { of: 'phaseOns', on: EVENT.phaseOn, off: EVENT.phaseInactive },
  { of: 'redAmbers', on: EVENT.redAmber, off: null },
  { of: 'greens', on: EVENT.beginGreen, off: null },
  { of: 'overlapGreens', on: EVENT.overlapGreen, off: null },
  { of: 'overlapFlashes', on: EVENT.arrowFlashBegin, off: null },
  { of: 'walks', on: EVENT.walk, off: null },
  { of: 'vehicleCalls', on: EVENT.callRegistered, off: EVENT.callDropped },
  { of: 'pedestrianCalls', on: EVENT.pedCall, off: null },
]

const EDGES: readonly Edge[] = [...ENDINGS, ...BEGINNINGS]

const TERMINATION_EVENTS: Readonly<Record<Termination, number | null>> = {
  none: null,
  gapOut: EVENT.gapOut,
  maxOut: EVENT.maxOut,
  forceOff: EVENT.forceOff,
  preempt: EVENT.preemptForceOff,
  priority: EVENT.priorityForceOff,
}

/** Parameter of event 155, NTCIP 1202 unitControlStatus; 1 = other. */
const UNIT_CONTROL: Readonly<Record<ControlStatus, number>> = {
  local: 6,
  supervised: 2,
  manual: 5,
  backup: 4,
  preempt: 1,
  flash: 1,
  fault: 1,
}

/** Parameter of event 173, NTCIP 1202 unitFlashStatus. */
const FLASH_STATUS: Readonly<Record<FlashCause, number>> = {
  none: 2,
  automatic: 3,
  technician: 4,
  conflictMonitor: 6,
  local: 4,
  startup: 7,
  preempt: 8,
}

/** What the lamps, calls, rings and the coordinator did between two images; `crossings`: the overlaps that walk. */
export function signalEvents(
  before: SignalStatus,
  after: SignalStatus,
  crossings: Bits = 0,
): readonly CodeAndParameter[] {
  if (looksTheSame(before, after)) return NONE
  return [
    ...breakInEvents(before.preempt, after.preempt),
    ...terminations(before, after),
    ...edgesOf(ENDINGS, before, after).flatMap((event) => ofCrossing(event, crossings)),
    ...clearances(before, after),
    ...edgesOf(BEGINNINGS, before, after).flatMap((event) => ofCrossing(event, crossings)),
    ...coordinationEvents(before.coordination, after.coordination),
  ]
}

/** Only times have gone on, as in most ticks. */
const looksTheSame = (before: SignalStatus, after: SignalStatus): boolean =>
  EDGES.every(({ of }) => before[of] === after[of]) &&
  after.rings.length === before.rings.length &&
  after.rings.every((ring, i) => isSameRing(ring, before.rings[i])) &&
  before.preempt.number === after.preempt.number &&
  before.preempt.state === after.preempt.state &&
  before.preempt.calls === after.preempt.calls &&
  before.preempt.priorityCalls === after.preempt.priorityCalls &&
  before.preempt.priorityActive === after.preempt.priorityActive &&
  before.coordination.pattern === after.coordination.pattern &&
  before.coordination.cycleMs === after.coordination.cycleMs &&
  before.coordination.offsetMs === after.coordination.offsetMs &&
  before.coordination.transition === after.coordination.transition

const isSameRing = (now: RingStatus, before: RingStatus | undefined): boolean =>
  now.phase === before?.phase && now.interval === before.interval

/** What a crossing logs in the place of a vehicle overlap; it has no red clearance. */
const OF_CROSSINGS: ReadonlyMap<number, number | null> = new Map([
  [EVENT.overlapGreen, EVENT.pedOverlapWalk],
  [EVENT.overlapYellow, EVENT.pedOverlapClear],
  [EVENT.overlapRedClear, null],
  [EVENT.overlapOff, EVENT.pedOverlapDontWalk],
])

function ofCrossing(event: CodeAndParameter, crossings: Bits): CodeAndParameter[] {
  const code = OF_CROSSINGS.get(event.code)
  if (code === undefined || !hasBit(crossings, event.parameter)) return [event]
  return code === null ? [] : [{ ...event, code }]
}

/** What each state of a preempt is told as, once it is reached; the input's own codes tell the delay. */
const PREEMPT_STATE_EVENTS: Readonly<Partial<Record<PreemptState, number>>> = {
  entry: EVENT.preemptEntry,
  track: EVENT.preemptTrack,
  dwell: EVENT.preemptDwell,
  exit: EVENT.preemptExit,
}

/** Who broke in, or asked for priority, and how far he got. */
function breakInEvents(before: PreemptStatus, after: PreemptStatus): readonly CodeAndParameter[] {
  const { number, state } = after
  const reached = number === before.number && state === before.state ? undefined : PREEMPT_STATE_EVENTS[state]
  const onOff = (field: 'calls' | 'priorityCalls' | 'priorityActive', on: number, off: number) =>
    edges(before[field], after[field], { on, off })
  return [
    ...onOff('calls', EVENT.preemptCallOn, EVENT.preemptCallOff),
    ...(reached === undefined ? [] : [{ code: reached, parameter: number }]),
    ...onOff('priorityCalls', EVENT.priorityCheckIn, EVENT.priorityCheckOut),
    ...onOff('priorityActive', EVENT.priorityServiceStart, EVENT.priorityServiceEnd),
  ]
}

/** What the unit did between two images. */
export function unitEvents(before: UnitStatus, after: UnitStatus): readonly CodeAndParameter[] {
  const events: CodeAndParameter[] = []
  if (after.uptimeMs < before.uptimeMs) events.push({ code: EVENT.powerRestored, parameter: 0 })
  if (after.controlStatus !== before.controlStatus) {
    events.push({ code: EVENT.unitControl, parameter: UNIT_CONTROL[after.controlStatus] })
  }
  if (after.flashCause !== before.flashCause) {
    events.push({ code: EVENT.flashState, parameter: FLASH_STATUS[after.flashCause] })
  }
  return [...events, ...edges(before.alarmBits, after.alarmBits, { on: EVENT.alarmOn, off: EVENT.alarmOff })]
}

const edgesOf = (list: readonly Edge[], before: SignalStatus, after: SignalStatus): CodeAndParameter[] =>
  list.flatMap(({ of, on, off }) =>
    before[of] === after[of] ? NONE : edges(before[of] as Bits, after[of] as Bits, { on, off }),
  )

const NONE: readonly CodeAndParameter[] = []

/** Numbers whose bit went out, then those whose bit came on; a null code is no event. */
export function edges(before: Bits, after: Bits, codes: { on: number | null; off: number | null }): CodeAndParameter[] {
  const events: CodeAndParameter[] = []
  const add = (code: number | null, bits: Bits) => {
    if (code !== null) for (const parameter of listBits(bits)) events.push({ code, parameter })
  }
  add(codes.off, (before & ~after) >>> 0)
  add(codes.on, (after & ~before) >>> 0)
  return events
}

/** The reason of a green that ended stands in its ring, even when the ring has moved on to yellow or further. */
function terminations(before: SignalStatus, after: SignalStatus): CodeAndParameter[] {
  return before.rings.flatMap((ring, index) => {
    const now = after.rings[index]
    if (!now || ring.interval !== 'green' || isGreenOf(now, ring.phase)) return []
    const code = TERMINATION_EVENTS[now.termination]
    return code === null ? [] : [{ code, parameter: ring.phase }]
  })
}

const isGreenOf = (ring: RingStatus, phase: number): boolean => ring.phase === phase && ring.interval === 'green'

function clearances(before: SignalStatus, after: SignalStatus): CodeAndParameter[] {
  return after.rings.flatMap((now, index) => {
    const then = before.rings[index]
    if (!then) return []
    const ended = then.interval === 'redClear' && !(now.interval === 'redClear' && now.phase === then.phase)
    const began = now.interval === 'redClear' && !(then.interval === 'redClear' && now.phase === then.phase)
    return [
      ...(ended ? [{ code: EVENT.endRedClear, parameter: then.phase }] : []),
      ...(began ? [{ code: EVENT.beginRedClear, parameter: now.phase }] : []),
    ]
  })
}

function coordinationEvents(before: SignalStatus['coordination'], after: SignalStatus['coordination']) {
  const events: CodeAndParameter[] = []
  if (after.pattern !== before.pattern) events.push({ code: EVENT.pattern, parameter: after.pattern })
  if (after.cycleMs !== before.cycleMs) events.push({ code: EVENT.cycleS, parameter: wholeSeconds(after.cycleMs) })
  if (after.offsetMs !== before.offsetMs) events.push({ code: EVENT.offsetS, parameter: wholeSeconds(after.offsetMs) })
  if (after.transition !== before.transition) {
    events.push({ code: EVENT.cycleState, parameter: TRANSITIONS.indexOf(after.transition) })
  }
  return events
}

const wholeSeconds = (ms: number): number => Math.round(ms / 1_000)
