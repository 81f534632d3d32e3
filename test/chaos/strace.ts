/** A tracer that lets a process die, or fails it, at exactly one call that touches certain files. */
import { readFileSync } from 'node:fs'

export interface Trap {
  /** Such as `write`. */
  readonly syscall: string
  /** The how many-th such call that touches one of the files. */
  readonly nth: number
  readonly paths: readonly string[]
}

/** The command that runs another one and kills it before the call is made. */
export function killAt({ syscall, nth, paths }: Trap): string[] {
  return [...tracing([syscall], paths, '/dev/null'), '-e', `inject=${syscall}:signal=KILL:when=${nth}`]
}

/** `when` as strace has it: `4`, `4+` (from the fourth on), `4+3` (every third from the fourth on). */
export function failAt(syscall: string, { error, when, paths }: FailTrap): string[] {
  return [...tracing([syscall], paths, '/dev/null'), '-e', `inject=${syscall}:error=${error}:when=${when}`]
}

export interface FailTrap {
  readonly error: string
  readonly when: string
  readonly paths: readonly string[]
}

/** The command that runs another one and writes down its calls to a file; no paths: all files. */
export function tracing(syscalls: readonly string[], paths: readonly string[], log: string): string[] {
  const filter = paths.flatMap((path) => ['-P', path])
  return ['strace', '-f', '-qq', '-y', '-s', '0', '-o', log, ...filter, '-e', `trace=${syscalls.join(',')}`]
}

/** How often each call was made, by what `tracing` wrote down. */
export function countCalls(log: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const syscall = /^\d+ +([a-z0-9_]+)\(/.exec(line)?.[1]
    if (syscall !== undefined) counts.set(syscall, (counts.get(syscall) ?? 0) + 1)
  }
  return counts
}

/** Every path below a folder that was opened, relative to it. */
export function openedBelow(log: string, folder: string): string[] {
  const opened = [...readFileSync(log, 'utf8').matchAll(/open(?:at)?\([^"]*"([^"]+)"/g)].map(([, path = '']) => path)
  const below = opened.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1))
  return [...new Set(below)]
}
