/** Chance that repeats: seeded streams of numbers that are the same on every machine, for whoever is handed the seed. */

/** State of one stream (Doty-Humphrey's sfc32: three mixed words and a counter); plain data, changed by each draw. */
export interface RandomStream {
  a: number
  b: number
  c: number
  counter: number
}

/** A stream of its own for each purpose, so that one draw more here never shifts the chance of another. */
export function randomStream(seed: number, purpose: string): RandomStream {
  const stream = { a: seed | 0, b: hashText(purpose) | 0, c: 0x9e3779b9 | 0, counter: 1 }
  for (let round = 0; round < 12; round++) nextWord(stream) // Until the seed has reached every bit.
  return stream
}

/** Uniform in [0, 1), a multiple of 2⁻³². */
export const nextUniform = (stream: RandomStream): number => nextWord(stream) / 4_294_967_296

/** An unsigned 32-bit word. */
export function nextWord(stream: RandomStream): number {
  const word = (stream.a + stream.b + stream.counter) | 0
  stream.a = stream.b ^ (stream.b >>> 9)
  stream.b = (stream.c + (stream.c << 3)) | 0
  stream.c = (((stream.c << 21) | (stream.c >>> 11)) + word) | 0
  stream.counter = (stream.counter + 1) | 0
  return word >>> 0
}

/**
 * Exponential with mean 1, by von Neumann's comparison of uniforms (1951): no logarithm is taken, whose last
 * bit could differ between machines.
 */
export function nextExponential(stream: RandomStream): number {
  for (let whole = 0; ; whole++) {
    const first = nextUniform(stream)
    if (descendingRun(stream, first) % 2 === 1) return whole + first
  }
}

/** A uniform in [0, 1) that belongs to a thing and a place, whenever it is asked for: it draws from no stream. */
export const uniformFor = (thing: number, place: number): number => mix(mix(thing) ^ place) / 4_294_967_296

/**
 * Normal with mean 0 and deviation 1, at most 6 either way, that belongs to a thing and a place and the eleven after it: the
 * sum of twelve uniforms (Irwin and Hall), near enough, and the same on every machine.
 */
export function normalFor(thing: number, place: number): number {
  let sum = -UNIFORMS / 2
  for (let i = 0; i < UNIFORMS; i++) sum += uniformFor(thing, place + i)
  return sum
}

const UNIFORMS = 12

/** Length of the run of uniforms that starts with `first` and falls. */
function descendingRun(stream: RandomStream, first: number): number {
  let last = first
  for (let length = 1; ; length++) {
    const next = nextUniform(stream)
    if (next >= last) return length
    last = next
  }
}

/** FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The finalizer of MurmurHash3: every bit in reaches every bit out. */
function mix(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
