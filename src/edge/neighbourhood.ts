/** What intersections have said of themselves, of this edge and of others: each second it is passed on to all that decide here. */
import type { IntersectionId } from '#base/id.ts'
import { good, stale } from '#base/known.ts'
import { NO_NEIGHBOURS, OUTLOOK_FRESH_MS_MAX, type Outlook } from '#signal/outlook.ts'
import type { IntersectionView } from '#signal/view.ts'

/** What is said now is known in the next second, whoever decides first: the order of the intersections is no part of the result. */
const TURN_MS = 1_000
/** Who has been silent for so long is no neighbour any more: those who listened are used to it. */
const FORGOTTEN_MS = 600_000

interface Heard {
  readonly outlook: Outlook
  readonly atMonoMs: number
}

export class Neighbourhood {
  readonly #tell: (intersection: IntersectionId, outlook: Outlook) => void
  readonly #said = new Map<IntersectionId, Outlook>()
  readonly #heard = new Map<IntersectionId, Heard>()
  #known: IntersectionView['neighbours'] = NO_NEIGHBOURS
  #turnedMonoMs = Number.NEGATIVE_INFINITY

  /** `tell`: takes what is said here to other edges; never waits. */
  constructor(tell: (intersection: IntersectionId, outlook: Outlook) => void = () => {}) {
    this.#tell = tell
  }

  /** For the views of this second. */
  get known(): IntersectionView['neighbours'] {
    return this.#known
  }

  /** An intersection of this edge has decided. */
  say(intersection: IntersectionId, outlook: Outlook): void {
    this.#said.set(intersection, outlook)
    this.#tell(intersection, outlook)
  }

  /** Word has come from another edge. */
  hear(intersection: IntersectionId, outlook: Outlook): void {
    this.#said.set(intersection, outlook)
  }

  /** At the beginning of each tick. */
  turn(nowMonoMs: number): void {
    if (nowMonoMs - this.#turnedMonoMs < TURN_MS) return
    this.#turnedMonoMs = nowMonoMs
    for (const [intersection, outlook] of this.#said) this.#heard.set(intersection, { outlook, atMonoMs: nowMonoMs })
    this.#said.clear()
    if (this.#heard.size === 0) return
    for (const [intersection, { atMonoMs }] of this.#heard)
      if (nowMonoMs - atMonoMs > FORGOTTEN_MS) this.#heard.delete(intersection)
    this.#known = new Map([...this.#heard].map(([intersection, heard]) => [intersection, known(heard, nowMonoMs)]))
  }
}

function known({ outlook, atMonoMs }: Heard, nowMonoMs: number) {
  const ageMs = nowMonoMs - atMonoMs
  return ageMs > OUTLOOK_FRESH_MS_MAX ? stale(outlook, ageMs) : good(outlook, ageMs)
}
