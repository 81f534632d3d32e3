/** One edge over its deaths: whatever it said was recorded must be known to the next life. */
import { eventually } from './patience.ts'
import { Child, type Ended } from './child.ts'

export interface EdgeSettings {
  readonly site: string
  readonly edge: string
  readonly mqttUrl: string
  readonly spoolDirectory: string
  readonly spoolBytesMax?: number
  readonly segmentBytes: number
  /** The controller's log ends with this number; its first is 1. */
  readonly lastInLog: number
  /** Events handed over at once. */
  readonly group: number
  /** The next group comes after a while, or when the last one is on disk, which makes every run the same. */
  readonly pace: { readonly kind: 'every'; readonly ms: number } | { readonly kind: 'when recorded' }
}

/** Some 60 events: files come and go within every experiment. */
export const SMALL_SEGMENT_BYTES = 4_000

export class EdgeLife {
  readonly settings: EdgeSettings
  /** What it has forgotten, a sentence each. */
  readonly forgotten: string[] = []
  #child: Child | null = null
  #recorded = 0
  /** The same by the end of its life before this one. */
  #recordedBefore = 0
  #memoryBytes = 0

  constructor(settings: EdgeSettings) {
    this.settings = settings
  }

  /** The greatest number that it has said to be recorded, in any of its lives. */
  get recorded(): number {
    this.#hear()
    return this.#recorded
  }

  /** The most that it has taken, in any of its lives. */
  get memoryBytes(): number {
    this.#hear()
    return this.#memoryBytes
  }

  get isOver(): boolean {
    return this.#child?.isOver ?? true
  }

  get words(): string {
    return this.#child?.words ?? ''
  }

  /** What it has logged in this life, such as `error SPOOL_NOT_RECORDED …`. */
  get log(): readonly string[] {
    return (this.#child?.lines ?? []).filter((line) => line.startsWith('log ')).map((line) => line.slice('log '.length))
  }

  /** `before` is a command that runs it: a tracer, a namespace. */
  begin(before: readonly string[] = []): void {
    this.#hear()
    this.#recordedBefore = this.#recorded
    this.#child = new Child('./edge-process.ts', this.settings, before)
  }

  /** Resolves when its spool is open; compares what it knows with what it said in its former lives. */
  async awake(): Promise<void> {
    const cursor = await eventually('an edge that wakes', () => this.#child?.last('cursor') ?? this.#fellOver())
    // By now this life may have recorded more than it woke with.
    if (cursor < this.#recordedBefore)
      this.forgotten.push(`${this.settings.edge} said ${this.#recordedBefore} recorded and woke at ${cursor}`)
  }

  async kill(): Promise<void> {
    await this.#child?.kill()
    this.#hear()
  }

  async stop(): Promise<void> {
    await this.#child?.stop()
    this.#hear()
  }

  /** Resolves when it has ended by itself, or by a tracer's hand. */
  async over(): Promise<Ended> {
    const ended = await this.#child?.ended
    this.#hear()
    return ended ?? { code: null, signal: null }
  }

  #fellOver(): undefined {
    if (this.isOver) throw new Error(`the edge does not start: ${this.words}`)
  }

  #hear(): void {
    this.#recorded = Math.max(this.#recorded, this.#child?.last('recorded') ?? 0)
    this.#memoryBytes = Math.max(this.#memoryBytes, this.#child?.last('memory') ?? 0)
  }
}
