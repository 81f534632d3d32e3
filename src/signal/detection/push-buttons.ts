/** Push buttons: which are held down, and which of them are stuck. */
import { at } from '#base/at.ts'
import { bit, lowestOf, type Bits } from '#base/bits.ts'
import { emitEach, EVENT, type EmitEvent } from '../events.ts'

export interface PushButtons {
  /** Held down now, by the phase that they call. */
  held: Bits
  /** Held for so long that nobody believes in a finger. */
  stuck: Bits
  /** By phase number: for how long. */
  readonly heldMs: number[]
}

/** People lean on a button for as long as they wait, and nobody waits three minutes with a finger on it. */
export const BUTTON_STUCK_MS = 180_000

const PHASE_INDEXES = 33

export function createPushButtons(): PushButtons {
  return { held: 0, stuck: 0, heldMs: Array.from({ length: PHASE_INDEXES }, () => 0) }
}

/**
 * Writes down presses, and buttons that fail or come back (codes 89 to 92). A stuck button goes on calling: whoever stands
 * there cannot ask any more, and must not be left standing.
 */
export function readButtons(buttons: PushButtons, held: Bits, elapsedMs: number, emit: EmitEvent): void {
  const { held: before, heldMs } = buttons
  if (held === 0 && before === 0) return
  emitEach(held & ~before, EVENT.pedDetectorOn, emit)
  emitEach(before & ~held, EVENT.pedDetectorOff, emit)
  emitEach(buttons.stuck & ~held, EVENT.pedDetectorRestored, emit)
  buttons.held = held
  buttons.stuck = (buttons.stuck & held) >>> 0
  for (let left = held; left !== 0; left &= left - 1) {
    const number = lowestOf(left)
    heldMs[number] = (before & bit(number)) === 0 ? 0 : at(heldMs, number) + elapsedMs
  }
  noteStuck(buttons, emit)
}

function noteStuck(buttons: PushButtons, emit: EmitEvent): void {
  for (let left = buttons.held & ~buttons.stuck; left !== 0; left &= left - 1) {
    const number = lowestOf(left)
    if (at(buttons.heldMs, number) < BUTTON_STUCK_MS) continue
    buttons.stuck = (buttons.stuck | bit(number)) >>> 0
    emit(EVENT.pedDetectorFault, number)
  }
}
