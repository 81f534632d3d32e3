/** A disk that keeps after a power cut only what was synced, and refuses, shortens or lies about a call when told to. */
import type { Disk, DiskFile } from '#edge/telemetry/disk.ts'

interface Content {
  bytes: Buffer
  /** How much of it is on the medium. */
  synced: number
  isNameSynced: boolean
}

/** What the disk does to the call it is asked about: throw a fault, or take fewer bytes. */
export interface Mischief {
  write?: (name: string, bytes: number) => number
  sync?: (name: string) => void
  create?: (name: string) => void
  remove?: (name: string) => void
}

export class ForgetfulDisk implements Disk {
  readonly #files: Map<string, Content>
  mischief: Mischief = {}
  /** Calls in order, such as `write a`, `sync a`, `syncNames`. */
  readonly calls: string[] = []

  constructor(files = new Map<string, Content>()) {
    this.#files = files
  }

  /** The disk as the next boot finds it; `keepUnsynced` bytes of each file reached the medium by chance. */
  afterPowerCut(keepUnsynced = 0): ForgetfulDisk {
    const kept = [...this.#files].filter(([, file]) => file.isNameSynced)
    return new ForgetfulDisk(
      new Map(kept.map(([name, file]) => [name, whole(file.bytes.subarray(0, file.synced + keepUnsynced))])),
    )
  }

  /** The disk as the next process finds it: the kernel still has everything. */
  afterKill(): ForgetfulDisk {
    return new ForgetfulDisk(new Map([...this.#files].map(([name, { bytes }]) => [name, whole(Buffer.from(bytes))])))
  }

  /** One file with other bytes, for damage. */
  with(name: string, bytes: Buffer): ForgetfulDisk {
    const disk = this.afterKill()
    disk.#files.set(name, whole(bytes))
    return disk
  }

  get bytes(): number {
    return [...this.#files.values()].reduce((sum, file) => sum + file.bytes.length, 0)
  }

  list(): string[] {
    return [...this.#files.keys()]
  }

  sizeOf(name: string): number {
    return this.#at(name).bytes.length
  }

  read(name: string): Buffer {
    return Buffer.from(this.#at(name).bytes)
  }

  create(name: string): DiskFile {
    this.calls.push(`create ${name}`)
    this.mischief.create?.(name)
    if (this.#files.has(name)) throw new Error(`EEXIST ${name}`)
    this.#files.set(name, { bytes: Buffer.alloc(0), synced: 0, isNameSynced: false })
    return {
      write: (bytes) => this.#write(name, bytes),
      sync: () => this.sync(name),
      close: () => this.calls.push(`close ${name}`),
    }
  }

  remove(name: string): void {
    this.calls.push(`remove ${name}`)
    this.mischief.remove?.(name)
    this.#at(name)
    this.#files.delete(name)
  }

  sync(name: string): void {
    this.calls.push(`sync ${name}`)
    this.mischief.sync?.(name)
    const file = this.#at(name)
    file.synced = file.bytes.length
  }

  syncNames(): void {
    this.calls.push('syncNames')
    for (const file of this.#files.values()) file.isNameSynced = true
  }

  #write(name: string, bytes: Uint8Array): number {
    this.calls.push(`write ${name}`)
    const taken = this.mischief.write?.(name, bytes.length) ?? bytes.length
    const file = this.#at(name)
    file.bytes = Buffer.concat([file.bytes, bytes.subarray(0, taken)])
    return taken
  }

  #at(name: string): Content {
    const file = this.#files.get(name)
    if (!file) throw new Error(`ENOENT ${name}`)
    return file
  }
}

const whole = (bytes: Buffer): Content => ({ bytes, synced: bytes.length, isNameSynced: true })

export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: the disk refuses`), { code })
}
