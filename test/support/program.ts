/** Real programs that tests talk to: found or missed by name, started, waited for, ended by their own id. */
import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Debian puts daemons where a plain user's PATH does not look. */
const PLACES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const START_MS = 15_000

/** Names in Debian, where they differ from the program's. */
const PACKAGES: Readonly<Record<string, string>> = { influxd: 'influxdb', netconvert: 'sumo', netgenerate: 'sumo' }

/** Path of the program, or null. */
export function locateProgram(name: string): string | null {
  for (const place of PLACES) {
    const path = join(place, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not here.
    }
  }
  return null
}

/** Path of the program, or null; in CI a missing one is a failure, elsewhere it is said which tests did not run. */
export function findProgram(name: string): string | null {
  const path = locateProgram(name)
  if (path !== null) return path
  const message = `${name} is not installed: the tests that need it do not run. On Debian: apt-get install ${PACKAGES[name] ?? name}`
  if (process.env['CI']) throw new Error(message)
  console.warn(message)
  return null
}

export class Program {
  readonly #path: string
  readonly #args: readonly string[]
  readonly #port: number
  #child: ChildProcess | null = null

  constructor(path: string, args: readonly string[], port: number) {
    this.#path = path
    this.#args = args
    this.#port = port
  }

  /** Resolves when the program accepts connections on its port. */
  async start(): Promise<void> {
    const child = spawn(this.#path, this.#args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    child.stderr.on('data', (text: Buffer) => (words = `${words}${text.toString()}`.slice(-2_000)))
    this.#child = child
    const deadline = performance.now() + START_MS
    while (!(await accepts(this.#port))) {
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${this.#path} did not start: ${words}`)
      await sleep(20)
    }
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** As a power cut or the kernel would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    await ended
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
