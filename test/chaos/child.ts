/** A process of an experiment: a script of ours, alone or under a tracer or in a network namespace, heard line by line. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Complaints of a process that an experiment shows when it fails. */
const WORDS_MAX = 4_000

export class Child {
  readonly lines: string[] = []
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  #words = ''

  /** `script` lies beside this file; `settings` is its argument as JSON; `before` is a command that runs it. */
  constructor(script: string, settings: object, before: readonly string[] = []) {
    const path = fileURLToPath(new URL(script, import.meta.url))
    const [program, ...args] = [...before, process.execPath, path, JSON.stringify(settings)]
    // A group of its own: a tracer that is killed alone would leave what it traces behind.
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(line))
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#words = `${this.#words}${text.toString()}`.slice(-WORDS_MAX)
    })
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve({ code: null, signal: null }))
      this.#child.once('close', (code, signal) => resolve({ code, signal }))
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it complained of. */
  get words(): string {
    return this.#words
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** The number of the last line that begins with the word. */
  last(word: string): number | undefined {
    const line = this.lines.findLast((candidate) => candidate.startsWith(`${word} `))
    return line === undefined ? undefined : Number(line.slice(word.length + 1))
  }

  /** One line for it to read. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** As its operator would. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isOver && this.pid > 0) process.kill(-this.pid, signal)
    await this.ended
  }
}
