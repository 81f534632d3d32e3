/** A street drawn as a picture of time: what the detectors see, and what the lamps must then show, column by column. */
import { expect } from 'vitest'
import { hasBit, withBit, type Bits } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { createController, QUIET_UNIT, statusOf, stepController, type Controller } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { columns, picture, shown, type Picture } from './picture.ts'

export interface TimelineOptions {
  /** What one column stands for. */
  readonly columnMs?: number
  /** The first column: after a quiet quarter of an hour in which it came to rest (default), or the moment of power-up. */
  readonly from?: 'rest' | 'power-up'
  /** Clock of the first column. */
  readonly epochMs?: number
}

const TICK_MS = 100
const QUIET_MS = 900_000
/** The end of the quiet time, in which nothing is called any more. */
const REST_MS = 60_000
const FREE = 254

/**
 * A judge of pictures of one junction. Rows that say what happens: `det n`, `button n` (of phase n), `call n`, `push n`,
 * `hold n`, `force n`, `omit n`, `pedomit n` with `#` while it lasts, and `plan` with the pattern's digit. Rows that say
 * what is shown: `ph n` (G green, Y yellow, R red clearance, A red-amber), `walk n` (W walk, C clearance), `ov n`
 * (G, Y, A), `why n` (g, m or f while ring n stands after a gap-out, max-out or force-off), `.` for none of these.
 */
export function timelineOf(database: ControllerDatabase, options: TimelineOptions = {}): (drawn: string) => void {
  return (drawn) => {
    const rows = picture(drawn)
    const expected = [...rows.keys()].filter((name) => SHOWN_ROW.test(name))
    const seen = new Map(expected.map((name) => [name, '']))
    for (const status of play(database, rows, options))
      for (const name of expected) seen.set(name, seen.get(name) + showRow(status, name))
    const all = Array.from({ length: columns(rows) }, (_, column) => column)
    expect(drawRows([...seen])).toEqual(
      drawRows(expected.map((name) => [name, all.map((column) => shown(rows, name, column)).join('')])),
    )
  }
}

const SHOWN_ROW = /^(ph|walk|ov|why) \d+$/

const drawRows = (rows: readonly (readonly [string, string])[]) => rows.map(([name, row]) => `${name.padEnd(8)}${row}`)

/** The status at the beginning of each column. */
function* play(database: ControllerDatabase, rows: Picture, options: TimelineOptions): Generator<SignalStatus> {
  const { columnMs = 1_000, from = 'rest', epochMs = Date.UTC(2026, 0, 5, 8) } = options
  const controller = createController(database)
  const inputs = new StreetInputs(rows)
  if (from === 'rest') comeToRest(controller, inputs, epochMs)
  for (let column = 0; column < columns(rows); column++) {
    inputs.read(column)
    for (let ms = 0; ms < columnMs; ms += TICK_MS) {
      inputs.epochMs = epochMs + column * columnMs + ms
      stepController(controller, inputs, from === 'power-up' && column + ms === 0 ? 0 : TICK_MS, () => undefined)
      if (ms === 0) yield statusOf(controller)
    }
  }
}

/** Runs with calls for the phases that the first column shows green, and then without any. */
function comeToRest(controller: Controller, inputs: StreetInputs, epochMs: number): void {
  for (let ms = QUIET_MS; ms > 0; ms -= TICK_MS) {
    inputs.rest(ms > REST_MS)
    inputs.epochMs = epochMs - ms
    stepController(controller, inputs, TICK_MS, () => undefined)
  }
}

class StreetInputs {
  readonly occupied = new Uint8Array(65)
  pedestrianButtons: Bits = 0
  readonly maximum = 1
  readonly preempts = 0
  readonly priorities = 0
  readonly latenessS = QUIET_UNIT.latenessS
  readonly panel = QUIET_UNIT.panel
  control: PhaseControl = NO_PHASE_CONTROL
  pattern = patternId(FREE)
  epochMs = 0
  readonly #rows: Picture

  constructor(rows: Picture) {
    this.#rows = rows
  }

  read(column: number): void {
    this.occupied.fill(0)
    for (let n = 1; n <= 64; n++) if (shown(this.#rows, `det ${n}`, column) === '#') this.occupied[n] = 1
    this.pedestrianButtons = this.#bits('button', column)
    this.control = {
      hold: this.#bits('hold', column),
      forceOff: this.#bits('force', column),
      phaseOmit: this.#bits('omit', column),
      pedestrianOmit: this.#bits('pedomit', column),
      vehicleCall: this.#bits('call', column),
      pedestrianCall: this.#bits('push', column),
    }
    const digit = shown(this.#rows, 'plan', column)
    this.pattern = patternId(digit === '.' ? FREE : Number(digit))
  }

  rest(called: boolean): void {
    const greens = called ? this.#bits('ph', 0, 'G') : 0
    this.control = { ...NO_PHASE_CONTROL, vehicleCall: greens }
    const digit = shown(this.#rows, 'plan', 0)
    this.pattern = patternId(digit === '.' ? FREE : Number(digit))
  }

  #bits(row: string, column: number, mark = '#'): Bits {
    let bits = 0
    for (let n = 1; n <= 32; n++) if (shown(this.#rows, `${row} ${n}`, column) === mark) bits = withBit(bits, n)
    return bits
  }
}

const REASONS = { none: '.', gapOut: 'g', maxOut: 'm', forceOff: 'f', preempt: 'p' } as const

function showRow(status: SignalStatus, name: string): string {
  const [kind, digits] = name.split(' ')
  const n = Number(digits)
  if (kind === 'why') return REASONS[status.rings[n - 1]!.termination]
  if (kind === 'walk') return hasBit(status.walks, n) ? 'W' : hasBit(status.pedClears, n) ? 'C' : '.'
  if (kind === 'ov') return showOverlap(status, n)
  if (hasBit(status.greens, n)) return 'G'
  if (hasBit(status.yellows, n)) return 'Y'
  if (hasBit(status.redAmbers, n)) return 'A'
  return hasBit(status.phaseOns, n) ? 'R' : '.'
}

function showOverlap({ overlapGreens, overlapYellows, overlapReds }: SignalStatus, n: number): string {
  if (hasBit(overlapGreens, n)) return 'G'
  if (!hasBit(overlapYellows, n)) return '.'
  return hasBit(overlapReds, n) ? 'A' : 'Y'
}
