/** The status groups of a controller, read from its memory. */
import type { Bits } from '#base/bits.ts'
import { unreachable } from '#base/invariant.ts'
import type { Calls } from './detection/calls.ts'
import type { Coordinator } from './coordination/coordination.ts'
import type { ChannelLayout, Layout } from './layout.ts'
import type { OverlapRun } from './overlaps/overlap-run.ts'
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
  const overlap = readOverlaps(overlaps)
  const channels = readChannels(layout.channels, phases, overlap)
  return {
    reds: phases.reds,
    yellows: phases.yellows,
    greens: phases.greens,
    redAmbers: phases.redAmbers,
    walks: phases.walks,
    pedClears: phases.pedClears,
    dontWalks: phases.dontWalks,
    vehicleCalls: calls.vehicle,
    pedestrianCalls: calls.pedestrian >>> 0,
    phaseOns: phases.phaseOns,
    phaseNexts: nextsOf(rings),
    overlapReds: overlap.reds >>> 0,
    overlapYellows: overlap.yellows >>> 0,
    overlapGreens: overlap.greens >>> 0,
    overlapFlashes: overlap.flashes >>> 0,
    channelReds: channels.reds >>> 0,
    channelYellows: channels.yellows >>> 0,
    channelGreens: channels.greens >>> 0,
    rings: rings.map(readRing),
    coordination: readCoordination(coordinator),
    preempt: readPreempt(preemption, priority),
    flash: unit.cause,
  }
}

function readPreempt(preemption: Preemption, { calls, active }: Priority): PreemptStatus {
  const { number, state } = preemptStatus(preemption)
  return {
    number,
    state,
    calls: preemption.calls.inputs,
    priorityCalls: checkedIn(calls),
    priorityActive: active?.bit ?? 0,
  }
}

type PhaseLamps = Pick<SignalStatus, 'reds' | 'yellows' | 'greens' | 'redAmbers' | 'walks' | 'pedClears' | 'dontWalks'>

function readChannels(channels: readonly ChannelLayout[], phases: PhaseLamps, overlap: OverlapLamps) {
  const lit = { reds: 0, yellows: 0, greens: 0 }
  for (const { bit, kind, source } of channels) {
    switch (kind) {
      case 'vehicle':
        if (((phases.reds | phases.redAmbers) & source) !== 0) lit.reds |= bit
        if (((phases.yellows | phases.redAmbers) & source) !== 0) lit.yellows |= bit
        if ((phases.greens & source) !== 0) lit.greens |= bit
        break
      case 'pedestrian':
        if ((phases.dontWalks & source) !== 0) lit.reds |= bit
        if ((phases.pedClears & source) !== 0) lit.yellows |= bit
        if ((phases.walks & source) !== 0) lit.greens |= bit
        break
      case 'overlap':
        if ((overlap.reds & source) !== 0) lit.reds |= bit
        if ((overlap.yellows & source) !== 0) lit.yellows |= bit
        if ((overlap.greens & source) !== 0) lit.greens |= bit
        break
      case 'flashingArrow':
        if ((overlap.litFlashes & source) !== 0) lit.greens |= bit
        break
      default:
        unreachable(kind)
    }
  }
  return lit
}

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

interface OverlapLamps {
  reds: Bits
  yellows: Bits
  greens: Bits
  flashes: Bits
  litFlashes: Bits
}

/** An arrow that flashes is in none of reds, yellows and greens; its section is lit every other half second. */
function readOverlaps(overlaps: readonly OverlapRun[]): OverlapLamps {
  const lamps = { reds: 0, yellows: 0, greens: 0, flashes: 0, litFlashes: 0 }
  for (const { layout, interval, lit } of overlaps) {
    const { bit } = layout
    if (interval === 'red' || interval === 'redClear' || interval === 'redAmber') lamps.reds |= bit
    if (interval === 'yellow' || interval === 'redAmber') lamps.yellows |= bit
    if (interval === 'green' || interval === 'trailing') lamps.greens |= bit
    if (interval === 'flash') lamps.flashes |= bit
    if (interval === 'flash' && lit) lamps.litFlashes |= bit
  }
  return lamps
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
