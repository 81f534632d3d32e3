/** When a long-running command ends: Ctrl-C, a signal, or the end of whoever started it. */
import { flushCompileCache } from 'node:module'
import { EXIT, type ExitCode } from './exit-code.ts'

/** Set by `sabz demo` for the processes that it starts: they end when it says so, not by the terminal's Ctrl-C. */
export const SUPERVISED_VARIABLE = 'SABZ_SUPERVISED'

// npm, a launcher and the terminal may all deliver the same Ctrl-C; what comes this soon after the first is the same one.
const SAME_INTERRUPT_MS = 400

// A stop that takes longer is a hang: what is on disk is safe, the process ends.
const STOP_MAX_MS = 1_500

export const isSupervised = (): boolean => process.env[SUPERVISED_VARIABLE] !== undefined

/**
 * Waits until the process is asked to end, or `over` resolves because its work is done, then calls `stop` and ends it with the exit code that belongs to the reason.
 * A second Ctrl-C, or a stop that hangs, ends the process at once.
 */
export async function runUntilAsked(stop: () => Promise<void>, over?: Promise<void>): Promise<never> {
  const asked = whenAsked()
  const code = await (over ? Promise.race([asked, over.then(() => EXIT.ok)]) : asked)
  setTimeout(() => process.exit(code), STOP_MAX_MS)
  await stop()
  // Not left to an empty event loop: a library's forgotten socket must not hold the terminal.
  process.exit(code)
}

/** Resolves when asked to end: 130 for an interrupt, 0 for a polite end (SIGTERM, the parent is gone). */
function whenAsked(): Promise<ExitCode> {
  const { promise, resolve } = Promise.withResolvers<ExitCode>()
  process.on('SIGTERM', () => resolve(EXIT.ok))
  process.on('SIGHUP', () => resolve(EXIT.ok))
  // The channel closes even when the parent is killed with -9.
  process.on('disconnect', () => resolve(EXIT.ok))
  if (isSupervised()) process.on('SIGINT', () => {})
  else onInterrupt(() => resolve(EXIT.interrupted))
  return promise
}

/** The first Ctrl-C calls `first`, a second one ends the process at once. Returns how to forget both. */
export function onInterrupt(first: () => void): () => void {
  let firstAtMs: number | null = null
  const interrupted = () => {
    const nowMs = performance.now()
    if (firstAtMs === null) {
      firstAtMs = nowMs
      first()
    } else if (nowMs - firstAtMs > SAME_INTERRUPT_MS) process.exit(EXIT.interrupted)
  }
  process.on('SIGINT', interrupted)
  return () => process.off('SIGINT', interrupted)
}

/** Tells the demo that the service stands; a service that was started by hand has nobody to tell. */
export function tellReady(facts: Readonly<Record<string, unknown>>): void {
  // What is loaded now is loaded next time too; an end by kill -9 would not write it.
  flushCompileCache()
  process.send?.({ type: 'ready', ...facts })
}
