/** Time, threads and order of a simulated world: one event after the other on a virtual clock, the same for the same seed. */
import type { CallOff, Clock } from '#base/clock.ts'
import { crc32 } from 'node:zlib'

/** The world begins at noon of a Monday; its days are true time. */
export const WORLD_EPOCH_MS = Date.UTC(2026, 10, 23, 8, 30)
/** Lines of the trace that a violation shows, unless the whole trace is asked for. */
const LINES_SHOWN = 60

interface Happening {
  atMs: number
  readonly order: number
  readonly thread: Thread | null
  act: (() => void) | null
}

export class World {
  readonly #queue = new Agenda()
  readonly #isWhole: boolean
  readonly #lines: string[] = []
  /** CRC-32 of every line of the trace: two runs with the same one were the same. */
  traceDigest = 0
  nowMs = 0
  /** Happenings so far; a violation names it. */
  step = 0
  /** Whose turn it is; promises that go on then belong to it too. */
  current: Thread | null = null
  #order = 0

  constructor(options: { readonly wholeTrace: boolean }) {
    this.#isWhole = options.wholeTrace
  }

  get nowEpochMs(): number {
    return WORLD_EPOCH_MS + this.nowMs
  }

  /** The last lines, or all of them where they were asked for. */
  get trace(): readonly string[] {
    return this.#lines
  }

  tell(who: string, what: string): void {
    const line = `${String(this.nowMs).padStart(7)} ${who.padEnd(10)} ${what}`
    this.traceDigest = crc32(line, this.traceDigest)
    this.#lines.push(line)
    if (!this.#isWhole && this.#lines.length > 2 * LINES_SHOWN) this.#lines.splice(0, LINES_SHOWN)
  }

  /** What is part of the trace, and not for reading. */
  fold(bytes: Uint8Array): void {
    this.traceDigest = crc32(bytes, this.traceDigest)
  }

  /** In a thread, once it is free; without one, whatever else goes on. */
  at(atMs: number, thread: Thread | null, act: () => void): CallOff {
    const happening: Happening = { atMs: Math.max(this.nowMs, atMs), order: this.#order++, thread, act }
    this.#queue.add(happening)
    return () => {
      happening.act = null
    }
  }

  after(ms: number, act: () => void): CallOff {
    return this.at(this.nowMs + ms, null, act)
  }

  /** Lets everything happen that is due before `untilMs`, or until `isOver`. */
  async live(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    if (isOver()) return
    for (let next = this.#queue.next(untilMs); next; next = this.#queue.next(untilMs)) {
      const { thread, act } = next
      if (act === null || thread?.isDead) continue
      const startMs = Math.max(next.atMs, thread?.freeAtMs ?? 0)
      if (startMs > next.atMs) {
        // Whoever is busy or stopped takes things in the order in which they came.
        next.atMs = startMs
        this.#queue.add(next)
        continue
      }
      this.nowMs = startMs
      this.step++
      this.current = thread
      if (thread) thread.run(startMs, act)
      else act()
      await settled()
      thread?.rest()
      if (isOver()) return
    }
    this.nowMs = untilMs
  }
}

/** All promises that can go on have gone on: Node's ticks come when no microtask is left. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** A machine: its clocks, which its processes share. */
export class Machine {
  readonly world: World
  readonly name: string
  bootedAtMs = 0
  /** How far its wall clock is off, and how fast it goes astray. */
  wallOffsetMs = 0
  wasSet = false
  driftPpm = 0

  constructor(world: World, name: string) {
    this.world = world
    this.name = name
  }

  epochMsAt(ms: number): number {
    return WORLD_EPOCH_MS + ms + this.wallOffsetMs + Math.round((ms * this.driftPpm) / 1_000_000)
  }
}

/** One thread of a process: does one thing at a time, and is late for the next while it waits for a disk or is stopped. */
export class Thread {
  readonly world: World
  readonly machine: Machine
  readonly clock: Clock
  isDead = false
  freeAtMs = 0
  /** Its own now, ahead of the world's while it waits for something in a call. */
  #localMs: number
  #onThrow: ((error: unknown) => void) | null

  constructor(machine: Machine, onThrow: ((error: unknown) => void) | null = null) {
    this.machine = machine
    this.world = machine.world
    this.#localMs = machine.world.nowMs
    this.#onThrow = onThrow
    this.clock = {
      monoMs: () => this.#localMs - machine.bootedAtMs,
      epochMs: () => machine.epochMsAt(this.#localMs),
      after: (ms, act) => this.world.at(this.#localMs + Math.ceil(ms), this, act),
    }
  }

  get localMs(): number {
    return this.#localMs
  }

  run(atMs: number, act: () => void): void {
    this.#localMs = atMs
    try {
      act()
    } catch (error) {
      if (!this.#onThrow) throw error
      this.#onThrow(error)
    }
  }

  rest(): void {
    this.freeAtMs = Math.max(this.freeAtMs, this.#localMs)
  }

  /** Waits in the middle of a call. */
  wait(ms: number): void {
    this.#localMs += ms
  }

  stopFor(ms: number): void {
    this.freeAtMs = Math.max(this.freeAtMs, this.world.nowMs + ms)
  }

  /** Something that comes to this thread from elsewhere, so much later. */
  later(ms: number, act: () => void): CallOff {
    return this.world.at(this.world.nowMs + ms, this, act)
  }
}

/** A binary heap by time, then by the order in which things were said. */
class Agenda {
  readonly #heap: Happening[] = []

  add(happening: Happening): void {
    const heap = this.#heap
    let place = heap.length
    heap.push(happening)
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = heap[parent]
      if (!above || isBefore(above, happening)) break
      heap[place] = above
      place = parent
    }
    heap[place] = happening
  }

  /** Takes the first that is due before `untilMs`. */
  next(untilMs: number): Happening | null {
    const heap = this.#heap
    const first = heap[0]
    if (!first || first.atMs >= untilMs) return null
    const last = heap.pop()
    if (last && last !== first) this.#sink(last)
    return first
  }

  #sink(happening: Happening): void {
    const heap = this.#heap
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      const right = heap[child + 1]
      if (right && isBefore(right, heap[child]!)) child++
      const below = heap[child]
      if (!below || isBefore(happening, below)) break
      heap[place] = below
      place = child
    }
    heap[place] = happening
  }
}

const isBefore = (a: Happening, b: Happening): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
