/** One process of the demo: started, watched, started again with back-off when it dies, ended when the demo ends. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { SUPERVISED_VARIABLE } from './lifetime.ts'

export interface SupervisedProcess {
  readonly name: string
  /** null while it is down. */
  readonly pid: () => number | null
  /** Resolves when the process says that it is ready, for the first time or again. */
  ready(): Promise<void>
  /** Asks it to end, ends it after a while; resolves when it is gone. */
  stop(): Promise<void>
  /** Ends it now, without asking. */
  kill(): void
}

export interface ProcessPlan {
  readonly name: string
  /** Arguments of node: the command line's file and its own arguments. */
  readonly arguments: readonly string[]
  /** Everything that the process prints is appended here. */
  readonly logFile: string
  /** Told of every death and every return, in a sentence for the operator. */
  readonly say: (line: string) => void
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

export function superviseProcess(plan: ProcessPlan): SupervisedProcess {
  const log = createWriteStream(plan.logFile, { flags: 'a' })
  let child: ChildProcess | null = null
  let restart: NodeJS.Timeout | null = null
  let delayMs = RESTART_FIRST_MS
  let stopping = false
  let readiness = Promise.withResolvers<void>()

  start()
  return { name: plan.name, pid: () => child?.pid ?? null, ready: () => readiness.promise, stop, kill }

  function start(): void {
    const startedMs = performance.now()
    const started = launch(plan, log)
    child = started
    started.on('message', () => readiness.resolve())
    started.once('exit', (code, signal) => {
      child = null
      if (stopping) return
      readiness = Promise.withResolvers()
      if (performance.now() - startedMs > STEADY_AFTER_MS) delayMs = RESTART_FIRST_MS
      plan.say(
        `${plan.name} ended (${signal ?? `exit code ${code}`}); it starts again in ${delayMs / 1000} s. See ${plan.logFile}`,
      )
      restart = setTimeout(startAgain, delayMs)
      delayMs = Math.min(delayMs * 2, RESTART_MAX_MS)
    })
  }

  function startAgain(): void {
    start()
    void readiness.promise.then(() => plan.say(`${plan.name} is back`))
  }

  async function stop(): Promise<void> {
    stopping = true
    if (restart) clearTimeout(restart)
    const last = child
    if (last === null) return
    // Closed, not merely exited: its last words are in the log.
    const gone = new Promise<void>((resolve) => last.once('close', () => resolve()))
    last.kill('SIGTERM')
    const tooLong = setTimeout(kill, STOP_MAX_MS)
    await gone
    clearTimeout(tooLong)
    await new Promise<void>((resolve) => log.end(resolve))
  }

  function kill(): void {
    stopping = true
    child?.kill('SIGKILL')
  }
}

function launch(plan: ProcessPlan, log: WriteStream): ChildProcess {
  const child = spawn(process.execPath, plan.arguments, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, [SUPERVISED_VARIABLE]: '1' },
  })
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      log.write(chunk)
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) plan.onLine?.(line)
    })
  }
  return child
}
