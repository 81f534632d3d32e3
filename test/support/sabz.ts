/** Runs the command line as a person would: a process of its own, with its output and exit code. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url))

export const LAUNCHER = fileURLToPath(new URL('../../src/app/sabz.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningSabz {
  readonly child: ChildProcess
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string }
  /** Resolves with the first match in what it prints; rejects when it ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  readonly finished: Promise<Finished>
}

interface Surroundings {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Typed at its terminal, whose end it then sees; without it there is none. */
  readonly input?: string
}

export const runSabz = (args: readonly string[], surroundings: Surroundings = {}): Promise<Finished> =>
  startSabz(args, surroundings).finished

export function startSabz(args: readonly string[], { cwd = PROJECT, env = {}, input }: Surroundings = {}): RunningSabz {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  const printed = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  const keep = (stream: 'stdout' | 'stderr') => (chunk: string) => {
    printed[stream] += chunk
    for (const look of watchers) look()
  }
  child.stdout.setEncoding('utf8').on('data', keep('stdout'))
  child.stderr.setEncoding('utf8').on('data', keep('stderr'))
  const finished = new Promise<Finished>((resolve) => child.once('close', (code) => resolve({ code, ...printed })))

  function waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(printed.stdout + printed.stderr)
        if (match === null) return
        watchers.delete(look)
        resolve(match)
      }
      watchers.add(look)
      look()
      void finished.then(({ code, stderr }) => reject(new Error(`ended with ${code} before ${pattern}:\n${stderr}`)))
    })
  }

  return { child, output: () => ({ ...printed }), waitFor, finished }
}
