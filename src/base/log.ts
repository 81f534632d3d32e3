/** How the parts that touch the world speak to their operator: one line, with a code that `docs/errors.md` explains. */

export type LogLevel = 'info' | 'warn' | 'error'

/** `code` is stable and searchable; `message` says place, rule and remedy. */
export type Log = (level: LogLevel, code: string, message: string) => void
