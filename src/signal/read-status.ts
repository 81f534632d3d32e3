/** The status groups of a controller, read from its memory. */
import type { Bits } from '#base/bits.ts'
import type { Calls } from './detection/calls.ts'
import type { Coordinator } from './coordination/coordination.ts'
import type { ChannelLayout, Layout } from './layout.ts'
import type { OverlapInterval, OverlapRun } from './overlaps/overlap-run.ts'
import { preemptStatus, type Preemption } from './preemption/preemption.ts'
import type { Priority } from './preemption/priority.ts'
import { checkedIn } from './preemption/priority-calls.ts'
import { phasesIn, walksIn, type Ring } from './rings/ring.ts'
import type { CoordinationStatus, PreemptStatus, RingStatus, SignalStatus } from './status.ts'
import { PATTERN_FREE } from './timing-plan.ts'
import type { Unit } from './unit/stages.ts'

interface Readable {
  readonly layout: Layout
  readonly rings: readonly Ring[]
  readonly overlaps: readonly OverlapRun[]
  readonly calls: Calls
  readonly coordinator: Coordinator
  readonly preemption: Preemption
  readonly priority: Priority
  readonly unit: Unit
}

/**
 * Each phase is in one of reds, redAmbers, greens and yellows. Channels are lamps: red-amber is red and yellow together,
 * a pedestrian channel shows walk as green, clearance as yellow and don't walk as red.
 */
export function readStatus({
  layout,
  rings,
  overlaps,
  calls,
  coordinator,
  preemption,
  priority,
  unit,
}: Readable): SignalStatus {
  const phases = readPhases(layout, rings)
  const { litFlashes, ...overlap } = readOverlaps(overlaps)
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
      lampOf({ vehicle: greens, pedestrian: walks, overlap: overlap.overlapGreens, flashingArrow: litFlashes }),
    ),
    rings: rings.map(readRing),
    coordination: readCoordination(coordinator),
    preempt: readPreempt(preemption, priority),
    flash: unit.cause,
  }
}

const readPreempt = (preemption: Preemption, { calls, active }: Priority): PreemptStatus => ({
  ...preemptStatus(preemption),
  calls: preemption.calls.inputs,
  priorityCalls: checkedIn(calls),
  priorityActive: active?.bit ?? 0,
})

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
    phaseOns: (phasesIn(rings, 'leadingPed') | redAmbers | greens | yellows | phasesIn(rings, 'redClear')) >>> 0,
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

/** An arrow that flashes is in none of reds, yellows and greens; its section is lit every other half second. */
function readOverlaps(overlaps: readonly OverlapRun[]) {
  const those = (wanted: (overlap: OverlapRun) => boolean) =>
    overlaps.reduce((bits, overlap) => (wanted(overlap) ? bits | overlap.layout.bit : bits), 0) >>> 0
  const overlapsIn = (...intervals: OverlapInterval[]) => those(({ interval }) => intervals.includes(interval))
  return {
    overlapReds: overlapsIn('red', 'redClear', 'redAmber'),
    overlapYellows: overlapsIn('yellow', 'redAmber'),
    overlapGreens: overlapsIn('green', 'trailing'),
    overlapFlashes: overlapsIn('flash'),
    litFlashes: those(({ interval, lit }) => interval === 'flash' && lit),
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
