/** Runs SUMO as a child process that listens for us, and knows why it ended. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { API_LEAST } from './protocol.ts'
import type { SumoFault } from './sumo-fault.ts'
import { connectTraci, type TraciClient } from './traci-client.ts'

export interface SumoStart {
  /** `sumo`, `sumo-gui`, or a path. */
  readonly program: string
  readonly configurationFile: string
  readonly seed: number
  /** Seconds of the simulation; null leaves it to the configuration. */
  readonly beginS: number | null
  readonly endS: number | null
  /** Further options of SUMO, such as where it writes its trips. */
  readonly options: readonly string[]
  /** A network of a large city takes a minute to load. */
  readonly startWithinMs: number
  readonly answerWithinMs: number
}

/** What a start needs of which nothing is said. */
export const PLAIN_START = {
  program: 'sumo',
  seed: 1,
  beginS: null,
  endS: null,
  options: [],
  startWithinMs: 120_000,
  answerWithinMs: 60_000,
} satisfies Partial<SumoStart>

export interface RunningSumo {
  readonly traci: TraciClient
  /** Version as SUMO gives it. */
  readonly version: string
  /** Where the connection is lost because SUMO has died, that, with its last words; else the fault as it is. */
  readonly why: (fault: SumoFault) => Promise<SumoFault>
  /** Ends the simulation in order, so that SUMO writes its files; resolves when the process is gone, never rejects. */
  readonly stop: () => Promise<Outcome<void, SumoFault>>
}

export const WORDS_MOST = 2_000 // The error that ends SUMO is at the end of what it says, after warnings of any number.
const ATTEMPT_EVERY_MS = 20
const END_WITHIN_MS = 20_000 // It writes its trips on the way out.
const KILL_AFTER_MS = 2_000

export async function startSumo(start: SumoStart): Promise<Outcome<RunningSumo, SumoFault>> {
  const port = await freePort()
  const process = new SumoProcess(start, port)
  const traci = await firstConnection(process, port, start)
  if (!traci.ok) return abandon(process, traci.fault)
  const version = await traci.value.version()
  if (!version.ok) return abandon(process, version.fault)
  const { api, name } = version.value
  if (api < API_LEAST)
    return abandon(process, { code: 'SUMO_API_UNSUPPORTED', api, leastApi: API_LEAST, version: name })
  return ok({
    traci: traci.value,
    version: name,
    why: (fault) => process.why(fault),
    stop: () => stop(traci.value, process),
  })
}

async function firstConnection(
  process: SumoProcess,
  port: number,
  { startWithinMs, answerWithinMs }: SumoStart,
): Promise<Outcome<TraciClient, SumoFault>> {
  const deadlineMs = performance.now() + startWithinMs
  while (performance.now() < deadlineMs) {
    if (process.ending) return failed(process.ending)
    const client = await connectTraci(port, answerWithinMs)
    if (client) return ok(client)
    await sleep(ATTEMPT_EVERY_MS)
  }
  return failed({ code: 'SUMO_NOT_LISTENING', afterMs: startWithinMs, lastWords: process.lastWords })
}

async function abandon(process: SumoProcess, fault: SumoFault): Promise<{ ok: false; fault: SumoFault }> {
  const why = await process.why(fault)
  await process.end(0)
  return failed(why)
}

async function stop(traci: TraciClient, process: SumoProcess): Promise<Outcome<void, SumoFault>> {
  const closed = await traci.close()
  const outcome = closed.ok ? closed : failed(await process.why(closed.fault))
  await process.end(outcome.ok ? END_WITHIN_MS : 0)
  return outcome
}

class SumoProcess {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  #words = ''
  #ending: SumoFault | null = null

  constructor(start: SumoStart, port: number) {
    // In a group of its own: the terminal's Ctrl-C is for us, who then end it in order.
    this.#child = spawn(start.program, argumentsOf(start, port), { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text: Buffer) => (this.#words = `${this.#words}${text.toString()}`.slice(-WORDS_MOST)))
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gone = promise
    this.#child.once('error', (error: NodeJS.ErrnoException) => this.#end(faultOfSpawn(error, start.program), resolve))
    this.#child.once('close', (code, signal) => {
      const ending = signal === null ? `exit code ${code}` : `signal ${signal}`
      this.#end({ code: 'SUMO_DIED', ending, lastWords: this.lastWords }, resolve)
    })
  }

  get lastWords(): string {
    return this.#words.trim()
  }

  /** Why it has ended; null while it runs. */
  get ending(): SumoFault | null {
    return this.#ending
  }

  /** A dying process closes its connections first, and is heard of a little later. */
  async why(fault: SumoFault): Promise<SumoFault> {
    if (fault.code !== 'SUMO_CONNECTION_LOST') return fault
    await Promise.race([this.#gone, sleep(KILL_AFTER_MS, undefined, { ref: false })])
    return this.#ending ?? fault
  }

  /** Leaves it that time to end by itself, then asks, then kills. */
  async end(leaveMs: number): Promise<void> {
    for (const [waitMs, signal] of [
      [leaveMs, 'SIGTERM'],
      [KILL_AFTER_MS, 'SIGKILL'],
    ] as const) {
      if (this.#ending) return
      await Promise.race([this.#gone, sleep(waitMs, undefined, { ref: false })])
      if (!this.#ending) this.#child.kill(signal)
    }
    await this.#gone
  }

  #end(fault: SumoFault, resolve: () => void): void {
    this.#ending ??= fault
    resolve()
  }
}

export const faultOfSpawn = (
  error: { readonly code?: unknown; readonly message: string },
  program: string,
): SumoFault =>
  error.code === 'ENOENT'
    ? { code: 'SUMO_ABSENT', program, debianPackage: 'sumo' }
    : { code: 'SUMO_DIED', ending: error.message, lastWords: '' }

/**
 * Scenarios name their schemas by addresses of the web. Where SUMO_HOME is not set (Debian sets none) SUMO looks them up
 * there, and dies of whatever a proxy answers; what it checks by itself when it reads is enough.
 */
const WITHOUT_SCHEMAS = [
  '--xml-validation',
  'never',
  '--xml-validation.net',
  'never',
  '--xml-validation.routes',
  'never',
]

function argumentsOf({ configurationFile, seed, beginS, endS, options }: SumoStart, port: number): string[] {
  const times = [...(beginS === null ? [] : ['--begin', `${beginS}`]), ...(endS === null ? [] : ['--end', `${endS}`])]
  const own = ['--configuration-file', configurationFile, '--remote-port', `${port}`, '--num-clients', '1']
  const chance = ['--seed', `${seed}`, '--random', 'false']
  return [...own, ...chance, '--no-step-log', 'true', ...WITHOUT_SCHEMAS, ...times, ...options]
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
