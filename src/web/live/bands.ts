/** What each phase showed over the last minutes: from recorded events before the page was opened, from live states after. */
import { hasBit } from '#base/bits.ts'
import type { StoredEventView } from '#contract/api.ts'
import { STALE_AFTER_MS } from '#contract/freshness.ts'
import type { LiveSignal, LiveState } from '#contract/messages.ts'
import { EVENT } from '#signal/events.ts'

export const BAND_WINDOW_MS = 300_000

export type Lamp = 'green' | 'yellow' | 'redAmber' | 'red'
/** What holds for a phase over time; `flashing`: all lamps of the intersection flash. */
export type PhaseShown = Lamp | 'flashing'
/** `unknown`: nothing was recorded or received, drawn as a hatched gap. */
export type Shown = PhaseShown | 'unknown'

export interface Band<Value> {
  readonly value: Value
  readonly fromEpochMs: number
  readonly toEpochMs: number
}

interface Mark<Value> {
  readonly value: Value
  readonly atEpochMs: number
}

/** Codes that the bands of a phase are made of. */
export const BAND_CODES = [
  EVENT.beginGreen,
  EVENT.beginYellow,
  EVENT.beginRedClear,
  EVENT.phaseInactive,
  EVENT.redAmber,
  EVENT.flashState,
  EVENT.powerFailure,
  EVENT.powerRestored,
] as const

const SHOWN_BY_CODE: ReadonlyMap<number, Lamp> = new Map([
  [EVENT.beginGreen, 'green'],
  [EVENT.beginYellow, 'yellow'],
  [EVENT.beginRedClear, 'red'],
  [EVENT.phaseInactive, 'red'],
  [EVENT.redAmber, 'redAmber'],
])

/** Parameter of event 173 for a flash that has ended (NTCIP 1202 unitFlashStatus notFlash). */
const NOT_FLASHING = 2

/** What an event says of a phase; undefined where it says nothing of it. */
function shownBy({ code, parameter }: StoredEventView, phase: number): Shown | undefined {
  if (code === EVENT.flashState) return parameter === NOT_FLASHING ? 'red' : 'flashing'
  if (code === EVENT.powerFailure) return 'unknown'
  if (code === EVENT.powerRestored) return 'red'
  return parameter === phase ? SHOWN_BY_CODE.get(code) : undefined
}

/** The flasher has all lamps, whatever the phases are in. */
export const isFlashing = ({ flash }: LiveState): boolean => flash !== null && flash !== 'none'

export function lampOf(signal: LiveSignal, phase: number): Lamp {
  if (hasBit(signal.greens, phase)) return 'green'
  if (hasBit(signal.yellows, phase)) return 'yellow'
  if (hasBit(signal.redAmbers, phase)) return 'redAmber'
  return 'red'
}

/** One line of values over time: a value holds from its mark to the next. */
export class Track<Value> {
  #marks: Mark<Value | 'unknown'>[] = []
  #lastAtEpochMs = Number.NEGATIVE_INFINITY

  /** Says what holds at the instant; a pause longer than freshness allows is a gap, never bridged. */
  live(value: Value, atEpochMs: number): void {
    if (atEpochMs <= this.#lastAtEpochMs) return
    if (this.#marks.length > 0 && atEpochMs - this.#lastAtEpochMs > STALE_AFTER_MS)
      this.#mark('unknown', this.#lastAtEpochMs)
    this.#mark(value, atEpochMs)
    this.#lastAtEpochMs = atEpochMs
    this.#forget(atEpochMs - BAND_WINDOW_MS)
  }

  /** Puts recorded changes before the first live one, which must be there already; ascending in time. */
  recorded(marks: readonly Mark<Value | 'unknown'>[]): void {
    const [firstLive, ...later] = this.#marks
    if (!firstLive) return
    const before = marks.filter(({ atEpochMs }) => atEpochMs < firstLive.atEpochMs)
    // What already held when the page was opened goes on: one band, not two.
    const goesOn = before.at(-1)?.value === firstLive.value
    this.#marks = goesOn ? [...before, ...later] : [...before, firstLive, ...later]
  }

  /** The window up to `toEpochMs`, without holes: what is not known is said to be unknown. */
  bands(toEpochMs: number): Band<Value | 'unknown'>[] {
    const fromEpochMs = toEpochMs - BAND_WINDOW_MS
    const known = Math.min(toEpochMs, this.#lastAtEpochMs + STALE_AFTER_MS)
    const marks: Mark<Value | 'unknown'>[] = [
      { value: 'unknown', atEpochMs: fromEpochMs },
      ...this.#marks,
      { value: 'unknown', atEpochMs: Math.max(known, fromEpochMs) },
    ]
    return marks.flatMap(({ value, atEpochMs }, index) => {
      const from = Math.max(fromEpochMs, atEpochMs)
      const to = Math.min(toEpochMs, marks[index + 1]?.atEpochMs ?? toEpochMs)
      return to > from ? [{ value, fromEpochMs: from, toEpochMs: to }] : []
    })
  }

  /** Since when the present value holds; `atLeast` when it began before anything that is known. */
  since(): { readonly atEpochMs: number; readonly atLeast: boolean } | null {
    const last = this.#marks.at(-1)
    if (!last) return null
    return { atEpochMs: last.atEpochMs, atLeast: this.#marks.length === 1 || this.#marks.at(-2)?.value === 'unknown' }
  }

  #mark(value: Value | 'unknown', atEpochMs: number): void {
    if (this.#marks.at(-1)?.value !== value) this.#marks.push({ value, atEpochMs })
  }

  #forget(beforeEpochMs: number): void {
    // The last mark before the window says what holds at its beginning.
    while ((this.#marks[1]?.atEpochMs ?? Number.POSITIVE_INFINITY) <= beforeEpochMs) this.#marks.shift()
  }
}

/** Every phase and the mode of one intersection. */
export class IntersectionHistory {
  readonly phases: ReadonlyMap<number, Track<PhaseShown>>
  readonly mode = new Track<LiveState['mode']>()

  constructor(phases: readonly number[]) {
    this.phases = new Map(phases.map((phase) => [phase, new Track<PhaseShown>()]))
  }

  /** A state without lamps is no sample of them: like a state that never came, it leaves a gap once it lasts. */
  live(state: LiveState): void {
    const { sampledAtEpochMs, signal, mode } = state
    this.mode.live(mode, sampledAtEpochMs)
    const flashes = isFlashing(state)
    if (!signal && !flashes) return
    for (const [phase, track] of this.phases)
      track.live(signal && !flashes ? lampOf(signal, phase) : 'flashing', sampledAtEpochMs)
  }

  /** Events in any order; those of other codes are passed over. */
  recorded(events: readonly StoredEventView[]): void {
    const inOrder = events.toSorted((a, b) => a.at.localeCompare(b.at))
    for (const [phase, track] of this.phases)
      track.recorded(
        inOrder.flatMap((event) => {
          const value = shownBy(event, phase)
          return value ? [{ value, atEpochMs: Date.parse(event.at) }] : []
        }),
      )
  }
}
