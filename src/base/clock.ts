/** Two clocks: monotonic for control, wall for labels. Pure rooms are handed the readings, never the clock. */

export interface Clock {
  /** Milliseconds since an arbitrary start; never steps back. */
  monoMs(): number
  /** Milliseconds since 1970-01-01T00:00:00Z; may be stepped by an operator or NTP. */
  epochMs(): number
  /**
   * Acts once, so many ms from now, unless it is called off. A virtual clock has timers of its own; one without them means
   * those of the machine.
   */
  after?(ms: number, act: () => void): CallOff
}

export type CallOff = () => void
