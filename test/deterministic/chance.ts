/** Chance in the words of faults: whether, which, how long; all of it from one seeded stream. */
import { nextUniform, nextWord, randomStream, type RandomStream } from '#base/random.ts'

export class Chance {
  readonly #stream: RandomStream

  constructor(seed: number, purpose: string) {
    this.#stream = randomStream(seed, purpose)
  }

  /** [0, 1). */
  uniform(): number {
    return nextUniform(this.#stream)
  }

  happens(probability: number): boolean {
    return this.uniform() < probability
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.uniform() * (most - least + 1))
  }

  /** Short ones often, long ones seldom: each order of magnitude is as likely as the others. */
  spread(least: number, most: number): number {
    let bound = least
    while (bound < most && this.happens(0.6)) bound *= 3
    return this.between(least, Math.min(most, Math.max(least, bound)))
  }

  oneOf<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.between(0, choices.length - 1)] ?? choices[0]
  }

  /** 16 hex digits. */
  hex(): string {
    const word = () => nextWord(this.#stream).toString(16).padStart(8, '0')
    return word() + word()
  }
}
