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
}

/** Reads phases, rings, barriers, forbidden pairs, overlaps and channels; anything else of the intersection is ignored. */
export function programMonitor(intersection: Intersection): MonitorProgram {
  const wired = intersection.channels.map((channel) => ({ channel, drivers: driversOf(channel, intersection) }))
  const conflicts = Array.from({ length: CHANNEL_TABLE }, (_, channel) => ~bitsOf([channel]) >>> 0)
  const redAmberMs = conflicts.map(() => 0)
  for (const { channel, drivers } of wired) {
    const jumpers = wired.filter((other) => mayGoTogether(drivers, other.drivers, intersection))
    conflicts[channel.id] = ~bitsOf([channel.id, ...jumpers.map((other) => other.channel.id)]) >>> 0
    if (isForVehicles(channel)) redAmberMs[channel.id] = Math.max(0, ...drivers.map((phase) => phase.timing.redAmberMs))
  }
  const channels = intersection.channels
  return {
    wired: bitsOf(channels.map(({ id }) => id)),
    vehicles: bitsOf(channels.filter(isForVehicles).map(({ id }) => id)),
    conflicts,
    redAmberMs,
  }
}

const isForVehicles = ({ source }: Channel): boolean => source.kind !== 'pedestrian'

/** The phases that can light the channel. */
function driversOf({ source }: Channel, { phases, overlaps }: Intersection): readonly Phase[] {
  const numbers =
    'overlap' in source
      ? overlaps.filter(({ id }) => id === source.overlap).flatMap(({ included }) => included)
      : [source.phase]
  return phases.filter(({ id }) => numbers.includes(id))
}

/** A pair is permitted as soon as one phase of each could be on at the same time. */
const mayGoTogether = (some: readonly Phase[], others: readonly Phase[], intersection: Intersection): boolean =>
  some.some((a) => others.some((b) => a.id === b.id || areConcurrent(a, b, intersection)))

/** NTCIP 1202 concurrency, less the pairs that the site forbids. */
function areConcurrent(a: Phase, b: Phase, { extraConflicts }: Intersection): boolean {
  const forbidden = extraConflicts.some((pair) => pair.includes(a.id) && pair.includes(b.id))
  return a.ring !== b.ring && a.barrier === b.barrier && !forbidden
}
