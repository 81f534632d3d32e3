/** The plain facts of a signalised intersection: approaches, lanes, detectors, phases, rings, overlaps, channels. */
import type { Bilingual } from '#base/text.ts'
import type { ChannelId, DetectorId, IntersectionId, OverlapId, PhaseId, RingId } from '#base/id.ts'

/** Controller timing of one phase (NTCIP 1202 2.2.2 phaseTable), all in ms. */
export interface PhaseTiming {
  readonly minGreenMs: number
  /** Green is extended by this after each actuation until it gaps out. */
  readonly passageMs: number
  readonly max1Ms: number
  readonly max2Ms: number
  readonly yellowMs: number
  readonly redClearMs: number
  /** Red and amber together before green; 0 where the jurisdiction does not show it. */
  readonly redAmberMs: number
  /** 0 = the phase has no pedestrian movement. */
  readonly walkMs: number
  readonly pedClearMs: number
}

export type Recall = 'none' | 'minimum' | 'maximum' | 'soft'

export interface Phase {
  readonly id: PhaseId
  readonly name: Bilingual
  readonly ring: RingId
  /** Barrier group, from 1: phases of different rings may run together only inside one group. */
  readonly barrier: number
  readonly timing: PhaseTiming
  readonly recall: Recall
  readonly pedestrianRecall: boolean
  /** A locking call stays until served; a non-locking call drops with its detector. */
  readonly lockingCall: boolean
  /** Serve together with a called phase of the other ring, even without a call of its own. */
  readonly dualEntry: boolean
}

/** The order of phases in each ring; one ring per inner list. Plans choose a sequence by number. */
export interface PhaseSequence {
  readonly number: number
  readonly rings: readonly (readonly PhaseId[])[]
}

/**
 * A signal group driven by phases: green while any included phase is green or two of them follow each other,
 * yellow and red clearance only when it really ends. `modifiers` are for the kinds that "The signal engine" adds.
 */
export interface Overlap {
  readonly id: OverlapId
  readonly name: Bilingual
  readonly kind: 'normal'
  readonly included: readonly PhaseId[]
}

/** Who drives a lamp: the vehicle or pedestrian side of a phase, or an overlap. */
export type HeadSource =
  | { readonly kind: 'vehicle'; readonly phase: PhaseId }
  | { readonly kind: 'pedestrian'; readonly phase: PhaseId }
  | { readonly kind: 'overlap'; readonly overlap: OverlapId }

export interface Channel {
  readonly id: ChannelId
  readonly source: HeadSource
}

export type Turn = 'left' | 'through' | 'right'

export interface Lane {
  /** Unique in the intersection, such as `N2`: approach letter, lane number from the kerb. */
  readonly id: string
  readonly turns: readonly Turn[]
  /** Storage in metres; the approach's length for a full lane, less for a turning pocket. */
  readonly lengthM: number
  readonly head: HeadSource
}

export interface Crosswalk {
  readonly lengthM: number
  readonly head: HeadSource
  /** The phase that its push button calls. */
  readonly phase: PhaseId
}

export interface Approach {
  /** Unique in the intersection, such as `N`. */
  readonly id: string
  readonly name: Bilingual
  /** Where its vehicles come from, degrees clockwise from north as seen from the centre. */
  readonly bearingDeg: number
  readonly speedKph: number
  readonly lengthM: number
  /** The intersection whose departures arrive here; null at the edge of the network. */
  readonly upstream: { readonly intersection: IntersectionId; readonly distanceM: number } | null
  readonly lanes: readonly Lane[]
  readonly crosswalk: Crosswalk | null
}

export type DetectorKind = 'stop-bar' | 'advance' | 'zone'

export interface Detector {
  readonly id: DetectorId
  readonly kind: DetectorKind
  /** Lanes it covers; more than one for a camera zone. */
  readonly lanes: readonly string[]
  /** Distance of its downstream edge from the stop line. */
  readonly setbackM: number
  readonly lengthM: number
  /** The phase that it calls and extends. */
  readonly phase: PhaseId
  /** The device that reads it (`controller`, or a card of the same cabinet) and the channel there. */
  readonly device: string
  readonly deviceChannel: number
}

export interface Intersection {
  readonly id: IntersectionId
  readonly name: Bilingual
  readonly latitude: number
  readonly longitude: number
  readonly phases: readonly Phase[]
  readonly sequences: readonly PhaseSequence[]
  /** Pairs that must not run together although rings and barriers would let them. */
  readonly extraConflicts: readonly (readonly [PhaseId, PhaseId])[]
  readonly overlaps: readonly Overlap[]
  readonly channels: readonly Channel[]
  readonly approaches: readonly Approach[]
  readonly detectors: readonly Detector[]
}
