/** What a transaction may change of a controller: its times and how they are used; never streets, lamps, channels or conflicts. */
import type { DetectorId, IntersectionId, PhaseId } from '#base/id.ts'
import type { ControllerDatabase } from '../database.ts'
import type { Detector } from '../detector.ts'
import type { Phase } from '../phase.ts'

export interface PhaseSettings extends Omit<Phase, 'id' | 'name' | 'ring' | 'barrier'> {
  readonly phase: PhaseId
}

export interface DetectorSettings extends Pick<Detector, 'options' | 'diagnostics'> {
  readonly detector: DetectorId
}

export interface Timing extends Omit<ControllerDatabase, 'intersection'> {
  /** Whose it is: the timing of one street is nothing for another. */
  readonly intersection: IntersectionId
  /** Every phase and every detector of the street, ascending. */
  readonly phases: readonly PhaseSettings[]
  readonly detectors: readonly DetectorSettings[]
}

export function timingOf({ intersection, ...database }: ControllerDatabase): Timing {
  return {
    ...database,
    intersection: intersection.id,
    phases: intersection.phases
      .toSorted((a, b) => a.id - b.id)
      .map(({ id, name: _name, ring: _ring, barrier: _barrier, ...settings }) => ({ phase: id, ...settings })),
    detectors: intersection.detectors
      .toSorted((a, b) => a.id - b.id)
      .map(({ id, options, diagnostics }) => ({ detector: id, options, diagnostics })),
  }
}

/** The street of `database` with another timing; null where that is the timing of another street. */
export function withTiming({ intersection }: ControllerDatabase, timing: Timing): ControllerDatabase | null {
  const { intersection: id, phases, detectors, ...rest } = timing
  const ofPhase = new Map(phases.map(({ phase, ...settings }) => [phase, settings]))
  const ofDetector = new Map(detectors.map(({ detector, ...settings }) => [detector, settings]))
  const same =
    id === intersection.id &&
    phases.length === intersection.phases.length &&
    intersection.phases.every((phase) => ofPhase.has(phase.id)) &&
    detectors.length === intersection.detectors.length &&
    intersection.detectors.every((detector) => ofDetector.has(detector.id))
  if (!same) return null
  return {
    ...rest,
    intersection: {
      ...intersection,
      phases: intersection.phases.map((phase) => ({ ...phase, ...ofPhase.get(phase.id) })),
      detectors: intersection.detectors.map((detector) => ({ ...detector, ...ofDetector.get(detector.id) })),
    },
  }
}
