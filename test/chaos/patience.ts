/** Waiting for what real programs bring about in their own time, longer than a test would. */
import { setTimeout as sleep } from 'node:timers/promises'

/** An edge offers its batches once a minute while central is away: twice that, and some. */
const LONGEST_MS = 150_000
const LOOK_EVERY_MS = 20

/** Asks until the answer is not undefined and gives it; throws with `what` when it never comes. */
export async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const answer = await within(LONGEST_MS, ask)
  if (answer === undefined) throw new Error(`did not come within ${LONGEST_MS / 1_000} s: ${what}`)
  return answer
}

/** As `eventually`; undefined when it does not come in time. */
export async function within<T>(
  limitMs: number,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const deadlineMs = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || performance.now() > deadlineMs) return answer
    await sleep(LOOK_EVERY_MS)
  }
}
