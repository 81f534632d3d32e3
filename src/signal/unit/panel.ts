/** The panels of the cabinet: an officer who steers by hand, timers that are stopped, and what of it goes into the log. */
import type { Bits } from '#base/bits.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { FlashCause } from '../status.ts'

/** Police panel and technician's switches (NEMA TS 2 3.5.5: manual control enable, interval advance, stop time, flash). */
export interface PanelInputs {
  /** Every phase is called, and each green stays until the officer ends it. */
  readonly manualControl: boolean
  /** The button in the officer's hand: each press ends the greens that he sees. */
  readonly intervalAdvance: boolean
  /** Timers stand still, lamps stay; calls are still registered. */
  readonly stopTime: boolean
  /** The switch of the police panel (`local`), or the technician's behind the door. */
  readonly flash: Extract<FlashCause, 'none' | 'local' | 'technician'>
}

/** The panel is closed. */
export const CLOSED_PANEL: PanelInputs = {
  manualControl: false,
  intervalAdvance: false,
  stopTime: false,
  flash: 'none',
}

export interface Panel {
  /** As it was at the last step. */
  manual: boolean
  pressed: boolean
  stopped: boolean
  /** Greens that the officer has pressed away; they end once their minimums and their pedestrians are served. */
  advanced: Bits
}

export const createPanel = (): Panel => ({ manual: false, pressed: false, stopped: false, advanced: 0 })

/** Takes note of the switches, and of a press while `greens` are shown. */
export function readPanel(panel: Panel, inputs: PanelInputs, greens: Bits, emit: EmitEvent): void {
  const { manualControl, intervalAdvance, stopTime } = inputs
  if (manualControl !== panel.manual) emit(EVENT.manualControl, manualControl ? 1 : 0)
  if (stopTime !== panel.stopped) emit(EVENT.stopTime, stopTime ? 1 : 0)
  if (intervalAdvance !== panel.pressed) emit(EVENT.intervalAdvance, intervalAdvance ? 1 : 0)
  panel.advanced &= manualControl ? greens : 0
  if (manualControl && intervalAdvance && !panel.pressed) panel.advanced = greens
  panel.manual = manualControl
  panel.stopped = stopTime
  panel.pressed = intervalAdvance
}
