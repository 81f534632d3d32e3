/** Waits for something that real programs bring about in their own time. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Supervision comes back after some ten seconds on a quiet machine. */
const LONGEST_MS = 50_000

/** Asks until the answer is not undefined and gives it; throws with `what` when it never comes. */
export async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + LONGEST_MS
  while (performance.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(20)
  }
  throw new Error(`did not come: ${what}`)
}

/** Waits until a sentence is true. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(what, async () => ((await isTrue()) ? true : undefined))
}
