/** Stages: the largest sets of phases that may be green together, and which greens must end on the way from one to another. */
import { at } from '#base/at.ts'
import { bit, bitsOf, hasBit, listBits, type Bits } from '#base/bits.ts'
import { phaseConflicts } from './conflicts.ts'
import type { Intersection } from './intersection.ts'
import type { Phase } from './phase.ts'

/** A plan leaves out the same phases all day: the stages of each intersection are found once for each such set. */
const KNOWN = new WeakMap<Intersection, Map<Bits, readonly Bits[]>>()

/** Every phase but the omitted ones is in at least one; ascending. */
export function legalStages(intersection: Intersection, omitted: Bits): readonly Bits[] {
  const known = KNOWN.get(intersection) ?? new Map<Bits, readonly Bits[]>()
  KNOWN.set(intersection, known)
  const stages = known.get(omitted) ?? findStages(intersection, omitted)
  known.set(omitted, stages)
  return stages
}

/** Grows every compatible set phase by phase (at most four rings: a stage has at most four phases), and keeps the largest. */
function findStages(intersection: Intersection, omitted: Bits): readonly Bits[] {
  const conflicts = phaseConflicts(intersection)
  const phases = intersection.phases.map(({ id }) => id).filter((id) => !hasBit(omitted, id))
  const excluded = (set: Bits): Bits => listBits(set).reduce((bits, phase) => bits | at(conflicts, phase), set)
  const candidates = (set: Bits) => phases.filter((phase) => !hasBit(excluded(set), phase))
  const largest = new Set<Bits>()
  const visited = new Set<Bits>()
  const grow = (set: Bits): void => {
    if (visited.has(set)) return
    visited.add(set)
    const further = candidates(set)
    if (further.length === 0 && set !== 0) largest.add(set)
    for (const phase of further) grow((set | bit(phase)) >>> 0)
  }
  grow(0)
  return [...largest].toSorted((a, b) => a - b)
}

/**
 * The greens that a controller must end before the whole stage can be green, in the intersection's first sequence. A
 * ring goes on to a phase that is still ahead of it alone; for one that is behind, or in another barrier group, all rings
 * cross together, and end whatever they show (NEMA TS 2 3.5.3).
 */
export function greensToEnd(intersection: Intersection, greens: Bits, stage: Bits): Bits {
  const missing = stage & ~greens
  const { phases } = intersection
  const shown = phases.filter(({ id }) => hasBit(greens, id))
  const wanted = phases.filter(({ id }) => hasBit(missing, id))
  const together = wanted.some((next) => shown.some((now) => mustCross(intersection, now, next)))
  return together ? greens : bitsOf(shown.filter((now) => isInTheWay(intersection, now, missing)).map(({ id }) => id))
}

/**
 * The phases of the stage that must not be called before the greens have ended: where one ring has to make a lap, another
 * that could go on alone would leave it behind, and the lap would wait for the minimum of what it went on to.
 */
export function phasesAfterLap(intersection: Intersection, greens: Bits, stage: Bits): Bits {
  const shown = intersection.phases.filter(({ id }) => hasBit(greens, id))
  const missing = intersection.phases.filter(({ id }) => hasBit(stage & ~greens, id))
  const lap = missing.some((next) => shown.some((now) => now.ring === next.ring && mustCross(intersection, now, next)))
  const ahead = missing.filter((next) =>
    shown.some((now) => now.ring === next.ring && !mustCross(intersection, now, next)),
  )
  return lap ? bitsOf(ahead.map(({ id }) => id)) : 0
}

const isInTheWay = (intersection: Intersection, { id }: Phase, stage: Bits): boolean =>
  (at(phaseConflicts(intersection), id) & stage) !== 0

function mustCross(intersection: Intersection, now: Phase, next: Phase): boolean {
  if (now.barrier !== next.barrier) return true
  if (now.ring !== next.ring) return false
  const order = at(at(intersection.sequences, 0).rings, now.ring - 1)
  return order.indexOf(next.id) < order.indexOf(now.id)
}
