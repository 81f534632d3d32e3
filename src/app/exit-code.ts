/** What a command says to the shell that called it; the README lists the same codes. */

export const EXIT = {
  ok: 0,
  /** Checks failed: the command worked, and found something. */
  findings: 1,
  usage: 2,
  invalidConfig: 3,
  /** A device, a service or a port could not be reached or had. */
  cannotReach: 4,
  timedOut: 5,
  /** A bug of ours: a report file is written and named. */
  bug: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
