/** Who wants to walk over a street: one person, when, over which crosswalk, and how fast. */

export interface Walker {
  /** Since the start of the run. */
  readonly departMs: number
  /** Number of the crossing in the network. */
  readonly crossing: number
  readonly speedMps: number
  /** Starts on the side on which vehicles leave the junction. */
  readonly fromExit: boolean
  /** Some wait without touching the button. */
  readonly pushes: boolean
}

/** Walkers in the order in which they come to the kerb. */
export interface WalkerSource {
  /** The next one if he comes before `untilMs`, taken from the source; null while there is none. */
  take(untilMs: number): Walker | null
}
