/** Who comes to the crosswalks: random arrivals by the clock, each with a walking speed, and most with a finger for the button. */
import { hashText, nextWord, normalFor, randomStream, uniformFor, type RandomStream } from '#base/random.ts'
import type { Walker, WalkerSource } from '../walker.ts'
import { Arrivals, type PerHourAt } from './arrivals.ts'
import { merge } from './merge.ts'

export interface WalkersAt {
  /** Number of the crossing in the network. */
  readonly crossing: number
  /** Names its streams of chance. */
  readonly name: string
  readonly perHourAt: PerHourAt
}

/** Normal, cut. The HCM takes 1.2 m/s, and 1.0 m/s where the older ones are many. */
const SPEED_MPS = { adult: 1.2, older: 1, deviation: 0.2, least: 0.6, most: 2 } as const
const OLDER_SHARE = 0.15
/** Whoever comes so soon after a push sees that somebody has done it. */
const SEES_PUSH_MS = 5_000

const OLDER = hashText('older')
const SPEED = hashText('walking speed')
const SIDE = hashText('side of the street')

/** In the order in which they come to any kerb; at the same moment in the order of `places`. */
export function walkersOf(places: readonly WalkersAt[], seed: number): WalkerSource {
  return merge(places.map((place) => new Kerb(place, seed)))
}

class Kerb implements WalkerSource {
  readonly #crossing: number
  readonly #arrivals: Arrivals
  readonly #personas: RandomStream
  #pushedMs = -Infinity

  constructor({ crossing, name, perHourAt }: WalkersAt, seed: number) {
    this.#crossing = crossing
    this.#arrivals = new Arrivals(randomStream(seed, `${name}/walkers`), perHourAt)
    this.#personas = randomStream(seed, `${name}/people`)
  }

  take(untilMs: number): Walker | null {
    const departMs = this.#arrivals.take(untilMs)
    if (departMs === null) return null
    const pushes = departMs - this.#pushedMs >= SEES_PUSH_MS
    if (pushes) this.#pushedMs = departMs
    const persona = nextWord(this.#personas)
    const fromExit = uniformFor(persona, SIDE) < 0.5
    return { departMs, crossing: this.#crossing, speedMps: walkingSpeedMps(persona), fromExit, pushes }
  }
}

export function walkingSpeedMps(persona: number): number {
  const mean = uniformFor(persona, OLDER) < OLDER_SHARE ? SPEED_MPS.older : SPEED_MPS.adult
  return Math.min(SPEED_MPS.most, Math.max(SPEED_MPS.least, mean + SPEED_MPS.deviation * normalFor(persona, SPEED)))
}
