/** Which phases a plan calls and omits by itself while it runs (NTCIP 1202 splitMode). */
import type { Bits } from '#base/bits.ts'
import type { Layout, PhaseLayout } from '../layout.ts'
import type { SplitMode, TimingPlan } from '../timing-plan.ts'

/** Recalls and omits in effect: the phase's own where the plan says nothing. */
export interface PlanService {
  /** Minimum or maximum recall. */
  readonly recalled: Bits
  readonly maximumRecalled: Bits
  readonly pedestrianRecalled: Bits
  readonly omitted: Bits
}

/** A mode of vehicles takes the place of the phase's own recall; one of pedestrians comes on top of it. */
export function layOutService({ splitModes }: TimingPlan, { phases, recalled }: Layout): PlanService {
  const those = (holds: (mode: SplitMode, phase: PhaseLayout) => boolean): Bits =>
    phases.reduce((bits, phase) => (holds(splitModes.get(phase.number) ?? 'none', phase) ? bits | phase.bit : bits), 0)
  return {
    recalled: those(
      (mode, { bit }) => VEHICLE_MODES.includes(mode) || (OWN_MODES.includes(mode) && (recalled & bit) !== 0),
    ),
    maximumRecalled: those(
      (mode, { maximumRecall }) => MAXIMUM_MODES.includes(mode) || (OWN_MODES.includes(mode) && maximumRecall),
    ),
    pedestrianRecalled: those(
      (mode, { pedestrianRecall }) => PEDESTRIAN_MODES.includes(mode) || (mode !== 'omitted' && pedestrianRecall),
    ),
    omitted: those((mode) => mode === 'omitted'),
  }
}

const MAXIMUM_MODES: readonly SplitMode[] = ['maximumRecall', 'maximumAndPedestrianRecall']
const VEHICLE_MODES: readonly SplitMode[] = ['minimumRecall', ...MAXIMUM_MODES]
/** Modes that serve people in every cycle. */
export const PEDESTRIAN_MODES: readonly SplitMode[] = ['pedestrianRecall', 'maximumAndPedestrianRecall']
/** Modes that leave the vehicles to the phase's own recall. */
const OWN_MODES: readonly SplitMode[] = ['none', 'pedestrianRecall']
