/**
 * What a conflict monitor is told of its street, as by the program card of a real one: every channel conflicts with every
 * other but where a jumper permits the pair. Derived here from the plain facts, apart from the controller's own tables,
 * so that a mistake in those cannot approve itself.
 */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { Channel } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import { CHANNEL_TABLE } from './sample.ts'

export interface MonitorProgram {
  /** Channels that have lamps. */
  readonly wired: Bits
  /** Of them, those that vehicles look at: they owe a yellow after green. */
  readonly vehicles: Bits
  /** By channel: those that must not have right of way together with it. A channel without lamps may with none. */
  readonly conflicts: readonly Bits[]
  /** By channel: the longest red-amber that the site shows before green, 0 = none. */
  readonly redAmberMs: readonly number[]
  /** Arrows with a section that flashes on a channel of its own. */
  readonly arrows: readonly ArrowPair[]
}

export interface ArrowPair {
  readonly arrow: Bits
  readonly flash: Bits
}

/** Reads phases, rings, barriers, forbidden pairs, overlaps and channels; anything else of the intersection is ignored. */
export function programMonitor(intersection: Intersection): MonitorProgram {
  const { channels, overlaps } = intersection
  const wired = channels.map((channel) => wiringOf(channel, intersection))
  const conflicts = Array.from({ length: CHANNEL_TABLE }, (_, channel) => ~bitsOf([channel]) >>> 0)
  const redAmberMs = conflicts.map(() => 0)
  for (const one of wired) {
    const jumpers = wired.filter((other) => mayGoTogether(one, other, intersection) || areOneHead(one, other))
    conflicts[one.channel.id] = ~bitsOf([one.channel.id, ...jumpers.map((other) => other.channel.id)]) >>> 0
    if (one.forVehicles)
      redAmberMs[one.channel.id] = Math.max(0, ...one.drivers.map((phase) => phase.timing.redAmberMs))
  }
  return {
    wired: bitsOf(channels.map(({ id }) => id)),
    vehicles: bitsOf(wired.filter(({ forVehicles }) => forVehicles).map(({ channel }) => channel.id)),
    conflicts,
    redAmberMs,
    arrows: overlaps.flatMap(({ id }) => pairsOf(id, channels)),
  }
}

interface Wiring {
  readonly channel: Channel
  /** Phases that can light it; beside the others named it never is. */
  readonly drivers: readonly Phase[]
  readonly givesWayTo: readonly number[]
  readonly forVehicles: boolean
}

function wiringOf(channel: Channel, { phases, overlaps }: Intersection): Wiring {
  const { source } = channel
  const those = (numbers: readonly number[]) => phases.filter(({ id }) => numbers.includes(id))
  if (!('overlap' in source))
    return { channel, drivers: those([source.phase]), givesWayTo: [], forVehicles: source.kind === 'vehicle' }
  const overlap = overlaps.find(({ id }) => id === source.overlap)
  const isGreenArrow = overlap?.kind === 'flashingYellowArrow' && source.kind === 'overlap'
  return {
    channel,
    drivers: those((isGreenArrow ? overlap.modifiers : overlap?.included) ?? []),
    givesWayTo: overlap?.kind === 'minusGreenYellow' ? overlap.modifiers : [],
    forVehicles: overlap?.kind !== 'pedestrian',
  }
}

/** The channels of an arrow and of its flashing sections, one by one. */
function pairsOf(overlap: number, channels: readonly Channel[]): ArrowPair[] {
  const ofOverlap = channels.filter(({ source }) => 'overlap' in source && source.overlap === overlap)
  const arrows = ofOverlap.filter(({ source }) => source.kind === 'overlap')
  const flashes = ofOverlap.filter(({ source }) => source.kind === 'flashingArrow')
  return flashes.map(({ id }, index) => ({
    arrow: bitsOf(arrows.slice(index, index + 1).map((arrow) => arrow.id)),
    flash: bitsOf([id]),
  }))
}

/** Two sections of one arrow are judged as one head: together they are a dual indication, no conflict. */
const areOneHead = ({ channel: { source: a } }: Wiring, { channel: { source: b } }: Wiring): boolean =>
  'overlap' in a && 'overlap' in b && a.overlap === b.overlap

/** A pair is permitted as soon as one phase of each could be on at the same time, and neither gives way to the other. */
const mayGoTogether = (one: Wiring, other: Wiring, intersection: Intersection): boolean =>
  one.drivers.some((a) =>
    other.drivers.some(
      (b) =>
        (a.id === b.id || areConcurrent(a, b, intersection)) &&
        !one.givesWayTo.includes(b.id) &&
        !other.givesWayTo.includes(a.id),
    ),
  )

/** NTCIP 1202 concurrency, less the pairs that the site forbids. */
function areConcurrent(a: Phase, b: Phase, { extraConflicts }: Intersection): boolean {
  const forbidden = extraConflicts.some((pair) => pair.includes(a.id) && pair.includes(b.id))
  return a.ring !== b.ring && a.barrier === b.barrier && !forbidden
}
