/** The command envelope: pass or refuse, by name. It knows no strategy and is the only way to an output. */
import type { Bits } from '#base/bits.ts'
import type { PhaseControl, PriorityRequests, SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { IntersectionView } from '#signal/view.ts'

export type Refusal =
  | { readonly code: 'IMAGE_NOT_FRESH' }
  | { readonly code: 'CABINET_NOT_AVAILABLE'; readonly controlStatus: string }
  | { readonly code: 'PHASE_UNKNOWN'; readonly phases: Bits }
  | { readonly code: 'PATTERN_NOT_ALLOWED'; readonly pattern: number }
  | {
      readonly code: 'GREEN_BELOW_MINIMUM'
      readonly phase: number
      readonly shownMs: number
      readonly minGreenMs: number
    }
  /** Force-off of a phase while its walk or pedestrian clearance is shown. */
  | { readonly code: 'PEDESTRIAN_NOT_CLEARED'; readonly phases: Bits }
  | { readonly code: 'HOLD_AND_FORCE_OFF'; readonly phases: Bits }
  | { readonly code: 'OMIT_NOT_ALLOWED'; readonly phases: Bits }
  | { readonly code: 'OMIT_EMPTIES_RING'; readonly ring: number }
  /** Omit of a phase, or of its walk, while a pedestrian waits for it. */
  | { readonly code: 'OMIT_STRANDS_PEDESTRIAN'; readonly phases: Bits }
  /** A field of the command is not an unsigned 32-bit field: a bug of a strategy that must not reach the wire. */
  | { readonly code: 'NOT_A_BIT_FIELD'; readonly field: keyof PhaseControl | keyof PriorityRequests }
  /** Preempts, or transit priority, that the site does not let supervision call, or does not have. */
  | { readonly code: 'PREEMPT_NOT_ALLOWED'; readonly preempts: Bits }
  | { readonly code: 'PRIORITY_NOT_ALLOWED'; readonly priorities: Bits }
  /** Hold, force-off or omit while a preempt has the street: nobody steers against it. */
  | { readonly code: 'PREEMPT_IN_SERVICE'; readonly phases: Bits }
  | { readonly code: 'LEASE_OUT_OF_BOUNDS'; readonly leaseMs: number; readonly maxMs: number }

/** Parameter of the event `commandRefused`; numbers are never given twice. */
export const REFUSAL_NUMBERS: Readonly<Record<Refusal['code'], number>> = {
  IMAGE_NOT_FRESH: 1,
  CABINET_NOT_AVAILABLE: 2,
  PHASE_UNKNOWN: 3,
  PATTERN_NOT_ALLOWED: 4,
  GREEN_BELOW_MINIMUM: 5,
  PEDESTRIAN_NOT_CLEARED: 6,
  HOLD_AND_FORCE_OFF: 7,
  OMIT_NOT_ALLOWED: 8,
  OMIT_EMPTIES_RING: 9,
  OMIT_STRANDS_PEDESTRIAN: 10,
  NOT_A_BIT_FIELD: 11,
  LEASE_OUT_OF_BOUNDS: 12,
  PREEMPT_NOT_ALLOWED: 13,
  PRIORITY_NOT_ALLOWED: 14,
  PREEMPT_IN_SERVICE: 15,
}

export type Verdict =
  | { readonly pass: true; readonly command: SupervisoryCommand }
  | { readonly pass: false; readonly refusal: Refusal }

export type CheckCommand = (limits: CommandLimits, view: IntersectionView, command: SupervisoryCommand) => Verdict
