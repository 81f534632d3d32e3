/** Explains the faults of timing plans: `plans.yaml`, and their numbers in `site.yaml`. */
import type { PlanFault } from '#signal/check/plan-fault.ts'
import { inSeconds, type Explained, type Explanations, type Origin } from './explain.ts'

/** A place in the intersection's row of the plan with this number. */
function inPlan({ id, files }: Origin, pattern: number, place: PlaceInPlan): Explained {
  const plan = Object.keys(files.site.patterns).find((key) => files.site.patterns[key] === pattern) ?? pattern
  return { file: 'plans', path: [plan, id, ...place.path], says: place.says }
}

interface PlaceInPlan {
  readonly path: readonly (string | number)[]
  readonly says: string
}

export const PLAN_EXPLANATIONS: Explanations<PlanFault> = {
  PATTERN_NUMBER_INVALID: ({ pattern, most }) => ({
    file: 'site',
    path: ['patterns'],
    says: `${pattern} is not 1 to ${most}. Renumber the plan.`,
  }),
  PATTERN_TWICE: ({ pattern }) => ({
    file: 'site',
    path: ['patterns'],
    says: `${pattern} is the number of two plans. Renumber one.`,
  }),
  PLAN_SEQUENCE_UNKNOWN: ({ pattern, sequence }, origin) =>
    inPlan(origin, pattern, {
      path: ['sequence'],
      says: `network.yaml has no sequence ${sequence} for ${origin.id}. Add it under sequences, or leave it out for 1.`,
    }),
  CYCLE_OUT_OF_RANGE: ({ pattern, cycleMs, leastMs, mostMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['cycle_s'],
      says: `${inSeconds(cycleMs)} is not ${inSeconds(leastMs)} to ${inSeconds(mostMs)}. Bring it into that range.`,
    }),
  OFFSET_OUTSIDE_CYCLE: ({ pattern, offsetMs, cycleMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['offset_s'],
      says: `${inSeconds(offsetMs)} is not below cycle_s ${inSeconds(cycleMs)}. Write ${inSeconds(offsetMs % cycleMs)}.`,
    }),
  SPLIT_MISSING: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, { path: ['splits_s'], says: `phase ${phase} has no split. Add one.` }),
  SPLIT_PHASE_UNKNOWN: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says: `${origin.id} has no phase ${phase} in this sequence. Remove the split.`,
    }),
  SPLIT_NOT_WHOLE_MS: ({ pattern, phase, splitMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says: `${inSeconds(splitMs)} is no whole number of milliseconds. Round it.`,
    }),
  SPLIT_BELOW_MINIMUM: ({ pattern, phase, ...fault }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says:
        `${inSeconds(fault.splitMs)} is below ${inSeconds(fault.neededMs)} = ` +
        `${sum(fault.redAmberMs, fault.minGreenMs, fault.yellowMs, fault.redClearMs)} ` +
        `(${fault.redAmberMs > 0 ? 'red-amber, ' : ''}minimum green, yellow, red clearance). Lengthen the split.`,
    }),
  SPLIT_BELOW_PEDESTRIANS: ({ pattern, phase, ...fault }, origin) =>
    inPlan(origin, pattern, { path: ['splits_s', phase], says: belowPedestrians(fault) }),
  SPLIT_BELOW_INITIAL: ({ pattern, phase, splitMs, neededMs, maxInitialMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says: `${inSeconds(splitMs)} is below ${inSeconds(neededMs)}, which an initial green of up to ${inSeconds(maxInitialMs)} takes. Lengthen the split, or shorten max_initial_s.`,
    }),
  SPLIT_BELOW_BARRIER_CLEARANCE: ({ pattern, phase, splitMs, neededMs, clearanceMs, changeMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says:
        `${inSeconds(splitMs)} is below ${inSeconds(neededMs)}: at the barrier all greens end together, and a phase beside it ` +
        `clears for ${inSeconds(changeMs)} instead of ${inSeconds(clearanceMs)}. Lengthen the split.`,
    }),
  SPLIT_BELOW_INTERGREEN: ({ pattern, phase, after, splitMs, neededMs, lateMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says:
        `${inSeconds(splitMs)} is below ${inSeconds(neededMs)}: an intergreen makes phase ${phase} begin ` +
        `${inSeconds(lateMs)} later than the clearance of phase ${after}. Lengthen the split.`,
    }),
  SPLIT_BELOW_OVERLAP: ({ pattern, phase, after, overlap, splitMs, neededMs, lateMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says:
        `${inSeconds(splitMs)} is below ${inSeconds(neededMs)}: overlap ${overlap} is red ${inSeconds(lateMs)} later than ` +
        `phase ${after} has cleared, and phase ${phase} waits for it. Lengthen the split, or shorten what the overlap trails.`,
    }),
  SPLIT_OF_OMITTED_PHASE: ({ pattern, phase, splitMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says: `phase ${phase} is omitted, and has ${inSeconds(splitMs)} s. Give them to another phase, and leave its split out.`,
    }),
  SPLIT_MODE_PHASE_UNKNOWN: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['split_modes', phase],
      says: `${origin.id} has no phase ${phase}. Remove the mode.`,
    }),
  SPLIT_MODE_WITHOUT_WALK: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['split_modes', phase],
      says: `phase ${phase} has no walk to recall. Give it walk_s and ped_clear_s, or another mode.`,
    }),
  RING_SUM_NOT_CYCLE: ({ pattern, splitsMs, sumMs, cycleMs }, origin) => {
    const total = `${sum(...splitsMs)} = ${inSeconds(sumMs)}`
    const says =
      sumMs > cycleMs
        ? `${total} exceeds cycle_s ${inSeconds(cycleMs)}. Shorten a split or raise cycle_s.`
        : `${total} falls short of cycle_s ${inSeconds(cycleMs)}. Lengthen a split or lower cycle_s.`
    return inPlan(origin, pattern, { path: ['splits_s'], says })
  },
  RINGS_UNEQUAL_AT_BARRIER: ({ pattern, barrier, ring, sumMs, otherRing, otherSumMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s'],
      says: `in barrier group ${barrier} ring ${ring} takes ${inSeconds(sumMs)} and ring ${otherRing} ${inSeconds(otherSumMs)}. Make them equal.`,
    }),
  SPLITS_OVERLAP_CONFLICT: ({ pattern, phase, other, overlapMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['splits_s'],
      says: `phases ${phase} and ${other} conflict, and their splits share ${inSeconds(overlapMs)} s. Move them apart.`,
    }),
  NO_COORDINATED_PHASE: ({ pattern }, origin) =>
    inPlan(origin, pattern, { path: ['coordinated'], says: 'no phase is coordinated. Name one, at most one a ring.' }),
  COORDINATED_PHASE_UNKNOWN: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['coordinated'],
      says: `${origin.id} has no phase ${phase} in this sequence. Name another.`,
    }),
  COORDINATED_PHASES_IN_ONE_RING: ({ pattern, ring, phases }, origin) =>
    inPlan(origin, pattern, {
      path: ['coordinated'],
      says: `phases ${phases.join(' and ')} are both in ring ${ring}. Leave one.`,
    }),
  COORDINATED_PHASES_ACROSS_BARRIER: ({ pattern, phases, barriers }, origin) =>
    inPlan(origin, pattern, {
      path: ['coordinated'],
      says: `phases ${phases.join(' and ')} stand in barrier groups ${barriers.join(' and ')} and never run together. Name two of one group.`,
    }),
  COORDINATED_PHASE_OMITTED: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['split_modes', phase],
      says: `phase ${phase} is coordinated, and cannot be omitted. Serve it, or coordinate another.`,
    }),
  PERMISSIVE_PHASE_UNKNOWN: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['permissive_s', phase],
      says: `${origin.id} has no phase ${phase}. Remove the window.`,
    }),
  PERMISSIVE_OF_COORDINATED_PHASE: ({ pattern, phase }, origin) =>
    inPlan(origin, pattern, {
      path: ['permissive_s', phase],
      says: `phase ${phase} is coordinated, and begins in its turn. Remove the window.`,
    }),
  PERMISSIVE_OUTSIDE_TURN: ({ pattern, phase, permissiveMs, leastMs, mostMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['permissive_s', phase],
      says: `${inSeconds(permissiveMs)} is not ${inSeconds(leastMs)} (its turn begins) to ${inSeconds(mostMs)} (its minimum still fits) after the yield point. Bring it into that range.`,
    }),
  ACTUATED_PART_OUT_OF_RANGE: ({ pattern, phase, actuatedMs, mostMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['coordinated_actuated_s'],
      says: `${inSeconds(actuatedMs)} is more than the ${inSeconds(mostMs)} s that the green of phase ${phase} has beyond its minimum. Shorten it.`,
    }),
  TRANSITION_CYCLES_OUT_OF_RANGE: ({ pattern, cycles, least, most }, origin) =>
    inPlan(origin, pattern, {
      path: ['transition_cycles'],
      says: `${cycles} is not ${least} to ${most}. Bring it into that range.`,
    }),
  SUBTRACT_WITHOUT_SPARE_TIME: ({ pattern, phase, splitMs }, origin) =>
    inPlan(origin, pattern, {
      path: ['transition'],
      says: `the ${inSeconds(splitMs)} s of phase ${phase} cannot be made shorter. Lengthen its split, or choose add, dwell or shortest.`,
    }),
}

/** The terms are named where they are all: a walk that leads the green, or clears in the yellow, takes less. */
function belowPedestrians(fault: Omit<Extract<PlanFault, { code: 'SPLIT_BELOW_PEDESTRIANS' }>, 'pattern' | 'phase'>) {
  const { splitMs, neededMs, redAmberMs, walkMs, pedClearMs, yellowMs, redClearMs } = fault
  const terms = [redAmberMs, walkMs, pedClearMs, yellowMs, redClearMs]
  const whole = terms.reduce((total, ms) => total + ms, 0) === neededMs
  const names = `${redAmberMs > 0 ? 'red-amber, ' : ''}walk, pedestrian clearance, yellow, red clearance`
  const needed = whole ? `${inSeconds(neededMs)} = ${sum(...terms)} (${names})` : `${inSeconds(neededMs)} for its walk`
  return `${inSeconds(splitMs)} is below ${needed}. Lengthen the split.`
}

const sum = (...ms: readonly number[]): string => {
  const terms = ms.filter((term) => term > 0)
  return terms.map(inSeconds).join('+')
}
