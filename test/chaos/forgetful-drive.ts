/** A drive with a cache: what was written and not flushed is lost with the power, each sector of it by chance of its own. */
import { nextUniform, randomStream } from '#base/random.ts'
import type { BlockFile } from './fuse-wire.ts'

/** A drive writes a sector whole or not at all (ATA, NVMe: the atomic unit is at least this). */
const SECTOR_BYTES = 512

interface Write {
  readonly offset: number
  readonly bytes: Buffer
}

/** When the power goes, and what part of the cache reaches the medium all the same. */
export interface Plan {
  operations: number
  readonly seed: number
  readonly keep: number
}

export interface Cut {
  /** What the next boot finds. */
  readonly image: Buffer
  /** What was in the cache. */
  readonly atRiskBytes: number
}

export class ForgetfulDrive implements BlockFile {
  /** As the computer sees it. */
  readonly #seen: Buffer
  /** As it is without power. */
  readonly #kept: Buffer
  readonly #lost: (cut: Cut) => void
  #unflushed: Write[] = []
  #plan: Plan | null = null
  #isCut = false

  /** `lost` hears of the cut. */
  constructor(image: Buffer, lost: (cut: Cut) => void) {
    this.#seen = Buffer.from(image)
    this.#kept = Buffer.from(image)
    this.#lost = lost
  }

  get bytes(): number {
    return this.#seen.length
  }

  read(offset: number, length: number): Buffer | null {
    return this.#isCut ? null : this.#seen.subarray(offset, offset + length)
  }

  write(offset: number, bytes: Buffer): boolean {
    if (this.#isCut) return false
    bytes.copy(this.#seen, offset)
    this.#unflushed.push({ offset, bytes })
    return !this.#isCutNow()
  }

  sync(): boolean {
    if (this.#isCut || this.#isCutNow()) return false
    for (const { offset, bytes } of this.#unflushed) bytes.copy(this.#kept, offset)
    this.#unflushed = []
    return true
  }

  /** The power goes with the so many-th write or flush from now, so that cuts fall amid what is being written. */
  cutAt(plan: Plan): void {
    this.#plan = plan
  }

  /** Nobody has written as much as was planned. */
  cutNow(): void {
    if (this.#isCut || !this.#plan) return
    this.#plan.operations = 1
    this.#isCutNow()
  }

  #isCutNow(): boolean {
    if (!this.#plan || --this.#plan.operations > 0) return false
    this.#isCut = true
    const atRiskBytes = this.#unflushed.reduce((sum, { bytes }) => sum + bytes.length, 0)
    this.#keepByChance(this.#plan)
    this.#lost({ image: this.#kept, atRiskBytes })
    return true
  }

  #keepByChance({ seed, keep }: Plan): void {
    const chance = randomStream(seed, 'sectors')
    for (const { offset, bytes } of this.#unflushed)
      for (let at = 0; at < bytes.length; at += SECTOR_BYTES)
        if (nextUniform(chance) < keep) bytes.subarray(at, at + SECTOR_BYTES).copy(this.#kept, offset + at)
  }
}
