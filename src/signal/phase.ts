/** The plain facts of a phase: its controller timing, how it is called, where its green rests, and its place in a ring. */
import type { PhaseId, RingId } from '#base/id.ts'
import type { Bilingual } from '#base/text.ts'

/** Controller timing of one phase (NTCIP 1202 2.2.2 phaseTable), all in ms; 0 where the phase does without. */
export interface PhaseTiming {
  readonly minGreenMs: number
  /** Each vehicle counted while the phase is not green adds this to its initial green; 0 = minimum green only. */
  readonly addedInitialMs: number
  /** Longest initial green that added initial may ask for. */
  readonly maxInitialMs: number
  /** Green is extended by this after each actuation until it gaps out. */
  readonly passageMs: number
  /** Gap reduction: how long after the first conflicting call the gap begins to shrink from passage … */
  readonly timeBeforeReductionMs: number
  /** … over what time it shrinks (0 = no gap reduction) … */
  readonly timeToReduceMs: number
  /** … and to what. */
  readonly minGapMs: number
  readonly max1Ms: number
  readonly max2Ms: number
  /**
   * Two max-outs in a row, and each that follows, lengthen the maximum in effect by a step, gap-outs shorten it; it moves
   * between its own value and the limit, above or below. 0 = fixed.
   */
  readonly dynamicMaxLimitMs: number
  readonly dynamicMaxStepMs: number
  readonly yellowMs: number
  readonly redClearMs: number
  /** Red between a yellow and the next green of the same phase (NEMA TS 2 3.5.3.1: at least 2 s). */
  readonly redRevertMs: number
  /** Red and amber together before green; 0 where the jurisdiction does not show it. */
  readonly redAmberMs: number
  /** 0 = the phase has no pedestrian movement. */
  readonly walkMs: number
  readonly pedClearMs: number
  /** Leading pedestrian interval: the first part of walk, before the vehicles' red-amber and green; 0 = together. */
  readonly leadingPedMs: number
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
  /**
   * True: at a barrier its green goes on being extended until all rings are ready together. False: it has gapped out
   * once its gap was too long once (NTCIP 1202 "simultaneous gap disable").
   */
  readonly simultaneousGapOut: boolean
  /** May be served out of its turn, before the barrier, while another ring's green still has the time for it. */
  readonly conditionalService: boolean
  /** Where its green goes when nobody waits: it stays green, or ends in red. */
  readonly rest: 'green' | 'red'
  /** While it rests in green, and nobody else waits, its pedestrians keep their walk. */
  readonly walkRest: boolean
  /** True: the last part of the pedestrian clearance, as long as the yellow, may run in the yellow. */
  readonly pedClearInYellow: boolean
}

/** The order of phases in each ring; one ring per inner list. Plans choose a sequence by number. */
export interface PhaseSequence {
  readonly number: number
  readonly rings: readonly (readonly PhaseId[])[]
}

/** The timing of which mostly nothing is said: no variable initial, no gap reduction, fixed maximum, no leading walk. */
export const PLAIN_TIMING = {
  addedInitialMs: 0,
  maxInitialMs: 0,
  timeBeforeReductionMs: 0,
  timeToReduceMs: 0,
  minGapMs: 0,
  dynamicMaxLimitMs: 0,
  dynamicMaxStepMs: 0,
  redRevertMs: 2_000,
  redAmberMs: 0,
  leadingPedMs: 0,
} satisfies Partial<PhaseTiming>

/** The service of a phase of which nothing is said: it rests in green, and its pedestrians are across before the yellow. */
export const PLAIN_SERVICE = {
  simultaneousGapOut: true,
  conditionalService: false,
  rest: 'green',
  walkRest: false,
  pedClearInYellow: false,
} satisfies Partial<Phase>
