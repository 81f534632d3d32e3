/** A disk that takes its time, refuses, takes less than it was given, and keeps after a power cut what was on its medium. */
import type { Disk, DiskFile } from '#edge/telemetry/disk.ts'
import type { Chance } from './chance.ts'

/** What the disk does at the moment, each as a probability of a call, and how long a call takes. */
export interface DiskMood {
  shortWrite: number
  failWrite: number
  failSync: number
  failCreate: number
  failRemove: number
  /** Bytes that there is room for; Infinity where nobody fills it. */
  roomBytes: number
  callMs: number
  /** Probability of a sync that takes long, and how long. */
  stall: number
  stallMs: number
}

export const HEALTHY_DISK: Readonly<DiskMood> = {
  shortWrite: 0,
  failWrite: 0,
  failSync: 0,
  failCreate: 0,
  failRemove: 0,
  roomBytes: Infinity,
  callMs: 0,
  stall: 0,
  stallMs: 0,
}

interface Content {
  /** As the kernel shows it. */
  shown: Buffer
  /** As it is on the medium; what the kernel gave up after a failed sync is zeros there. */
  medium: Buffer
  isNameSynced: boolean
}

export interface DiskWorld {
  readonly chance: Chance
  /** The thread that calls waits. */
  readonly wait: (ms: number) => void
  readonly tell: (what: string) => void
}

export class VirtualDisk implements Disk {
  readonly mood: DiskMood = { ...HEALTHY_DISK }
  readonly #world: DiskWorld
  #files = new Map<string, Content>()
  /** Removed, but still there after a power cut unless names are synced. */
  #removed = new Map<string, Content>()

  constructor(world: DiskWorld) {
    this.#world = world
  }

  /** The medium as the next boot finds it: of what was not synced some has reached it, in whatever pieces. */
  cutPower(): void {
    const { chance } = this.#world
    const after = new Map<string, Content>()
    for (const [name, file] of this.#removed) if (chance.happens(0.5)) after.set(name, file)
    for (const [name, file] of this.#files) if (file.isNameSynced || chance.happens(0.3)) after.set(name, file)
    for (const [name, file] of after) after.set(name, whole(this.#torn(file)))
    this.#files = after
    this.#removed = new Map()
  }

  list(): string[] {
    this.#spend()
    return [...this.#files.keys()]
  }

  sizeOf(name: string): number {
    return this.#at(name).shown.length
  }

  read(name: string): Buffer {
    this.#spend()
    return Buffer.from(this.#at(name).shown)
  }

  create(name: string): DiskFile {
    this.#spend()
    if (this.#world.chance.happens(this.mood.failCreate)) throw this.#fault('EIO', `create ${name}`)
    if (this.#files.has(name)) throw this.#fault('EEXIST', `create ${name}`)
    this.#files.set(name, { shown: Buffer.alloc(0), medium: Buffer.alloc(0), isNameSynced: false })
    return { write: (bytes) => this.#write(name, bytes), sync: () => this.sync(name), close: () => {} }
  }

  remove(name: string): void {
    this.#spend()
    if (this.#world.chance.happens(this.mood.failRemove)) throw this.#fault('EIO', `remove ${name}`)
    const file = this.#at(name)
    this.#files.delete(name)
    if (file.isNameSynced) this.#removed.set(name, file)
  }

  sync(name: string): void {
    const { chance, wait } = this.#world
    this.#spend()
    if (chance.happens(this.mood.stall)) wait(this.mood.stallMs)
    const file = this.#at(name)
    const before = file.medium.length
    if (chance.happens(this.mood.failSync)) {
      // The kernel marks the pages clean: the next sync says yes, and what was in them is nowhere.
      file.medium = Buffer.concat([file.medium, Buffer.alloc(file.shown.length - before)])
      throw this.#fault('EIO', `sync ${name}`)
    }
    file.medium = Buffer.concat([file.medium, file.shown.subarray(before)])
  }

  syncNames(): void {
    this.#spend()
    for (const file of this.#files.values()) file.isNameSynced = true
    this.#removed.clear()
  }

  #write(name: string, bytes: Uint8Array): number {
    const { chance } = this.#world
    this.#spend()
    if (chance.happens(this.mood.failWrite)) throw this.#fault('EIO', `write ${name}`)
    const room = this.mood.roomBytes - this.usedBytes
    if (room <= 0) throw this.#fault('ENOSPC', `write ${name}`)
    const short = chance.happens(this.mood.shortWrite) ? chance.between(1, bytes.length) : bytes.length
    const taken = Math.min(short, room)
    const file = this.#at(name)
    file.shown = Buffer.concat([file.shown, bytes.subarray(0, taken)])
    return taken
  }

  #torn({ shown, medium }: Content): Buffer {
    const { chance } = this.#world
    const reached = chance.between(medium.length, shown.length)
    const torn = Buffer.concat([medium, shown.subarray(medium.length, reached)])
    const unsynced = torn.length - medium.length
    if (unsynced > 1 && chance.happens(0.3))
      torn.fill(0, medium.length, medium.length + chance.between(1, unsynced - 1))
    return torn
  }

  get usedBytes(): number {
    let used = 0
    for (const { shown } of this.#files.values()) used += shown.length
    return used
  }

  #spend(): void {
    if (this.mood.callMs > 0) this.#world.wait(this.mood.callMs)
  }

  #at(name: string): Content {
    const file = this.#files.get(name)
    if (!file) throw this.#fault('ENOENT', name)
    return file
  }

  #fault(code: string, what: string): Error {
    this.#world.tell(`disk ${code} ${what}`)
    return Object.assign(new Error(`${code}: ${what}`), { code })
  }
}

const whole = (bytes: Buffer): Content => ({ shown: bytes, medium: Buffer.from(bytes), isNameSynced: true })
