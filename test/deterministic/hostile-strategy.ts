/** A strategy that asks for anything at all, so that the envelope has something to refuse. */
import { patternId } from '#base/id.ts'
import type { Strategy } from '#control/strategy.ts'
import type { Chance } from './chance.ts'

/** On a rung above all others, where the ladder begins with it. */
export function hostileStrategy(chance: Chance): Strategy<null> {
  const bits = () => (chance.happens(0.7) ? 0 : chance.between(0, 255))
  return {
    rung: 'fixed',
    initial: () => null,
    decide: () => ({
      command: {
        pattern: patternId(chance.oneOf([3, 3, 3, 254, 7])),
        hold: bits(),
        forceOff: bits(),
        phaseOmit: bits(),
        pedestrianOmit: bits(),
        vehicleCall: bits(),
        pedestrianCall: bits(),
        preempts: bits(),
        priorities: bits(),
      },
      memory: null,
      why: { code: 'RESTING', numbers: {} },
    }),
  }
}
