/** Intergreens between heads that are not there or need none, and splits that cannot hold them. */
import { at } from '#base/at.ts'
import { headsConflict } from '../conflicts.ts'
import { waitMs } from '../coordination/plan-windows.ts'
import { leastSplitMs } from '../coordination/least-split.ts'
import type { HeadSource, Intergreen } from '../heads.ts'
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'
import { latenesses, nameOfHead, phasesLighting } from '../rings/intergreen-layout.ts'
import type { Turn } from '../rings/turns.ts'
import type { TimingPlan } from '../timing-plan.ts'
import { areNumbered } from './check-numbers.ts'
import type { IntergreenFault } from './intergreen-fault.ts'
import type { PlanFault } from './plan-fault.ts'

/** RiLSA and its like compute 3 to 15 s; after half a minute of red nobody believes that the signal works. */
const RANGE_MS = { leastMs: 0, mostMs: 30_000 } as const

export function checkIntergreens(intersection: Intersection): IntergreenFault[] {
  const { intergreens } = intersection
  const names = intergreens.map(nameOfPair)
  return [
    ...intergreens.flatMap(({ from, to }, index) =>
      names.indexOf(at(names, index)) === index ? [] : [{ code: 'INTERGREEN_TWICE' as const, from, to }],
    ),
    ...intergreens.flatMap((intergreen) => [...checkIntergreen(intergreen, intersection)]),
  ]
}

const nameOfPair = ({ from, to }: Intergreen): string => `${nameOfHead(from)} to ${nameOfHead(to)}`

function* checkIntergreen({ from, to, ms }: Intergreen, intersection: Intersection): Generator<IntergreenFault> {
  const unknown = [from, to].filter((head) => !isThere(head, intersection))
  for (const head of unknown) yield { code: 'INTERGREEN_HEAD_UNKNOWN', from, to, head }
  if (unknown.length === 0 && areNumbered(intersection) && !followEachOther(intersection, from, to))
    yield { code: 'INTERGREEN_WITHOUT_CONFLICT', from, to }
  const { leastMs, mostMs } = RANGE_MS
  if (!Number.isInteger(ms) || ms < leastMs || ms > mostMs)
    yield { code: 'INTERGREEN_OUT_OF_RANGE', from, to, ms, leastMs, mostMs }
}

/** An arrow goes on flashing until its protected phase begins: whoever is lit by that one comes without a break. */
function followEachOther(intersection: Intersection, from: HeadSource, to: HeadSource): boolean {
  const arrow = from.kind === 'flashingArrow' ? intersection.overlaps.find(({ id }) => id === from.overlap) : undefined
  const takesOver = phasesLighting(intersection, to).some(({ id }) => arrow?.modifiers.includes(id))
  return !takesOver && headsConflict(intersection, from, to)
}

function isThere(head: HeadSource, { phases, overlaps }: Intersection): boolean {
  if (head.kind === 'overlap') return overlaps.some(({ id }) => id === head.overlap)
  if (head.kind === 'flashingArrow')
    return overlaps.some(({ id, kind }) => id === head.overlap && kind === 'flashingYellowArrow')
  return phases.some(({ id, timing }) => id === head.phase && (head.kind === 'vehicle' || timing.walkMs > 0))
}

/** What follows at once in the plan begins late, and needs a split that holds this too; what comes later has had its time. */
export function* checkLateTurns(
  plan: TimingPlan,
  turns: readonly Turn<Phase>[],
  intersection: Intersection,
): Generator<PlanFault> {
  const { pattern, cycleMs } = plan
  const served = turns.filter(({ phase }) => plan.splitModes.get(phase.id) !== 'omitted')
  for (const { after, phase, lateMs } of latenesses(intersection)) {
    const before = served.filter((turn) => turn.phase === after)
    for (const { startMs, splitMs } of served.filter((turn) => turn.phase === phase)) {
      const betweenMs = Math.min(...before.map((turn) => waitMs(turn.startMs + turn.splitMs, startMs, cycleMs)))
      const neededMs = leastSplitMs(phase, false) + lateMs - betweenMs
      if (lateMs > betweenMs && splitMs < neededMs)
        yield { code: 'SPLIT_BELOW_INTERGREEN', pattern, phase: phase.id, after: after.id, splitMs, neededMs, lateMs }
    }
  }
}
