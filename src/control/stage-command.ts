/** Compiles a wanted stage into holds, force-offs, omits and calls: the controller goes there by its own rules, and no faster. */
import { bitsOf, lowestOf, withoutBit, type Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '#signal/command.ts'
import type { Intersection } from '#signal/intersection.ts'
import { greensToEnd, phasesAfterLap } from '#signal/legal-stages.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { IntersectionView } from '#signal/view.ts'

export interface StageWish {
  /** One of `legalStages`: wanted green, now or as soon as may be. */
  readonly stage: Bits
  /** Phases that the plan of the day leaves out. */
  readonly omitted: Bits
  /** What the controller cannot see itself. */
  readonly calls: Pick<PhaseControl, 'vehicleCall' | 'pedestrianCall'>
}

/** What a wish needs to know of the intersection. */
type Place = Pick<IntersectionView, 'intersection' | 'omittable'>

/** False while an engine, a bus or the flasher has the street: whoever steers then would fight it. */
export const maySteer = ({ preempt, flash }: SignalStatus): boolean =>
  flash === 'none' && (preempt.state === 'none' || preempt.state === 'delay') && preempt.priorityActive === 0

/**
 * For free operation (pattern 254). A stage that is green is held. On the way to it, what stands in its way is forced
 * off once its minimum and its people are served, its phases are called, and all others are omitted, so that nobody is
 * served before it; but for those for whom people wait: they are served on the way (or, where the ring comes to them
 * only later, within one lap of it).
 */
export function commandStage(place: Place, signal: SignalStatus, wish: StageWish): PhaseControl {
  const { calls, omitted } = wish
  if (!maySteer(signal)) return { ...NO_PHASE_CONTROL, ...calls }
  const { greens } = signal
  const stage = (wish.stage & ~omitted) >>> 0
  const onTheWay = (stage & ~greens) !== 0
  const ending = onTheWay ? greensToEnd(place.intersection, greens, stage) : 0
  const hold = (stage & greens & ~ending) >>> 0
  const next = (stage & ~phasesAfterLap(place.intersection, greens, stage)) >>> 0
  return {
    hold,
    forceOff: (ending & mayEnd(place.intersection, signal)) >>> 0,
    phaseOmit: omits(place, signal, { stage: onTheWay ? next : ~omitted >>> 0, calls }),
    pedestrianOmit: 0,
    vehicleCall: (onTheWay ? calls.vehicleCall | (next & ~hold) : calls.vehicleCall) >>> 0,
    pedestrianCall: calls.pedestrianCall,
  }
}

/**
 * Phases that the controller serves in their turn whatever is wished: somebody wants them, or will after their green, and
 * they may not be left out.
 */
export function servedAnyway(
  { intersection, omittable }: Place,
  { greens, vehicleCalls, pedestrianCalls }: SignalStatus,
  calls: StageWish['calls'],
): Bits {
  const walks = pedestrianCalls | calls.pedestrianCall
  const wanted = greens | vehicleCalls | calls.vehicleCall | walks | recalledPhases(intersection)
  return (wanted & ~(omittable & ~walks)) >>> 0
}

const recalledPhases = oncePer(({ phases }: Intersection) =>
  bitsOf(
    phases
      .filter(({ recall, pedestrianRecall }) => recall === 'minimum' || recall === 'maximum' || pedestrianRecall)
      .map(({ id }) => id),
  ),
)

/** The greens that the envelope lets be ended: minimum shown, nobody on the crossing. */
function mayEnd({ phases }: Intersection, { rings, walks, pedClears }: SignalStatus): Bits {
  const ready = phases.filter(({ id, timing }) =>
    rings.some(
      ({ phase, interval, elapsedMs }) => phase === id && interval === 'green' && elapsedMs >= timing.minGreenMs,
    ),
  )
  return (bitsOf(ready.map(({ id }) => id)) & ~(walks | pedClears)) >>> 0
}

/** All phases but those, as far as the site lets them be omitted, nobody on foot waits for them, and no ring is emptied. */
function omits(
  { intersection, omittable }: Place,
  signal: SignalStatus,
  { stage, calls }: Pick<StageWish, 'stage' | 'calls'>,
): Bits {
  const waiting = signal.pedestrianCalls | calls.pedestrianCall
  const omit = (omittable & ~stage & ~waiting) >>> 0
  return ringsOf(intersection).reduce(
    (bits, ring) => {
      const left = (ring & ~bits) >>> 0
      return left === 0 ? withoutBit(bits, spared(ring, signal)) : bits
    },
    (omit & bitsOf(intersection.phases.map(({ id }) => id))) >>> 0,
  )
}

/** Of a ring that has no part in the stage: what it shows, else whom nobody calls, else the first. */
function spared(ring: Bits, { greens, vehicleCalls }: SignalStatus): number {
  return lowestOf((ring & greens || ring & ~vehicleCalls || ring) >>> 0)
}

const ringsOf = ({ phases }: Intersection): Bits[] =>
  [...Map.groupBy(phases, ({ ring }) => ring).values()].map((members) => bitsOf(members.map(({ id }) => id)))
