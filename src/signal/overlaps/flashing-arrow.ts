/** The flashing yellow arrow of a left turn: protected with its modifier phases, permissive with its included ones. */
import { EVENT, type EmitEvent } from '../events.ts'
import { mayFlashAfter } from '../rings/intergreens.ts'
import { beginGreen, beginYellow, enter, noteCarriers, showGreen, type OverlapRun } from './overlap-run.ts'
import { bridges } from './phases-now.ts'
import type { Around } from './standing.ts'

/** Sixty flashes a minute, half of each lit; MUTCD 4A.04 wants 50 to 60 of them. */
const FLASH_MS = 1_000
/** Longer steps would miss flashes, or show the arrow dark for longer than a monitor bears: it stays lit. */
const FLASHED_STEP_MOST_MS = 300

/** The flash runs on the controller's time, from the moment when it began. */
export function advanceFlash(overlap: OverlapRun, elapsedMs: number): void {
  if (overlap.interval !== 'flash') return
  overlap.lit = elapsedMs > FLASHED_STEP_MOST_MS || overlap.elapsedMs % FLASH_MS < FLASH_MS / 2
}

/** While timers stand still an arrow that flashes goes on flashing: dark for longer, it would read as burnt out. */
export function flashOn(overlap: OverlapRun, elapsedMs: number): void {
  if (overlap.interval !== 'flash') return
  overlap.elapsedMs += elapsedMs
  advanceFlash(overlap, elapsedMs)
}

/**
 * MUTCD 2009 4D.20: green arrow, yellow arrow, then red or flashing; flashing, then steady yellow and red, or the green
 * arrow at once where protected follows permissive, with no yellow between.
 */
export function followArrow(overlap: OverlapRun, around: Around, emit: EmitEvent): void {
  const { interval } = overlap
  if (interval === 'red') beginArrow(overlap, around, emit)
  else if (interval === 'green') endProtected(overlap, around, emit)
  else if (interval === 'flash') endPermissive(overlap, around, emit)
  else if (interval === 'redAmber' && (around.phasesNow.greens & overlap.layout.protecting) !== 0)
    showGreen(overlap, emit)
}

/** Whoever conflicts with the flashing section conflicts with all its phases, and they have waited for him. */
function beginArrow(overlap: OverlapRun, { phasesNow, intergreens }: Around, emit: EmitEvent): void {
  const { layout } = overlap
  const { greens, redAmbers, ons } = phasesNow
  if (((greens | redAmbers) & layout.protecting) !== 0) return beginGreen(overlap, greens & layout.protecting, emit)
  if ((greens & layout.included) === 0 || (ons & layout.protecting) !== 0) return
  if (!mayFlashAfter(intergreens, overlap)) return
  enter(overlap, 'flash')
  overlap.flashed = true
  overlap.lit = true
  emit(EVENT.arrowFlashBegin, layout.number)
}

function endProtected(overlap: OverlapRun, { rings, phasesNow }: Around, emit: EmitEvent): void {
  const { protecting } = overlap.layout
  const { greens, yellows, coming } = phasesNow
  noteCarriers(overlap, (greens | yellows) & protecting)
  if (((greens | coming) & protecting) === 0 && !bridges(rings, protecting)) beginYellow(overlap, emit)
}

/** It goes on flashing over the change of the oncoming street to the protected phase: drivers in the junction still turn. */
function endPermissive(overlap: OverlapRun, { rings, phasesNow }: Around, emit: EmitEvent): void {
  const { number, included, protecting, takingOver, minGreenMs } = overlap.layout
  const { greens, yellows, coming } = phasesNow
  const protects = (greens & protecting) !== 0
  noteCarriers(overlap, (greens | yellows) & included)
  const stays =
    ((greens & included) | (coming & (included | protecting))) !== 0 || bridges(rings, included | takingOver)
  if (!protects && (stays || overlap.elapsedMs < minGreenMs)) return
  overlap.lit = false
  emit(EVENT.arrowFlashEnd, number)
  if (!protects) return beginYellow(overlap, emit)
  overlap.flashed = false
  showGreen(overlap, emit)
}
