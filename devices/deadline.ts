/** When a call must have returned, by the monotonic clock. */

export interface Deadline {
  readonly atMonoMs: number
  /** What the caller gave, for the fault. */
  readonly afterMs: number
}

export const deadlineIn = (timeoutMs: number): Deadline => ({
  atMonoMs: performance.now() + timeoutMs,
  afterMs: timeoutMs,
})

export const remainingMs = (deadline: Deadline): number => Math.max(0, deadline.atMonoMs - performance.now())
