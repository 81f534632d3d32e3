/** Strategies that are told what no street tells: a plan made beforehand, and our own search with true queues and arrivals. */
import { invariant } from '#base/invariant.ts'
import type { Bits } from '#base/bits.ts'
import { stageGraph } from '#control/adaptive/stage-graph.ts'
import { maxPressure, type PressureMemory } from '#control/max-pressure/max-pressure.ts'
import { commandStage } from '#control/stage-command.ts'
import type { Decision, Reason, Strategy } from '#control/strategy.ts'
import { NO_REQUESTS, type SupervisoryCommand } from '#signal/command.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'
import type { Crossing } from './crossings.ts'
import type { Plan } from './near-oracle.ts'
import { nextStageByOwnSearch } from './own-search.ts'
import { HEADWAY_MS } from './point-queue.ts'
import type { Street } from './run-street.ts'

interface Wanted {
  readonly stage: Bits
  readonly atMs: number
}

/**
 * Wants the stage that the plan has for the second, and goes there as soon as the controller lets it; whoever missed it by
 * a tenth of a second is served after its end by max-pressure.
 */
export const following = ({ changes, untilS }: Plan, begin: Bits): Strategy<PressureMemory> => ({
  ...maxPressure,
  decide(view, memory) {
    if (view.nowMonoMs > untilS * 1_000) return maxPressure.decide(view, memory)
    const stage = changes.findLast(({ atS }) => atS * 1_000 <= view.nowMonoMs)?.stage ?? begin
    return { command: commandFor(view, stage), memory, why: TOLD }
  },
})

/** All that come within so long are known. */
const KNOWN_S = 75

export function searching({ lanes }: Crossing, { queues }: Street, begin: Bits): Strategy<Wanted> {
  return steady(begin, (view, stage) => {
    const graph = stageGraph(view.intersection, 0)
    const signal = signalOf(view)
    const comingS = queues.map((queue) => queue.comingAt(view.nowMonoMs, KNOWN_S * 1_000).map((ms) => ms / 1_000))
    const next = nextStageByOwnSearch({
      graph,
      stage: graph.stages.indexOf(stage),
      ageS: Math.max(...signal.rings.map(({ elapsedMs }) => elapsedMs)) / 1_000,
      waiting: queues.map((queue) => queue.waitingAt(view.nowMonoMs)),
      comingS,
      knownS: KNOWN_S,
      flowPerS: comingS.map(({ length }) => length / KNOWN_S),
      rate: (each, lane) => (isIn(graph.stages[each], lanes[lane]?.phase) ? 1_000 / HEADWAY_MS : 0),
    })
    return graph.stages[next] ?? stage
  })
}

const isIn = (stage = 0, phase = 0): boolean => (stage & (1 << (phase - 1))) !== 0

/** Once a second, and only while the whole stage is green and has been for its least time. */
function steady(begin: Bits, choose: (view: IntersectionView, stage: Bits) => Bits): Strategy<Wanted> {
  return {
    rung: 'adaptive',
    initial: () => ({ stage: begin, atMs: -DECIDE_EVERY_MS }),
    decide(view, memory): Decision<Wanted> {
      const isTime = view.nowMonoMs - memory.atMs >= DECIDE_EVERY_MS
      const stage = isTime && isFree(view, memory.stage) ? choose(view, memory.stage) : memory.stage
      const atMs = isTime ? view.nowMonoMs : memory.atMs
      return { command: commandFor(view, stage), memory: { stage, atMs }, why: TOLD }
    },
  }
}

const DECIDE_EVERY_MS = 1_000
const NO_CALLS = { vehicleCall: 0, pedestrianCall: 0 }
/** Nobody reads it. */
const TOLD: Reason = { code: 'RESTING', numbers: {} }

const commandFor = (view: IntersectionView, stage: Bits): SupervisoryCommand => ({
  ...NO_REQUESTS,
  ...commandStage(view, signalOf(view), { stage, omitted: 0, calls: NO_CALLS }),
  pattern: PATTERN_FREE,
})

/** Everything of the stage is green, and nothing would have to be cut short. */
export function isFree(view: IntersectionView, stage: Bits): boolean {
  const { greens, rings } = signalOf(view)
  if ((stage & ~greens) !== 0) return false
  return rings.every(({ phase, interval, elapsedMs }) => {
    const own = view.intersection.phases.find(({ id }) => id === phase)
    return own === undefined || (interval === 'green' && elapsedMs >= own.timing.minGreenMs)
  })
}

function signalOf({ signal }: IntersectionView) {
  invariant(signal.quality === 'good', 'the controller stands in the same memory')
  return signal.value
}
