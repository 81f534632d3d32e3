/** Which stages can be next: what the controller would come to without a detour, with nobody passed over who would then wait too long. */
import { bitsOf, hasBit, listBits, type Bits } from '#base/bits.ts'
import { leastLapMs } from '#signal/adaptive-limits.ts'
import { changeTimeMs, greensToEnd, legalStages, phasesPassed } from '#signal/legal-stages.ts'
import { leastGreenMs } from '../stage-limits.ts'
import type { Circumstances } from './choose-stage.ts'

/**
 * The stages that follow at once: no phase that has to be served comes before them, and each green that ends for them has
 * been served. In two rings a stage that lies behind is so reached through the other barrier group, whose stages come
 * first; where nobody there may be left out, that is a lap.
 */
export function nextStages(of: Circumstances, stage: Bits): readonly Bits[] {
  const { intersection } = of.view
  const served = servedGreens(of)
  const direct = legalStages(intersection, of.omitted).filter(
    (each) => each !== stage && (phasesPassed(intersection, stage, each) & of.servedAnyway) === 0,
  )
  const ripe = direct.filter((each) => (greensToEnd(intersection, stage, each) & ~served) === 0)
  const lapsMs = lapMs(of)
  const kind = ripe.filter((each) => !passesOverLongest(of, stage, { next: each, lapsMs }))
  return kind.length > 0 ? kind : ripe
}

interface Way {
  readonly stage: Bits
  /** The stage that comes first on it, itself where it follows at once. */
  readonly first: Bits
  /** From now to its green, with the least greens of those in between. */
  readonly timeMs: number
}

/** The quickest ways to all other stages that begin with one of those; they come first. */
export function waysBy(of: Circumstances, stage: Bits, firsts: readonly Bits[]): readonly Way[] {
  const { intersection } = of.view
  const ways = new Map<Bits, Way>()
  for (const first of firsts) ways.set(first, { stage: first, first, timeMs: changeTimeMs(intersection, stage, first) })
  const farther = legalStages(intersection, of.omitted).filter((each) => each !== stage && !firsts.includes(each))
  if (farther.length > 0)
    for (const { stage: by, first, timeMs } of ways.values())
      for (const next of farther) {
        if ((phasesPassed(intersection, by, next) & of.servedAnyway) !== 0) continue
        const thereMs = timeMs + leastMs(of, by) + changeTimeMs(intersection, by, next)
        if (thereMs < (ways.get(next)?.timeMs ?? Infinity)) {
          ways.delete(next)
          ways.set(next, { stage: next, first, timeMs: thereMs })
        }
      }
  return [...ways.values()]
}

/** The least green of a stage, with those who wait to walk beside it. */
function leastMs({ view, demand, limits }: Circumstances, stage: Bits): number {
  const phases = view.intersection.phases.filter(({ id }) => hasBit(stage, id))
  const times = phases.map((phase) => {
    const walks = phase.pedestrianRecall || hasBit(demand.walks, phase.id)
    return Math.max(leastGreenMs(limits, phase), walks ? phase.timing.walkMs + phase.timing.pedClearMs : 0)
  })
  return Math.max(0, ...times)
}

/** Greens that may end: their least time is over, and nobody walks beside them. A walk that rests ends when it is asked to. */
function servedGreens({ view, signal, limits }: Circumstances): Bits {
  const { walks, pedClears, rings } = signal
  return view.intersection.phases
    .filter(
      (phase) =>
        !hasBit(pedClears, phase.id) &&
        (!hasBit(walks, phase.id) || phase.walkRest) &&
        rings.some(
          (ring) =>
            ring.phase === phase.id && ring.interval === 'green' && ring.elapsedMs >= leastGreenMs(limits, phase),
        ),
    )
    .reduce((bits, { id }) => (bits | (1 << (id - 1))) >>> 0, 0)
}

/** Somebody whose turn would pass has waited so long that with another lap it were too long. */
function passesOverLongest(
  of: Circumstances,
  stage: Bits,
  { next, lapsMs }: { readonly next: Bits; readonly lapsMs: number },
): boolean {
  const { view, demand, options } = of
  const passed = (phasesPassed(view.intersection, stage, next) & ~next) >>> 0
  return listBits(passed).some((phase) => {
    const sinceMs = demand.vehiclesSince[phase]
    if (sinceMs === undefined) return false
    return demand.nowMonoMs - sinceMs + lapsMs >= options.waitMostMs && isLap(of, next, phase)
  })
}

/** The shortest way once around the rings, past all who wait and all who are served anyway, on foot too. */
export function lapMs({ view, signal, demand, servedAnyway, limits }: Circumstances): number {
  const called = bitsOf(Object.keys(demand.vehiclesSince).map(Number))
  const onLap = view.intersection.phases
    .filter(({ id }) => hasBit(servedAnyway | called | signal.greens, id))
    .map((phase) => (hasBit(demand.walks, phase.id) ? { ...phase, pedestrianRecall: true } : phase))
  return leastLapMs(view.intersection, onLap, limits)
}

/** From the stage the rings come to the phase only past others that have to be served. */
function isLap({ view, omitted, servedAnyway }: Circumstances, from: Bits, phase: number): boolean {
  const stages = legalStages(view.intersection, omitted).filter((each) => hasBit(each, phase))
  return stages.every((each) => (phasesPassed(view.intersection, from, each) & servedAnyway) !== 0)
}
