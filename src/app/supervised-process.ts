/** One process of the demo: started, watched, started again with back-off when it dies, ended when the demo ends. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { SUPERVISED_VARIABLE } from './lifetime.ts'

export interface ProcessPlan {
  readonly name: string
  /** Arguments of node: the command line's file and its own arguments. */
  readonly arguments: readonly string[]
  /** The first start waits for this. */
  readonly after?: Promise<void>
  /** Everything that the process prints is appended here. */
  readonly logFile: string
  /** Told of every death and every return, in a sentence for the operator. */
  readonly say: (line: string) => void
  /** Told of all that it sends but that it is ready. */
  readonly onMessage?: (message: object) => void
  /** Told of every line that the process prints. */
  readonly onLine?: (line: string) => void
}

// Soon enough for a person who watches, slow enough not to burn a processor on a process that cannot start.
const RESTART_FIRST_MS = 250
const RESTART_MAX_MS = 8_000

// Who has stood this long has started well: the next death is restarted quickly again.
const STEADY_AFTER_MS = 20_000

// The whole demo ends within two seconds of Ctrl-C; services flush their spools in far less.
const STOP_MAX_MS = 1_200

export class SupervisedProcess {
  readonly name: string
  readonly #plan: ProcessPlan
  readonly #log: WriteStream
  #child: ChildProcess | null = null
  #restart: NodeJS.Timeout | undefined
  #delayMs = RESTART_FIRST_MS
  #deaths = 0
  #isStopping = false
  #isReady = false
  /** What it said last of an error of its own. */
  #lastError = ''
  #readiness = Promise.withResolvers<void>()

  constructor(plan: ProcessPlan) {
    this.name = plan.name
    this.#plan = plan
    this.#log = createWriteStream(plan.logFile, { flags: 'a' })
    void (plan.after ?? Promise.resolve()).then(() => this.#start())
  }

  /** null while it is down. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Resolves when the process says that it is ready, for the first time or, after a death, again. */
  ready(): Promise<void> {
    return this.#readiness.promise
  }

  /** A word to the process; nobody hears it while it is down. */
  send(word: object): void {
    if (this.#child?.connected) this.#child.send(word)
  }

  /** Asks it to end, ends it after a while; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#restart)
    const last = this.#child
    if (last === null) return
    // Closed, not merely exited: its last words are in the log.
    const gone = new Promise<void>((resolve) => last.once('close', () => resolve()))
    last.kill('SIGTERM')
    const tooLong = setTimeout(() => this.kill(), STOP_MAX_MS)
    await gone
    clearTimeout(tooLong)
    await new Promise<void>((resolve) => this.#log.end(resolve))
  }

  /** Ends it now, without asking. */
  kill(): void {
    this.#isStopping = true
    this.#child?.kill('SIGKILL')
  }

  #start(): void {
    if (this.#isStopping) return
    const { name, say } = this.#plan
    const startedMs = performance.now()
    this.#lastError = ''
    const child = launch(this.#plan, this.#log, (line) => this.#hear(line))
    this.#child = child
    child.on('message', (message) => this.#take(message))
    child.once('error', (error) => say(`${name} cannot be started: ${error.message}`))
    child.once('close', (code, signal) => {
      this.#child = null
      if (performance.now() - startedMs > STEADY_AFTER_MS) this.#delayMs = RESTART_FIRST_MS
      if (!this.#isStopping) this.#startLater(signal ?? `exit code ${code}`)
    })
  }

  #hear(line: string): void {
    if (line.startsWith('error: ')) this.#lastError = `: ${line.slice('error: '.length)}`
    this.#plan.onLine?.(line)
  }

  #take(message: unknown): void {
    if (typeof message !== 'object' || message === null) return
    if (Reflect.get(message, 'type') === 'ready') this.#becomeReady()
    else this.#plan.onMessage?.(message)
  }

  #becomeReady(): void {
    this.#isReady = true
    if (this.#deaths > 0) this.#plan.say(`${this.name} is back`)
    this.#readiness.resolve()
  }

  #startLater(why: string): void {
    this.#deaths++
    // Who waits for a process that has not come yet goes on waiting for the next one.
    if (this.#isReady) this.#readiness = Promise.withResolvers()
    this.#isReady = false
    const again = `it starts again in ${this.#delayMs / 1000} s`
    this.#plan.say(`${this.name} ended (${why}${this.#lastError}); ${again}. See ${this.#plan.logFile}`)
    this.#restart = setTimeout(() => this.#start(), this.#delayMs)
    this.#delayMs = Math.min(this.#delayMs * 2, RESTART_MAX_MS)
  }
}

function launch({ arguments: args }: ProcessPlan, log: WriteStream, onLine: (line: string) => void): ChildProcess {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, [SUPERVISED_VARIABLE]: '1' },
  })
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      log.write(chunk)
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    })
  }
  return child
}
