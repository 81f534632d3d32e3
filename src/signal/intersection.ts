/** The plain facts of a signalised intersection: approaches and lanes, and what hangs on them. */
import type { IntersectionId, PhaseId } from '#base/id.ts'
import type { Bilingual } from '#base/text.ts'
import type { Detector } from './detector.ts'
import type { Channel, HeadSource, Intergreen, Overlap } from './heads.ts'
import type { Phase, PhaseSequence } from './phase.ts'

export type Turn = 'left' | 'through' | 'right'

export interface Lane {
  /** Unique in the intersection, such as `N2`: approach letter, lane number from the kerb. */
  readonly id: string
  readonly turns: readonly Turn[]
  /** Storage in metres; the approach's length for a full lane, less for a turning pocket. */
  readonly lengthM: number
  readonly head: HeadSource
  /** Who turns right here may go on red after a stop, while nobody comes; not allowed where nothing is said, as in Iran. */
  readonly rightOnRed?: boolean
  /** Of a lane whose ways do not all go with its head: the heads of those that have another. */
  readonly turnHeads?: Readonly<Partial<Record<Turn, HeadSource>>>
}

export interface Crosswalk {
  readonly lengthM: number
  readonly head: HeadSource
  /** The phase that its push button calls. */
  readonly phase: PhaseId
}

/** The intersection from which an approach gets its vehicles. */
export interface Upstream {
  /** The nearest one, where there are several. */
  readonly intersection: IntersectionId
  readonly distanceM: number
  /** All ways that lead here, as far as the network tells; no part of what the controller runs. */
  readonly feeders?: readonly Feeder[]
}

/** A way over another intersection by which vehicles come to an approach. */
export interface Feeder {
  readonly intersection: IntersectionId
  readonly approach: string
  readonly turn: Turn
  /** From stop line to stop line. */
  readonly distanceM: number
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
  readonly upstream: Upstream | null
  readonly lanes: readonly Lane[]
  readonly crosswalk: Crosswalk | null
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
  /** Longer times between two heads than their yellow and red clearance. */
  readonly intergreens: readonly Intergreen[]
  readonly overlaps: readonly Overlap[]
  readonly channels: readonly Channel[]
  readonly approaches: readonly Approach[]
  readonly detectors: readonly Detector[]
}
