/** What comes where a loop has failed: what was lately, and what the hour usually brings, as much as it is sure. */
import { at } from '#base/at.ts'
import { expectedFlow, expectedToday, type FlowHistory } from './history.ts'
import type { ApproachFacts } from './lane-facts.ts'

/** A lane of the estimator. */
interface Lane {
  /** Vehicles a second that have left lately. */
  flow: number
  /** `count`: null while nobody counts them. */
  readonly stopBar: { readonly count: number | null }
}

/** `pace`: how much of what was lately one step replaces. */
interface Assumption {
  readonly history: FlowHistory
  readonly pace: number
}

export const isCounted = ({ stopBar }: Lane): boolean => stopBar.count !== null

/** Where nobody counts who leaves, what is expected at this hour takes the place of what was lately: the surer, the sooner. */
export function assumeFlows(
  { lanes: facts }: ApproachFacts,
  lanes: readonly Lane[],
  { history, pace }: Assumption,
): void {
  if (lanes.every(isCounted)) return
  const beside = facts.flatMap(({ id }, index) => {
    const lane = at(lanes, index)
    return isCounted(lane) ? [{ lane: id, flow: lane.flow }] : []
  })
  facts.forEach(({ id }, index) => {
    const lane = at(lanes, index)
    const expected = isCounted(lane) ? null : expectedToday(history, id, beside)
    if (expected !== null) lane.flow += (expected.flow - lane.flow) * expected.sure * pace
  })
}

/** Vehicles a second that come where no advance loop tells: a sure history counts for as much as what has left lately. */
export function flowWithoutLoop(history: FlowHistory, id: string, { flow }: Lane): number {
  const now = history.counting?.at
  const usual = now === undefined ? null : expectedFlow(history, id, now)
  return usual === null ? flow : (flow + usual.flow * usual.sure) / (1 + usual.sure)
}
