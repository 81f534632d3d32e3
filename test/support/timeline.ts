/** A street drawn as a picture of time: what the detectors see, and what the lamps must then show, column by column. */
import { expect } from 'vitest'
import { hasBit, withBit, type Bits } from '#base/bits.ts'
import { patternId, type PatternId } from '#base/id.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '#signal/command.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FLASH, PATTERN_FREE } from '#signal/timing-plan.ts'
import type { PanelInputs } from '#signal/unit/panel.ts'
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
/** A bus drawn `L` is so late; one drawn `#` is on time. */
const LATE_S = 60
const QUIET_MS = 900_000
/** The end of the quiet time, in which nothing is called any more. */
const REST_MS = 60_000
const SWITCH: Readonly<Record<string, PanelInputs['flash']>> = { l: 'local', t: 'technician' }

/**
 * A judge of pictures of one junction. Rows that say what happens: `det n`, `fault n` (an open loop), `button n` (of phase n), `call n`, `push n`,
 * `hold n`, `force n`, `omit n`, `pedomit n` with `#` while it lasts, `max` with `2` while maximum 2 is asked for, and `plan` with the pattern's
 * digit (`!`: flash). Of
 * preemption and priority: `pre n`, and `bus n` with `#`, or `L` for a bus that is a minute late. Of
 * the panel: `manual`, `press`, `stop` with `#`, `switch` with `l` (police) or `t` (technician) for flash. Rows that say
 * what is shown: `ph n` (L leading pedestrian interval, A red-amber, G green, Y yellow, R red clearance), `walk n` (W walk, C clearance), `ov n`
 * (G, Y, A, F arrow that flashes), `log c/n` (# where the log has code c of number n), `cross n` (a pedestrian overlap: W, C), `flash` (s start-up, a automatic, l local, t technician), `why n` (g, m or f while ring n stands after a gap-out, max-out or force-off), `serve n` (what preempt n does: - delay, E entry, T track, D dwell, X exit), `.` for none of these.
 */
export function timelineOf(database: ControllerDatabase, options: TimelineOptions = {}): (drawn: string) => void {
  return (drawn) => {
    const rows = picture(drawn)
    const expected = [...rows.keys()].filter((name) => SHOWN_ROW.test(name))
    const seen = new Map(expected.map((name) => [name, '']))
    for (const column of play(database, rows, options))
      for (const name of expected) seen.set(name, seen.get(name) + showRow(column, name))
    const all = Array.from({ length: columns(rows) }, (_, column) => column)
    expect(drawRows([...seen])).toEqual(
      drawRows(expected.map((name) => [name, all.map((column) => shown(rows, name, column)).join('')])),
    )
  }
}

const SHOWN_ROW = /^(serve|ph|walk|ov|cross|why) \d+$|^flash$|^log \d+\/\d+$/

const drawRows = (rows: readonly (readonly [string, string])[]) => rows.map(([name, row]) => `${name.padEnd(8)}${row}`)

interface Column {
  /** As it is at its beginning. */
  readonly status: SignalStatus
  /** `code/parameter` of the events from there to the next column. */
  readonly log: ReadonlySet<string>
}

function* play(database: ControllerDatabase, rows: Picture, options: TimelineOptions): Generator<Column> {
  const { columnMs = 1_000, from = 'rest', epochMs = Date.UTC(2026, 0, 5, 8) } = options
  const controller = createController(database)
  const inputs = new StreetInputs(rows)
  if (from === 'rest') comeToRest(controller, inputs, epochMs)
  for (let column = 0; column < columns(rows); column++) {
    inputs.read(column)
    const log = new Set<string>()
    const step = (ms: number, elapsedMs: number) => {
      inputs.epochMs = epochMs + column * columnMs + ms
      stepController(controller, inputs, elapsedMs, (code, parameter) => log.add(`${code}/${parameter}`))
    }
    step(0, from === 'power-up' && column === 0 ? 0 : TICK_MS)
    const status = statusOf(controller)
    for (let ms = TICK_MS; ms < columnMs; ms += TICK_MS) step(ms, TICK_MS)
    yield { status, log }
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
  maximum: 1 | 2 = 1
  preempts: Bits = 0
  priorities: Bits = 0
  readonly detectorFaults = new Uint8Array(65)
  readonly latenessS = new Int16Array(17)
  panel = QUIET_UNIT.panel
  control: PhaseControl = NO_PHASE_CONTROL
  pattern = PATTERN_FREE
  epochMs = 0
  readonly #rows: Picture

  constructor(rows: Picture) {
    this.#rows = rows
  }

  read(column: number): void {
    this.maximum = shown(this.#rows, 'max', column) === '2' ? 2 : 1
    this.occupied.fill(0)
    for (let n = 1; n <= 64; n++) if (shown(this.#rows, `det ${n}`, column) === '#') this.occupied[n] = 1
    for (let n = 1; n <= 64; n++)
      this.detectorFaults[n] = shown(this.#rows, `fault ${n}`, column) === '#' ? DETECTOR_FAULT.openLoop : 0
    this.pedestrianButtons = this.#bits('button', column)
    this.control = {
      hold: this.#bits('hold', column),
      forceOff: this.#bits('force', column),
      phaseOmit: this.#bits('omit', column),
      pedestrianOmit: this.#bits('pedomit', column),
      vehicleCall: this.#bits('call', column),
      pedestrianCall: this.#bits('push', column),
    }
    this.preempts = this.#bits('pre', column)
    this.priorities = this.#bits('bus', column) | this.#bits('bus', column, 'L')
    for (let n = 1; n <= 16; n++) this.latenessS[n] = shown(this.#rows, `bus ${n}`, column) === 'L' ? LATE_S : 0
    this.panel = {
      manualControl: shown(this.#rows, 'manual', column) === '#',
      intervalAdvance: shown(this.#rows, 'press', column) === '#',
      stopTime: shown(this.#rows, 'stop', column) === '#',
      flash: SWITCH[shown(this.#rows, 'switch', column)] ?? 'none',
    }
    this.pattern = this.#pattern(column)
  }

  rest(called: boolean): void {
    const greens = called ? this.#bits('ph', 0, 'G') : 0
    this.control = { ...NO_PHASE_CONTROL, vehicleCall: greens }
    this.pattern = this.#pattern(0)
  }

  #pattern(column: number): PatternId {
    const mark = shown(this.#rows, 'plan', column)
    if (mark === '!') return PATTERN_FLASH
    return mark === '.' ? PATTERN_FREE : patternId(Number(mark))
  }

  #bits(row: string, column: number, mark = '#'): Bits {
    let bits = 0
    for (let n = 1; n <= 32; n++) if (shown(this.#rows, `${row} ${n}`, column) === mark) bits = withBit(bits, n)
    return bits
  }
}

const REASONS = { none: '.', gapOut: 'g', maxOut: 'm', forceOff: 'f', preempt: 'p', priority: 'b' } as const

const SERVICE = { none: '.', delay: '-', entry: 'E', track: 'T', dwell: 'D', exit: 'X' } as const

const CAUSES = {
  none: '.',
  startup: 's',
  automatic: 'a',
  local: 'l',
  conflictMonitor: 'c',
  preempt: 'p',
  technician: 't',
} as const

function showRow({ status, log }: Column, name: string): string {
  const [kind, digits = ''] = name.split(' ')
  if (kind === 'log') return log.has(digits) ? '#' : '.'
  const n = Number(digits)
  if (kind === 'flash') return CAUSES[status.flash]
  if (kind === 'why') return REASONS[status.rings[n - 1]!.termination]
  if (kind === 'serve') return status.preempt.number === n ? SERVICE[status.preempt.state] : '.'
  if (kind === 'walk') return hasBit(status.walks, n) ? 'W' : hasBit(status.pedClears, n) ? 'C' : '.'
  if (kind === 'ov') return showOverlap(status, n)
  if (kind === 'cross') return hasBit(status.overlapGreens, n) ? 'W' : hasBit(status.overlapYellows, n) ? 'C' : '.'
  if (hasBit(status.greens, n)) return 'G'
  if (hasBit(status.yellows, n)) return 'Y'
  if (hasBit(status.redAmbers, n)) return 'A'
  if (status.rings.some(({ phase, interval }) => phase === n && interval === 'leadingPed')) return 'L'
  return hasBit(status.phaseOns, n) ? 'R' : '.'
}

function showOverlap({ overlapGreens, overlapYellows, overlapReds, overlapFlashes }: SignalStatus, n: number): string {
  if (hasBit(overlapGreens, n)) return 'G'
  if (hasBit(overlapFlashes, n)) return 'F'
  if (!hasBit(overlapYellows, n)) return '.'
  return hasBit(overlapReds, n) ? 'A' : 'Y'
}
