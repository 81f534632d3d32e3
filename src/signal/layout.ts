/** A timing database turned into the tables that a controller runs on: bit fields, neighbours in the ring, conflicts. */
import { at } from '#base/at.ts'
import { bit, bitsOf, type Bits } from '#base/bits.ts'
import type { ChannelId, PhaseId } from '#base/id.ts'
import { NUMBERED, phaseConflicts } from './conflicts.ts'
import type { Channel, HeadSource } from './heads.ts'
import type { Intersection } from './intersection.ts'
import type { Phase, PhaseSequence, PhaseTiming } from './phase.ts'
import { layOutDetectors, type DetectorLayout } from './detection/detector-layout.ts'
import {
  layOutOverlap,
  overlapsAbout,
  type ConflictingOverlaps,
  type OverlapLayout,
} from './overlaps/overlap-layout.ts'
import { layOutIntergreens, type IntergreenLayout } from './rings/intergreen-layout.ts'
import { latenesses, type Lateness } from './rings/lateness.ts'
import { barrierOrder } from './rings/turns.ts'

/** One phase as the rings need it; `ring` counts from 0. */
export interface PhaseLayout extends ConflictingOverlaps {
  readonly number: PhaseId
  readonly bit: Bits
  readonly ring: number
  readonly barrier: number
  readonly timing: PhaseTiming
  /** Yellow and red clearance together. */
  readonly clearanceMs: number
  readonly maximumRecall: boolean
  readonly pedestrianRecall: boolean
  readonly restsInRed: boolean
  readonly simultaneousGapOut: boolean
  readonly walkRest: boolean
  readonly pedClearInYellow: boolean
  /** What of the pedestrian clearance must be over before the yellow. */
  readonly clearInGreenMs: number
  /** Phases that must be over, clearance included, before it starts. */
  readonly conflicts: Bits
  /** Overlaps that are green whenever it is. */
  readonly overlaps: Bits
}

/** The order of one ring: its phases by barrier group. */
export interface RingOrder {
  /** By barrier number. */
  readonly groups: readonly (readonly PhaseLayout[])[]
  /** By barrier number: the bits of the group. */
  readonly bits: readonly Bits[]
  /** By phase number: the bits of the phases that follow in its group. */
  readonly after: readonly Bits[]
}

export interface SequenceLayout {
  readonly number: number
  /** Barrier numbers in the order in which the rings meet them. */
  readonly barriers: readonly number[]
  readonly rings: readonly RingOrder[]
}

/** What a channel shows: one bit of the phase, pedestrian or overlap status. */
export interface ChannelLayout {
  readonly number: ChannelId
  readonly bit: Bits
  readonly kind: HeadSource['kind']
  readonly source: Bits
}

export interface Layout {
  /** Ascending. */
  readonly phases: readonly PhaseLayout[]
  readonly ringCount: number
  readonly sequences: readonly SequenceLayout[]
  readonly overlaps: readonly OverlapLayout[]
  readonly channels: readonly ChannelLayout[]
  readonly detectors: readonly DetectorLayout[]
  readonly intergreens: IntergreenLayout
  readonly latenesses: readonly Lateness[]
  readonly all: Bits
  /** By ring index. */
  readonly phasesOfRings: readonly Bits[]
  readonly withPedestrians: Bits
  readonly locking: Bits
  readonly dualEntry: Bits
  readonly conditionalService: Bits
  /** Minimum or maximum recall. */
  readonly recalled: Bits
  readonly softRecalled: Bits
  readonly pedestrianRecalled: Bits
}

export function layOut(intersection: Intersection): Layout {
  const phases = intersection.phases.toSorted((a, b) => a.id - b.id).map((phase) => layOutPhase(phase, intersection))
  const those = (wanted: (phase: Phase) => boolean) => bitsOf(intersection.phases.filter(wanted).map(({ id }) => id))
  const ringCount = Math.max(...intersection.sequences.map(({ rings }) => rings.length))
  return {
    phases,
    ringCount,
    sequences: intersection.sequences.map((sequence) => layOutSequence(sequence, phases)),
    overlaps: intersection.overlaps.map((overlap) => layOutOverlap(overlap, phases, intersection)),
    channels: intersection.channels.map(layOutChannel),
    detectors: layOutDetectors(intersection),
    intergreens: layOutIntergreens(intersection),
    latenesses: latenesses(intersection),
    all: those(() => true),
    phasesOfRings: Array.from({ length: ringCount }, (_, index) => those(({ ring }) => ring === index + 1)),
    withPedestrians: those(({ timing }) => timing.walkMs > 0),
    locking: those(({ lockingCall }) => lockingCall),
    dualEntry: those(({ dualEntry }) => dualEntry),
    conditionalService: those(({ conditionalService }) => conditionalService),
    recalled: those(({ recall }) => recall === 'minimum' || recall === 'maximum'),
    softRecalled: those(({ recall }) => recall === 'soft'),
    pedestrianRecalled: those(({ pedestrianRecall }) => pedestrianRecall),
  }
}

/** The sequence of that number; the first where no plan names one. */
export function sequenceOf(layout: Layout, number?: number): SequenceLayout {
  return layout.sequences.find((sequence) => sequence.number === number) ?? at(layout.sequences, 0)
}

function layOutPhase(phase: Phase, intersection: Intersection): PhaseLayout {
  const { timing } = phase
  return {
    number: phase.id,
    bit: bit(phase.id),
    ring: phase.ring - 1,
    barrier: phase.barrier,
    timing,
    clearanceMs: timing.yellowMs + timing.redClearMs,
    maximumRecall: phase.recall === 'maximum',
    pedestrianRecall: phase.pedestrianRecall,
    restsInRed: phase.rest === 'red',
    simultaneousGapOut: phase.simultaneousGapOut,
    walkRest: phase.walkRest,
    pedClearInYellow: phase.pedClearInYellow,
    clearInGreenMs: timing.pedClearMs - (phase.pedClearInYellow ? timing.yellowMs : 0),
    conflicts: at(phaseConflicts(intersection), phase.id),
    ...overlapsAbout(phase, intersection),
  }
}

function layOutSequence({ number, rings }: PhaseSequence, phases: readonly PhaseLayout[]): SequenceLayout {
  const orders = rings.map((ring) => ring.flatMap((phase) => phases.filter((candidate) => candidate.number === phase)))
  const barriers = barrierOrder(orders)
  return { number, barriers, rings: orders.map((order) => layOutRing(order, barriers)) }
}

function layOutRing(order: readonly PhaseLayout[], barriers: readonly number[]): RingOrder {
  const byBarrier = Array.from({ length: Math.max(0, ...barriers) + 1 }, (_, barrier) => barrier)
  const groups = byBarrier.map((barrier) => order.filter((phase) => phase.barrier === barrier))
  const after = Array.from({ length: NUMBERED }, () => 0)
  for (const group of groups)
    group.forEach((phase, position) => {
      after[phase.number] = bitsOf(group.slice(position + 1).map((later) => later.number))
    })
  return { groups, bits: groups.map((group) => bitsOf(group.map((phase) => phase.number))), after }
}

function layOutChannel({ id, source }: Channel): ChannelLayout {
  const number = 'overlap' in source ? source.overlap : source.phase
  return { number: id, bit: bit(id), kind: source.kind, source: bit(number) }
}
