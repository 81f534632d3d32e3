/** Overlaps that are green with any of their phases, and from one of them to the next without a yellow; with or without modifiers. */
import { EVENT, type EmitEvent } from '../events.ts'
import { mayFollowOn } from '../rings/intergreens.ts'
import { beginGreen, beginYellow, enter, noteCarriers, showGreen, type OverlapRun } from './overlap-run.ts'
import { bridges } from './phases-now.ts'
import { areRed, isRested, type Around } from './standing.ts'

export function followGreens(overlap: OverlapRun, around: Around, emit: EmitEvent): void {
  const { interval } = overlap
  if (interval === 'green' || interval === 'trailing') stayOrEnd(overlap, around, emit)
  else if (interval === 'red' && mayBegin(overlap, around))
    beginGreen(overlap, around.phasesNow.greens & overlap.layout.included, emit)
  else if (interval === 'redAmber' && amberIsOver(overlap, around)) showGreen(overlap, emit)
}

/** The phases of a normal overlap have waited until it may begin; with modifiers it begins late, when all is clear. */
function mayBegin(overlap: OverlapRun, around: Around): boolean {
  const { layout } = overlap
  const { greens, redAmbers } = around.phasesNow
  if (((greens | redAmbers) & layout.included) === 0 || !isRested(overlap)) return false
  if (!mayFollowOn(around.intergreens, overlap)) return false
  if (layout.kind === 'normal') return true
  return !isBarred(overlap, around) && areRed(around.overlaps, layout.conflictingOverlaps, layout.conflictingFlashes)
}

/** Minus green-yellow: a modifier is on, or comes next (NTCIP 1202 2.9.2.2, and red before the modifier begins). */
const isBarred = ({ layout }: OverlapRun, { phasesNow }: Around): boolean =>
  ((phasesNow.ons | phasesNow.nexts) & layout.barring) !== 0

function amberIsOver({ layout, elapsedMs, redAmberMs }: OverlapRun, { phasesNow }: Around): boolean {
  const { greens, redAmbers } = phasesNow
  return elapsedMs >= redAmberMs && ((greens & layout.included) !== 0 || (redAmbers & layout.included) === 0)
}

/** What began must be a green that somebody can use; then it may trail its phases, and ends. */
function stayOrEnd(overlap: OverlapRun, around: Around, emit: EmitEvent): void {
  const { layout, elapsedMs } = overlap
  const { greens, yellows } = around.phasesNow
  noteCarriers(overlap, (greens | yellows) & layout.included)
  if (isCarried(overlap, around)) {
    overlap.interval = 'green'
    return
  }
  if (overlap.interval === 'trailing') {
    if (elapsedMs >= layout.trailingGreenMs) beginYellow(overlap, emit)
    return
  }
  if (elapsedMs < layout.minGreenMs) return
  if (layout.trailingGreenMs === 0) return beginYellow(overlap, emit)
  enter(overlap, 'trailing')
  emit(EVENT.overlapTrailing, layout.number)
}

function isCarried(overlap: OverlapRun, around: Around): boolean {
  const { included } = overlap.layout
  const { greens, coming } = around.phasesNow
  if (isBarred(overlap, around)) return false
  return ((greens | coming) & included) !== 0 || bridges(around.rings, included)
}
