/**
 * Who turns left through gaps waits inside the junction, and who follows him straight on out of the same lane stands behind
 * him. Cross traffic that is let go then locks up with both, and nobody gets out again: the junction is cleared first.
 */
import type { Bits } from '#base/bits.ts'
import { legalStages } from '#signal/legal-stages.ts'
import type { Choice, Circumstances } from './choose-stage.ts'
import type { LaneDemand } from './demand.ts'
import { newPhase } from './overdue.ts'

/** A queue that discharges does not stand for so long over a loop. One who is stuck with nobody behind him is seen by none. */
const STUCK_MS = 1_500

/** The choice, or on the way to it the stage that lets those who turn left go without anybody against them. */
export function clearingFirst(of: Circumstances, stage: Bits, choice: Choice): Choice {
  if (choice.stage === stage) return choice
  const stuck = of.demand.lanes.filter((lane) => mayBeStuck(lane, stage))
  if (stuck.every((lane) => clears(lane, choice.stage))) return choice
  const first = legalStages(of.view.intersection, of.omitted).find(
    (each) => each !== stage && stuck.every((lane) => clears(lane, each)),
  )
  if (first === undefined) return choice
  const stuckMs = Math.max(...stuck.map((lane) => lane.stuckMs))
  return { stage: first, why: { code: 'JUNCTION_CLEARED', phase: newPhase(of, first), numbers: { stuckMs } } }
}

/** Behind one who yields, out of a lane that others drive straight on from, somebody stands up to the stop line. */
const mayBeStuck = ({ facts, stuckMs }: LaneDemand, stage: Bits): boolean =>
  stuckMs >= STUCK_MS &&
  (facts.opposing & stage) !== 0 &&
  leftIsGreen(facts, stage) &&
  facts.ways.some(({ turn }) => turn !== 'left')

const clears = ({ facts }: LaneDemand, stage: Bits): boolean =>
  (facts.opposing & stage) === 0 && leftIsGreen(facts, stage)

const leftIsGreen = ({ ways }: LaneDemand['facts'], stage: Bits): boolean =>
  ways.some(({ turn, phases }) => turn === 'left' && (phases & stage) !== 0)
