/** A script of ours in a process of its own, whose last lines are known and which can be killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export class Script {
  readonly #child: ChildProcess
  readonly lines: string[] = []

  constructor(path: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(line))
  }

  /** The number of the last line that begins with the word. */
  last(word: string): number | undefined {
    const line = this.lines.findLast((candidate) => candidate.startsWith(`${word} `))
    return line === undefined ? undefined : Number(line.slice(word.length + 1))
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }
}
