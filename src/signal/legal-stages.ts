/** Stages: the largest sets of phases that may be green together, and which greens must end on the way from one to another. */
import { at } from '#base/at.ts'
import { bit, bitsOf, hasBit, listBits, type Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import { phaseConflicts } from './conflicts.ts'
import type { Intersection } from './intersection.ts'
import type { Phase } from './phase.ts'
import { latenesses } from './rings/lateness.ts'
import { barrierOrder } from './rings/turns.ts'

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
export const greensToEnd = perChange(findEnding)

function findEnding(intersection: Intersection, greens: Bits, stage: Bits): Bits {
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

/**
 * Whose turn comes before the whole stage is green: whoever of them is wanted, and not omitted, is served on the way. In
 * the group that is on they stand between the green and the stage; where the rings have to cross, those that still follow
 * in it, the groups in between, and whoever stands before the stage in its own.
 */
export const phasesPassed = perChange(findPassed)

function findPassed(intersection: Intersection, greens: Bits, stage: Bits): Bits {
  const { phases, sequences } = intersection
  const shown = phases.filter(({ id }) => hasBit(greens, id))
  const wanted = phases.filter(({ id }) => hasBit(stage & ~greens, id))
  const crossing = wanted.find((next) => shown.some((now) => mustCross(intersection, now, next)))
  const rings = at(sequences, 0).rings.map((order) => order.flatMap((id) => phases.filter((phase) => phase.id === id)))
  const from = shown[0]?.barrier
  const passed = rings.flatMap((ring) => {
    const now = ring.findIndex(({ id }) => hasBit(greens, id))
    const next = ring.findIndex(({ id }) => hasBit(stage, id))
    if (crossing === undefined || from === undefined) return next < 0 ? [] : ring.slice(now + 1, next)
    const between = barriersBetween(barrierOrder(rings), from, crossing.barrier)
    const after = ring.filter(({ barrier }, place) => barrier === from && now >= 0 && place > now)
    const before = ring.filter(({ barrier }, place) => barrier === crossing.barrier && place < next)
    return [...after, ...ring.filter(({ barrier }) => between.includes(barrier)), ...before]
  })
  return bitsOf(passed.map(({ id }) => id))
}

/** The barrier groups that the rings meet between those two; all others, where they come back to the same. */
function barriersBetween(barriers: readonly number[], from: number, to: number): readonly number[] {
  const start = barriers.indexOf(from)
  const around = [...barriers.slice(start + 1), ...barriers.slice(0, start)]
  return from === to ? around : around.slice(0, around.indexOf(to))
}

/**
 * From the end of the greens that must end to the green of the whole stage, where nobody is served on the way: yellow and
 * red clearance, what an intergreen or an overlap that outlasts its phases adds to them, red and amber.
 */
export const changeTimeMs = perChange(findChangeTime)

function findChangeTime(intersection: Intersection, greens: Bits, stage: Bits): number {
  const { phases } = intersection
  const ending = greensToEnd(intersection, greens, stage)
  const ended = phases.filter(({ id }) => hasBit(ending, id))
  const begun = phases.filter(({ id }) => hasBit(stage & (ending | ~greens), id))
  return Math.max(
    0,
    ...ended.map(clearanceMs),
    ...begun.flatMap(({ id, timing }) =>
      ended.map((each) => clearanceMs(each) + latenessMs(intersection, each.id, id) + timing.redAmberMs),
    ),
  )
}

/** The same few changes are asked for every second: each is found once. */
function perChange(find: (intersection: Intersection, greens: Bits, stage: Bits) => number): typeof find {
  const changesOf = oncePer<Intersection, Map<Bits, Map<Bits, number>>>(() => new Map())
  return (intersection, greens, stage) => {
    const changes = changesOf(intersection)
    const known = changes.get(greens) ?? new Map<Bits, number>()
    changes.set(greens, known)
    const found = known.get(stage) ?? find(intersection, greens, stage)
    known.set(stage, found)
    return found
  }
}

const clearanceMs = ({ timing }: Phase): number => timing.yellowMs + timing.redClearMs

const latenessMs = (intersection: Intersection, after: number, phase: number): number =>
  Math.max(
    0,
    ...late(intersection).flatMap((each) => (each.after.id === after && each.phase.id === phase ? [each.lateMs] : [])),
  )

const late = oncePer(latenesses)

const isInTheWay = (intersection: Intersection, { id }: Phase, stage: Bits): boolean =>
  (at(phaseConflicts(intersection), id) & stage) !== 0

function mustCross(intersection: Intersection, now: Phase, next: Phase): boolean {
  if (now.barrier !== next.barrier) return true
  if (now.ring !== next.ring) return false
  const order = at(at(intersection.sequences, 0).rings, now.ring - 1)
  return order.indexOf(next.id) < order.indexOf(now.id)
}
