/** Service that a phase asks for and could never have: a rest in red that its recall forbids, a second turn beside nobody. */
import type { Intersection } from '../intersection.ts'
import type { Phase } from '../phase.ts'
import type { PhaseFault } from './database-fault.ts'

export function checkService({ phases }: Intersection): PhaseFault[] {
  return phases.flatMap((phase) => [...checkRest(phase), ...checkConditional(phase, phases)])
}

/** A recall would call the phase back as soon as it is red: the street would flicker for nobody. */
function* checkRest({ id: phase, rest, recall, pedestrianRecall }: Phase): Generator<PhaseFault> {
  if (rest === 'red' && (recall !== 'none' || pedestrianRecall))
    yield { code: 'REST_IN_RED_UNDER_RECALL', phase, recall: recall === 'none' ? 'pedestrian' : recall }
}

/** It comes after another phase of its own ring, while a green of another ring goes on: both must be there. */
function* checkConditional(phase: Phase, phases: readonly Phase[]): Generator<PhaseFault> {
  const beside = phases.filter((other) => other !== phase && other.barrier === phase.barrier)
  const follows = beside.some(({ ring }) => ring === phase.ring)
  if (phase.conditionalService && !(follows && beside.some(({ ring }) => ring !== phase.ring)))
    yield { code: 'CONDITIONAL_SERVICE_ALONE', phase: phase.id, barrier: phase.barrier }
}
