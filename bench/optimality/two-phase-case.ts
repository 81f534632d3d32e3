/** A demand on two streets, served by rules that see more or less of it, each beside the exact optimum. */
import { nextExponential, randomStream } from '#base/random.ts'
import type { StageGraph } from '#control/adaptive/stage-graph.ts'
import { planAll } from './near-oracle.ts'
import { nextStageByOwnSearch } from './own-search.ts'
import {
  CHANGE_S,
  CHANGE_STEPS,
  FLOW_PER_S,
  LEAST_STEPS,
  live,
  optimum,
  STEP_S,
  type Arrivals,
  type Policy,
} from './two-phase.ts'

export const LOOK_AHEADS_S = [0, 8, 16, 30, 60] as const

/** Capacity is that of the best plan with this cycle: the lost times of both changes are spent, the rest is flow. */
const CYCLE_S = 100
/** Of a change, the yellow that is still used is no loss; the start-up is. */
const LOST_A_CYCLE_S = 2 * CHANGE_S
const SHARES = [0.6, 0.4] as const
const ARRIVE_STEPS = 450
/** Everybody must be gone by then, or the policy has failed. */
const STEPS_MOST = 3 * ARRIVE_STEPS
/** A best way may let a queue grow a little longer than a good one does. */
const CAP_ABOVE = 15
/** What the search takes a stop for; judged is the delay alone. */
const STOP_S = 6

export interface TwoPhaseResult {
  readonly policy: string
  readonly delayS: number
  /** To the optimum of the delay, and of delay and stops together. */
  readonly gap: number
  readonly gapWithStops: number
}

/** `leastS`: the optimum; `oracleGap`: how far the near-oracle of the larger streets is from it where both can be had. */
export interface TwoPhaseOutcome {
  readonly leastS: number
  readonly oracleGap: number
  readonly results: readonly TwoPhaseResult[]
}

export function runTwoPhase(level: number, { seed, beam }: { seed: number; beam: number }): TwoPhaseOutcome {
  const flows = SHARES.map((share) => share * level * (1 - LOST_A_CYCLE_S / CYCLE_S) * FLOW_PER_S)
  const arrivals = drawArrivals(flows, seed)
  const vehicles = [...arrivals[0], ...arrivals[1]].reduce((sum, come) => sum + come, 0)
  const rules: readonly (readonly [string, Policy])[] = [
    ['max-pressure rule', longerQueue],
    ...LOOK_AHEADS_S.map((aheadS) => [`search, ${aheadS} s ahead`, searching(arrivals, flows, aheadS)] as const),
  ]
  const lived = rules.map(([policy, rule]) => ({ policy, ...live(arrivals, STEPS_MOST, rule) }))
  const best = lived.reduce((least, each) => (each.delayS < least.delayS ? each : least))
  const bounds = { steps: 2 * ARRIVE_STEPS, cap: best.most + CAP_ABOVE }
  const least = optimum(arrivals, bounds, { stopS: 0 })
  const leastWithStops = optimum(arrivals, bounds, { stopS: STOP_S })
  const results = lived.map(({ policy, delayS, stops }) => ({
    policy,
    delayS: delayS / vehicles,
    gap: delayS / least - 1,
    gapWithStops: (delayS + STOP_S * stops) / leastWithStops - 1,
  }))
  return { leastS: least / vehicles, oracleGap: nearOracleS(arrivals, beam) / least - 1, results }
}

function drawArrivals(flowsPerS: readonly number[], seed: number): Arrivals {
  const street = (of: number) => {
    const random = randomStream(seed, `two phases, street ${of}`)
    const come = new Uint8Array(ARRIVE_STEPS)
    const stepS = 1 / (flowsPerS[of] ?? 1)
    for (let s = nextExponential(random) * stepS; s < ARRIVE_STEPS * STEP_S; s += nextExponential(random) * stepS)
      come[Math.floor(s / STEP_S)]!++
    return come
  }
  return [street(0), street(1)]
}

/** Of two queues the one that is twice as long: with less the lights only change. */
const longerQueue: Policy = ({ green, queues }) => queues[green === 0 ? 1 : 0] > 2 * queues[green]

/** The same street for the near-oracle, whose second is a step of ours. */
export function nearOracleS(arrivals: Arrivals, beam: number): number {
  const stepMs = 1_000
  const atMs = arrivals.map((street) =>
    Float64Array.from([...street].flatMap((come, step) => together(come, step * stepMs))),
  )
  const times = { headwayMs: stepMs, startUpMs: stepMs, yellowUsedMs: stepMs, untilS: 2 * arrivals[0].length }
  const ways = {
    ...{ stages: [1, 2], greens: Uint8Array.of(1, 0, 0, 1), staying: new Uint8Array(8), leastS: LEAST_STEPS },
    clearanceS: Uint8Array.of(0, CHANGE_STEPS, CHANGE_STEPS, 0),
  }
  return STEP_S * planAll({ atMs, ...times }, ways, { begin: 0, beam }).delayS
}

const GRAPH: StageGraph = {
  stages: [1, 2],
  rings: 1,
  clearanceS: Uint8Array.from([0, CHANGE_S, CHANGE_S, 0]),
  staying: new Uint32Array(4),
  passed: new Uint32Array(4),
  ending: Uint8Array.from([0, 1, 1, 0]),
  leastS: new Uint8Array(2).fill(LEAST_STEPS * STEP_S),
}

function searching(arrivals: Arrivals, flowPerS: readonly number[], knownS: number): Policy {
  return ({ step, green, age, queues }) => {
    const comingS = arrivals.map((street) => {
      const ahead = street.subarray(step, step + knownS / STEP_S + 1)
      return [...ahead].flatMap((come, i) => together(come, i * STEP_S))
    })
    // Who comes in this very step is there already.
    const here = comingS.map((times) => times.filter((timeS) => timeS === 0).length)
    const next = nextStageByOwnSearch({
      graph: GRAPH,
      stage: green,
      ageS: age * STEP_S,
      waiting: queues.map((queue, street) => queue + (here[street] ?? 0)),
      comingS: comingS.map((times) => times.filter((timeS) => timeS > 0)),
      knownS,
      flowPerS,
      rate: (stage, lane) => (stage === lane ? FLOW_PER_S : 0),
    })
    return next !== green
  }
}

/** So many who come at the same time. */
const together = (count: number, at: number): number[] => Array.from({ length: count }, () => at)
