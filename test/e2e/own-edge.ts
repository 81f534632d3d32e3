/** Starts an edge of one crossing as a process, and keeps what it tells. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import type { Told } from './edge-of-one.ts'

const SCRIPT = fileURLToPath(new URL('edge-of-one.ts', import.meta.url))

export interface Heard extends Told {
  /** By the parent's clock. */
  readonly heardEpochMs: number
}

export interface OwnEdge {
  readonly child: ChildProcess
  /** Oldest first. */
  readonly told: readonly Heard[]
  /** Asked to end; resolves when it has. */
  stop(): Promise<void>
}

export function startOwnEdge({ ports }: CabinetOnWire, spool: string, env: NodeJS.ProcessEnv = {}): OwnEdge {
  const child = fork(SCRIPT, [String(ports.controller), String(ports.loops), spool], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const told: Heard[] = []
  child.on('message', (message) => told.push({ ...(message as Told), heardEpochMs: Date.now() }))
  return {
    child,
    told,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'close')
      child.kill('SIGTERM')
      await gone
    },
  }
}
