/** The engineer's bounds on turns: which stages may follow now, which greens are over, and who must begin for the cycle to hold. */
import { bitsOf, hasBit, type Bits } from '#base/bits.ts'
import { leastTurnMs } from '#signal/adaptive-limits.ts'
import type { Phase } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'
import { mostGreenMs } from '../stage-limits.ts'
import type { Circumstances } from './choose-stage.ts'

/** When the last green of each phase began; phases that have not been green yet are left out. */
export type GreenStarts = Readonly<Record<number, number>>

/** A phase that must begin soon, for its time since its last green, or that of one after it, is up to the longest cycle. */
export interface CycleClaim {
  readonly phase: number
  readonly sinceMs: number
  readonly mostMs: number
}

export function noteStarts({ nowMonoMs }: IntersectionView, { rings }: SignalStatus, before: GreenStarts): GreenStarts {
  const green = rings.filter(({ interval }) => interval === 'green')
  return { ...before, ...Object.fromEntries(green.map(({ phase, elapsedMs }) => [phase, nowMonoMs - elapsedMs])) }
}

/** Without those that would begin a phase before its shortest cycle is over. */
export function afterLeastCycle(of: Circumstances, stages: readonly Bits[]): readonly Bits[] {
  const { limits, starts, view, signal } = of
  const { cycleLeastMs } = limits
  if (cycleLeastMs === null) return stages
  const early = redPhases(of).filter(({ id }) => {
    const startMs = starts[id]
    return startMs !== undefined && view.nowMonoMs + changeMs(of, signal.greens) < startMs + cycleLeastMs
  })
  const earlyBits = bitsOf(early.map(({ id }) => id))
  return stages.filter((stage) => (stage & earlyBits) === 0)
}

/** Phases of the stage that have been green for the longest split that the engineer gives them. */
export const spentPhases = ({ view, signal, limits }: Circumstances, stage: Bits): Bits =>
  bitsOf(
    view.intersection.phases
      .filter((phase) => hasBit(stage, phase.id) && (limits.splitsMs.get(phase.id)?.mostMs ?? null) !== null)
      .filter((phase) =>
        signal.rings.some(
          ({ phase: shown, elapsedMs }) => shown === phase.id && elapsedMs >= mostGreenMs(limits, phase, Infinity),
        ),
      )
      .map(({ id }) => id),
  )

/** Who must begin now, for otherwise somebody in the row would come too late; null while there is time. */
export function cycleClaim(of: Circumstances, stages: readonly Bits[]): CycleClaim | null {
  const mostMs = of.limits.cycleMostMs
  if (mostMs === null || !comesLate(of, stages, 0)) return null
  const first = rowOf(of).find(({ id }) => !hasBit(of.signal.greens, id))
  return first === undefined ? null : { phase: first.id, sinceMs: of.view.nowMonoMs - startOf(of, first), mostMs }
}

/** Without those whose shortest turn would make somebody else come too late; all where each of them would. */
export function withinMostCycle(of: Circumstances, stages: readonly Bits[]): readonly Bits[] {
  if (of.limits.cycleMostMs === null) return stages
  const inTime = stages.filter((stage) => !comesLate(of, stages, stage))
  return inTime.length > 0 ? inTime : stages
}

/**
 * Who is called begins in the order in which their cycles run out, and each has its shortest turn: whether somebody in that
 * row comes too late if `first` (0 = none) has its turn before them.
 */
function comesLate(of: Circumstances, stages: readonly Bits[], first: Bits): boolean {
  const { limits, view, signal } = of
  const mostMs = limits.cycleMostMs ?? Infinity
  const turnMs = (phases: readonly Phase[]): number =>
    Math.max(0, ...phases.map((phase) => leastTurnMs(limits, phase) + DECIDED_LATE_MS))
  const row = rowOf(of)
  let beginsMs = view.nowMonoMs + changeMs(of, signal.greens) + DECIDED_LATE_MS
  beginsMs += turnMs(view.intersection.phases.filter(({ id }) => hasBit(first, id)))
  let served = first
  for (const phase of row) {
    if (hasBit(served, phase.id)) continue
    if (beginsMs > startOf(of, phase) + mostMs) return true
    const stage = stageFor(phase, row, stages)
    beginsMs += turnMs(row.filter(({ id }) => !hasBit(served, id) && hasBit(stage, id)))
    served = (served | stage) >>> 0
  }
  return false
}

/** Who is called, or green and will be called again, in the order in which their cycles run out. */
const rowOf = (of: Circumstances): Phase[] =>
  [...calledPhases(of), ...greensWanted(of)].toSorted((a, b) => startOf(of, a) - startOf(of, b))

/** Their next green has to begin in time too, after those of all others. */
const greensWanted = ({ view, signal, demand }: Circumstances): Phase[] =>
  view.intersection.phases.filter(
    ({ id }) =>
      hasBit(signal.greens, id) &&
      demand.lanes.some(({ waiting, facts }) => waiting >= 1 && facts.ways.some(({ phases }) => hasBit(phases, id))),
  )

/** When its cycle began; of a phase that has not been green yet since it was called. */
const startOf = ({ starts, demand: { nowMonoMs, vehiclesSince, walksSince } }: Circumstances, { id }: Phase): number =>
  starts[id] ?? Math.min(vehiclesSince[id] ?? nowMonoMs, walksSince[id] ?? nowMonoMs)

/** Strategies decide once a second, and so each turn may end a second late. */
const DECIDED_LATE_MS = 1_000

/** The stage that serves the phase, and most of the others in the row. */
function stageFor({ id }: Phase, row: readonly Phase[], stages: readonly Bits[]): Bits {
  const count = (stage: Bits): number => row.filter((each) => hasBit(stage, each.id)).length
  const [best] = stages.filter((stage) => hasBit(stage, id)).toSorted((a, b) => count(b) - count(a))
  return best ?? bitsOf([id])
}

const redPhases = ({ view, signal }: Circumstances): Phase[] =>
  view.intersection.phases.filter(({ id }) => !hasBit(signal.greens, id))

const calledPhases = (of: Circumstances): Phase[] =>
  redPhases(of).filter(({ id }) => id in of.demand.vehiclesSince || id in of.demand.walksSince)

/** The longest clearance of these greens. */
export const changeMs = ({ view }: Pick<Circumstances, 'view'>, ending: Bits): number =>
  Math.max(
    0,
    ...view.intersection.phases
      .filter(({ id }) => hasBit(ending, id))
      .map(({ timing }) => timing.yellowMs + timing.redClearMs),
  )
