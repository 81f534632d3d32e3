/** The status groups of a controller, read from its memory. */
import type { Bits } from '#base/bits.ts'
import type { Calls } from './detection/calls.ts'
import type { Coordinator } from './coordination/coordination.ts'
import type { ChannelLayout, Layout } from './layout.ts'
import type { OverlapRun } from './overlaps/overlaps.ts'
import { phasesIn, walksIn, type Ring } from './rings/ring.ts'
import type { CoordinationStatus, PreemptStatus, RingStatus, SignalStatus } from './status.ts'
import { PATTERN_FREE } from './timing-plan.ts'

interface Readable {
  readonly layout: Layout
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  readonly calls: Calls
  readonly coordinator: Coordinator
}

/**
 * Each phase is in one of reds, redAmbers, greens and yellows. Channels are lamps: red-amber is red and yellow together,
 * a pedestrian channel shows walk as green, clearance as yellow and don't walk as red.
 */
export function readStatus({ layout, rings, overlaps, calls, coordinator }: Readable): SignalStatus {
  const phases = readPhases(layout, rings)
  const overlap = readOverlaps(overlaps)
  const lamps = (lit: (channel: ChannelLayout) => Bits) =>
    layout.channels.reduce(
      (bits, channel) => ((lit(channel) & channel.source) === 0 ? bits : bits | channel.bit),
      0,
    ) >>> 0
  const { greens, yellows, reds, redAmbers, walks, pedClears, dontWalks } = phases
  return {
    ...phases,
    vehicleCalls: calls.vehicle,
    pedestrianCalls: calls.pedestrian >>> 0,
    phaseNexts: nextsOf(rings),
    ...overlap,
    channelReds: lamps(
      lampOf({ vehicle: reds | redAmbers, pedestrian: dontWalks, overlap: overlap.overlapReds, flashingArrow: 0 }),
    ),
    channelYellows: lamps(
      lampOf({
        vehicle: yellows | redAmbers,
        pedestrian: pedClears,
        overlap: overlap.overlapYellows,
        flashingArrow: 0,
      }),
    ),
    channelGreens: lamps(
      lampOf({ vehicle: greens, pedestrian: walks, overlap: overlap.overlapGreens, flashingArrow: 0 }),
    ),
    rings: rings.map(readRing),
    coordination: readCoordination(coordinator),
    preempt: NO_PREEMPT,
    flash: 'none',
  }
}

const NO_PREEMPT: PreemptStatus = { number: 0, state: 'none', calls: 0, priorityCalls: 0, priorityActive: 0 }

const lampOf =
  (sources: Readonly<Record<ChannelLayout['kind'], Bits>>) =>
  ({ kind }: ChannelLayout): Bits =>
    sources[kind]

function readPhases(layout: Layout, rings: readonly Ring[]) {
  const greens = phasesIn(rings, 'green')
  const yellows = phasesIn(rings, 'yellow')
  const redAmbers = phasesIn(rings, 'redAmber')
  const walks = walksIn(rings)
  const pedClears = clearancesIn(rings)
  return {
    reds: (layout.all & ~(greens | yellows | redAmbers)) >>> 0,
    yellows,
    greens,
    redAmbers,
    walks,
    pedClears,
    dontWalks: (layout.all & ~(walks | pedClears)) >>> 0,
    phaseOns: (greens | yellows | redAmbers | phasesIn(rings, 'redClear')) >>> 0,
  }
}

function clearancesIn(rings: readonly Ring[]): Bits {
  let bits = 0
  for (const { phase, pedestrians } of rings) if (phase !== null && pedestrians === 'clearance') bits |= phase.bit
  return bits >>> 0
}

function nextsOf(rings: readonly Ring[]): Bits {
  let bits = 0
  for (const { next } of rings) if (next !== null) bits |= next.bit
  return bits >>> 0
}

function readOverlaps(overlaps: readonly OverlapRun[]) {
  const those = (...intervals: OverlapRun['interval'][]) =>
    overlaps.reduce((bits, { layout, interval }) => (intervals.includes(interval) ? bits | layout.bit : bits), 0) >>> 0
  return {
    overlapReds: those('red', 'redClear', 'redAmber'),
    overlapYellows: those('yellow', 'redAmber'),
    overlapGreens: those('green'),
    overlapFlashes: 0,
  }
}

const readRing = ({ phase, interval, elapsedMs, termination }: Ring): RingStatus => ({
  phase: phase?.number ?? 0,
  interval,
  elapsedMs,
  termination,
})

function readCoordination({ plan, localMs, transition }: Coordinator): CoordinationStatus {
  return {
    pattern: plan?.pattern ?? PATTERN_FREE,
    cycleMs: plan?.cycleMs ?? 0,
    localCycleMs: localMs,
    offsetMs: plan?.offsetMs ?? 0,
    transition,
  }
}
