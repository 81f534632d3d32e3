/** What makes preemption or transit priority impossible, each with the facts that explain it. All times in ms. */

/** The phases that a preempt shows one after another. */
export type PreemptStep = 'track' | 'dwell' | 'exit'

export type PreemptTime =
  | 'delay'
  | 'minimumDuration'
  | 'maximumPresence'
  | 'lockout'
  | 'entryGreen'
  | 'entryWalk'
  | 'trackGreen'
  | 'dwellGreen'

/** `preempt` is its number. */
export type PreemptFault =
  | { readonly code: 'PREEMPT_NUMBER_INVALID'; readonly preempt: number; readonly most: number }
  | { readonly code: 'PREEMPT_TWICE'; readonly preempt: number }
  | {
      readonly code: 'PREEMPT_PRIORITY_INVALID'
      readonly preempt: number
      readonly priority: number
      readonly most: number
    }
  | {
      readonly code: 'PREEMPT_TIME_OUT_OF_RANGE'
      readonly preempt: number
      readonly time: PreemptTime
      readonly ms: number
      readonly leastMs: number
      readonly mostMs: number
    }
  /** The longest minimum that any phase has is shorter: it would never be what a green or a walk keeps. */
  | {
      readonly code: 'PREEMPT_ENTRY_ABOVE_MINIMUM'
      readonly preempt: number
      readonly time: Extract<PreemptTime, 'entryGreen' | 'entryWalk'>
      readonly entryMs: number
      readonly longestMs: number
    }
  /** An input that lasts so long is taken for broken before its delay is over. */
  | {
      readonly code: 'PREEMPT_NEVER_SERVED'
      readonly preempt: number
      readonly delayMs: number
      readonly maximumPresenceMs: number
    }
  | { readonly code: 'PREEMPT_TRACK_WITHOUT_PHASES'; readonly preempt: number }
  | {
      readonly code: 'PREEMPT_PHASE_UNKNOWN'
      readonly preempt: number
      readonly step: PreemptStep
      readonly phase: number
    }
  | {
      readonly code: 'PREEMPT_PHASES_CONFLICT'
      readonly preempt: number
      readonly step: PreemptStep
      readonly phases: readonly [number, number]
    }
  | { readonly code: 'PREEMPT_WALKS_WITHOUT_PEDESTRIANS'; readonly preempt: number }
  | { readonly code: 'PREEMPT_EXIT_PATTERN_UNKNOWN'; readonly preempt: number; readonly pattern: number }
  | { readonly code: 'PREEMPT_LINK_UNKNOWN'; readonly preempt: number; readonly link: number }
  /** The linked preempt could not take over; and links that go round could never end. */
  | {
      readonly code: 'PREEMPT_LINK_NOT_HIGHER'
      readonly preempt: number
      readonly link: number
      readonly priority: number
      readonly linkPriority: number
    }

export type PriorityLimit = 'extension' | 'reduction' | 'maximumPresence' | 'reserviceCycles' | 'leastLateness'

/** `strategy` is its number. */
export type PriorityFault =
  | { readonly code: 'PRIORITY_NUMBER_INVALID'; readonly strategy: number; readonly most: number }
  | { readonly code: 'PRIORITY_TWICE'; readonly strategy: number }
  /** ms; cycles and the s of lateness as they are. */
  | {
      readonly code: 'PRIORITY_VALUE_OUT_OF_RANGE'
      readonly strategy: number
      readonly limit: PriorityLimit
      readonly value: number
      readonly least: number
      readonly most: number
    }
  | { readonly code: 'PRIORITY_WITHOUT_PHASES'; readonly strategy: number }
  | { readonly code: 'PRIORITY_PHASE_UNKNOWN'; readonly strategy: number; readonly phase: number }
  | {
      readonly code: 'PRIORITY_PHASES_CONFLICT'
      readonly strategy: number
      readonly phases: readonly [number, number]
    }
  /** Neither a longer green nor an earlier one. */
  | { readonly code: 'PRIORITY_WITHOUT_EFFECT'; readonly strategy: number }
