/** Two clocks: monotonic for control, wall for labels. Pure rooms are handed the readings, never the clock. */

export interface Clock {
  /** Milliseconds since an arbitrary start; never steps back. */
  monoMs(): number
  /** Milliseconds since 1970-01-01T00:00:00Z; may be stepped by an operator or NTP. */
  epochMs(): number
}
