/** How often a whole number was seen: mean, percentile and maximum of a queue over a day in little memory. */

export class Histogram {
  #counts = new Uint32Array(64)
  #samples = 0
  #sum = 0
  #most = 0

  add(value: number): void {
    while (value >= this.#counts.length) this.#grow()
    this.#counts[value]!++
    this.#samples++
    this.#sum += value
    if (value > this.#most) this.#most = value
  }

  get samples(): number {
    return this.#samples
  }

  get sum(): number {
    return this.#sum
  }

  /** 0 while nothing was seen, as the others. */
  get mean(): number {
    return this.#samples === 0 ? 0 : this.#sum / this.#samples
  }

  get most(): number {
    return this.#most
  }

  /** The smallest value that is not exceeded in that share of all samples. */
  percentile(share: number): number {
    const wanted = share * this.#samples
    let seen = 0
    for (let value = 0; value <= this.#most; value++) {
      seen += this.#counts[value]!
      if (seen >= wanted) return value
    }
    return this.#most
  }

  #grow(): void {
    const larger = new Uint32Array(this.#counts.length * 2)
    larger.set(this.#counts)
    this.#counts = larger
  }
}
