/** How somebody lies over one detector: what he makes it say, moment by moment, and how such lies are drawn and varied. */
import { hasBit, type Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { nextUniform, type RandomStream } from '#base/random.ts'
import type { Detector } from '#signal/detector.ts'

/** When he lies at all: always, or while the phase of the detector is green, or is not. */
export const MOMENTS = ['always', 'own green', 'own red'] as const
/** `adds`: beside the vehicles that there are; `instead`: nothing else is felt while he lies; `hides`: nothing is felt. */
export const DEEDS = ['adds', 'instead', 'hides'] as const

/** Vehicles that are not there: groups of so many, so far apart, each so long over the loop. */
export interface Attack {
  readonly detector: DetectorId
  readonly deed: (typeof DEEDS)[number]
  readonly moment: (typeof MOMENTS)[number]
  /** Into each such moment; from then on he lies. */
  readonly delayMs: number
  readonly onMs: number
  readonly headwayMs: number
  /** Vehicles in a platoon, and from the beginning of one to that of the next. */
  readonly platoon: number
  readonly everyMs: number
}

/** Of the field that the lie is fitted to. */
export interface Moment {
  readonly nowMs: number
  readonly greens: Bits
}

/** Liars remember when their moment began. */
export class Liar {
  readonly #attack: Attack
  readonly #phase: number
  #sinceMs: number | null = null

  constructor(attack: Attack, { phase }: Pick<Detector, 'phase'>) {
    this.#attack = attack
    this.#phase = phase
  }

  /** What the detector says, `felt` being what it would say by itself. */
  say(felt: boolean, { nowMs, greens }: Moment): boolean {
    const { deed, delayMs } = this.#attack
    this.#sinceMs = this.#isMoment(hasBit(greens, this.#phase)) ? (this.#sinceMs ?? nowMs) : null
    const intoMs = this.#sinceMs === null ? -1 : nowMs - this.#sinceMs - delayMs
    if (intoMs < 0) return felt
    if (deed === 'hides') return false
    return this.#isOver(intoMs) || (deed === 'adds' && felt)
  }

  #isMoment(isGreen: boolean): boolean {
    const { moment } = this.#attack
    return moment === 'always' || (moment === 'own green') === isGreen
  }

  #isOver(intoMs: number): boolean {
    const { onMs, headwayMs, platoon, everyMs } = this.#attack
    const intoPlatoonMs = intoMs % everyMs
    return intoPlatoonMs < platoon * headwayMs && intoPlatoonMs % headwayMs < onMs
  }
}

/** From a vehicle's shadow to one that never leaves: an attack may be patient. */
const RANGES = {
  delayMs: [0, 30_000],
  onMs: [200, 10_000],
  headwayMs: [1_000, 20_000],
  platoon: [1, 20],
  everyMs: [2_000, 120_000],
} as const satisfies Partial<Record<keyof Attack, readonly [least: number, most: number]>>
type Ranged = keyof typeof RANGES
const RANGED: readonly Ranged[] = ['delayMs', 'onMs', 'headwayMs', 'platoon', 'everyMs']
const STEP_MS = 100

/** Constant ones among them: one in eight is on, or hidden, all the time. */
export function drawAttack(random: RandomStream, detectors: readonly Detector[]): Attack {
  const { id: detector } = oneOf(random, detectors)
  const lie = { detector, deed: oneOf(random, DEEDS), moment: oneOf(random, MOMENTS) }
  if (nextUniform(random) < 1 / 8) return { ...lie, ...WITHOUT_END, moment: 'always' }
  return { ...lie, ...drawAll(random) }
}

const WITHOUT_END = { delayMs: 0, onMs: 10_000, headwayMs: 10_000, platoon: 1, everyMs: 10_000 }

/** The same but for one thing, drawn anew: what the nearest better attack differs in. */
export function varyAttack(random: RandomStream, attack: Attack, detectors: readonly Detector[]): Attack {
  const what = Math.floor(nextUniform(random) * (RANGED.length + 3))
  const ranged = RANGED[what]
  if (ranged !== undefined) return { ...attack, [ranged]: between(random, ranged) }
  if (what === RANGED.length) return { ...attack, detector: oneOf(random, detectors).id }
  if (what === RANGED.length + 1) return { ...attack, deed: oneOf(random, DEEDS) }
  return { ...attack, moment: oneOf(random, MOMENTS) }
}

export function attackText({ detector, deed, moment, delayMs, onMs, headwayMs, platoon, everyMs }: Attack): string {
  const s = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
  const when = `detector ${detector}, ${moment}${delayMs > 0 ? ` after ${s(delayMs)}` : ''}`
  if (deed === 'hides') return `${when}: hides all vehicles`
  return `${when}: ${platoon} of ${s(onMs)} every ${s(headwayMs)}, again every ${s(everyMs)}, ${deed === 'adds' ? 'beside' : 'instead of'} the true ones`
}

function drawAll(random: RandomStream): Pick<Attack, Ranged> {
  const [delayMs, onMs, headwayMs] = [between(random, 'delayMs'), between(random, 'onMs'), between(random, 'headwayMs')]
  return { delayMs, onMs, headwayMs, platoon: between(random, 'platoon'), everyMs: between(random, 'everyMs') }
}

/** More often short than long: the square of a uniform. */
function between(random: RandomStream, what: Ranged): number {
  const [least, most] = RANGES[what]
  const value = least + (most - least) * nextUniform(random) ** 2
  return what === 'platoon' ? Math.round(value) : Math.round(value / STEP_MS) * STEP_MS
}

function oneOf<T>(random: RandomStream, all: readonly T[]): T {
  const one = all[Math.floor(nextUniform(random) * all.length)]
  if (one === undefined) throw new Error('there is nothing to choose from')
  return one
}
