/** Makes the facts of a phase from its row in `network.yaml`: seconds become ms, what is left out becomes plain. */
import { phaseId, ringId } from '#base/id.ts'
import { PLAIN_SERVICE, PLAIN_TIMING, type Phase, type PhaseTiming } from '#signal/phase.ts'
import { toMs } from './fields.ts'
import type { IntersectionRow, PhaseRow } from './network-file.ts'

/** A phase that stands in no ring gets ring 0, which no controller has: the check of the database finds it. */
export function buildPhase(number: number, row: PhaseRow, rings: IntersectionRow['rings']): Phase {
  const ring = rings.findIndex((groups) => groups.some((group) => group.includes(number)))
  const barrier = rings[ring]?.findIndex((group) => group.includes(number)) ?? -1
  return {
    id: phaseId(number),
    name: row.name,
    ring: ringId(ring + 1),
    barrier: barrier + 1,
    timing: buildTiming(row),
    recall: row.recall ?? 'none',
    pedestrianRecall: row.ped_recall ?? false,
    lockingCall: row.locking ?? false,
    dualEntry: row.dual_entry ?? false,
    simultaneousGapOut: row.simultaneous_gap_out ?? PLAIN_SERVICE.simultaneousGapOut,
    conditionalService: row.conditional_service ?? PLAIN_SERVICE.conditionalService,
    rest: row.rest ?? PLAIN_SERVICE.rest,
    walkRest: row.walk_rest ?? PLAIN_SERVICE.walkRest,
    pedClearInYellow: row.ped_clear_in_yellow ?? PLAIN_SERVICE.pedClearInYellow,
  }
}

function buildTiming(row: PhaseRow): PhaseTiming {
  return {
    minGreenMs: toMs(row.min_green_s),
    addedInitialMs: msOr(row.added_initial_s, PLAIN_TIMING.addedInitialMs),
    maxInitialMs: msOr(row.max_initial_s, PLAIN_TIMING.maxInitialMs),
    passageMs: toMs(row.passage_s),
    timeBeforeReductionMs: msOr(row.time_before_reduction_s, PLAIN_TIMING.timeBeforeReductionMs),
    timeToReduceMs: msOr(row.time_to_reduce_s, PLAIN_TIMING.timeToReduceMs),
    minGapMs: msOr(row.min_gap_s, PLAIN_TIMING.minGapMs),
    max1Ms: toMs(row.max1_s),
    max2Ms: toMs(row.max2_s),
    dynamicMaxLimitMs: msOr(row.dynamic_max_limit_s, PLAIN_TIMING.dynamicMaxLimitMs),
    dynamicMaxStepMs: msOr(row.dynamic_max_step_s, PLAIN_TIMING.dynamicMaxStepMs),
    yellowMs: toMs(row.yellow_s),
    redClearMs: toMs(row.red_clear_s),
    redRevertMs: msOr(row.red_revert_s, PLAIN_TIMING.redRevertMs),
    redAmberMs: msOr(row.red_amber_s, PLAIN_TIMING.redAmberMs),
    walkMs: msOr(row.walk_s, 0),
    pedClearMs: msOr(row.ped_clear_s, 0),
    leadingPedMs: msOr(row.leading_ped_s, PLAIN_TIMING.leadingPedMs),
  }
}

const msOr = (s: number | undefined, plainMs: number): number => (s === undefined ? plainMs : toMs(s))
