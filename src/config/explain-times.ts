/** Explains the faults of timing plans and schedules: `plans.yaml`, `schedule.yaml`, and the numbers in `site.yaml`. */
import type { PlanFault, ScheduleFault } from '#signal/check/database-fault.ts'
import { inSeconds, type Explained, type Explanations, type Origin } from './explain.ts'
import { writeInstead } from './nearest.ts'
import { daysFromMonday, WEEK_DAYS } from './schedule-file.ts'

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
    inPlan(origin, pattern, {
      path: ['splits_s', phase],
      says:
        `${inSeconds(fault.splitMs)} is below ${inSeconds(fault.neededMs)} = ` +
        `${sum(fault.redAmberMs, fault.walkMs, fault.pedClearMs, fault.yellowMs, fault.redClearMs)} ` +
        `(${fault.redAmberMs > 0 ? 'red-amber, ' : ''}walk, pedestrian clearance, yellow, red clearance). Lengthen the split.`,
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
}

const sum = (...ms: readonly number[]): string => {
  const terms = ms.filter((term) => term > 0)
  return terms.map(inSeconds).join('+')
}

export const SCHEDULE_EXPLANATIONS: Explanations<ScheduleFault> = {
  TIME_ZONE_UNKNOWN: ({ timeZone }) => ({
    file: 'site',
    path: ['time_zone'],
    says: `${timeZone} is no time zone. Write an IANA name such as Asia/Tehran.`,
  }),
  DAY_PLAN_TWICE: ({ dayPlan }) => ({
    file: 'schedule',
    path: ['day_plans'],
    says: `${dayPlan} is the number of two day plans. Renumber one.`,
  }),
  DAY_PLAN_EMPTY: ({ dayPlan }, origin) =>
    inDayPlan(origin, dayPlan, { path: [], says: 'it is empty. Begin with 00:00.' }),
  DAY_PLAN_NOT_FROM_MIDNIGHT: ({ dayPlan, minute }, origin) =>
    inDayPlan(origin, dayPlan, { path: [], says: `it begins at ${timeOf(minute)}. Say what runs from 00:00 on.` }),
  DAY_PLAN_MINUTE_INVALID: ({ dayPlan, minute }, origin) =>
    inDayPlan(origin, dayPlan, { path: [], says: `minute ${minute} is not in a day. Write 00:00 to 23:59.` }),
  DAY_PLAN_OUT_OF_ORDER: ({ dayPlan, minute, previousMinute }, origin) =>
    inDayPlan(origin, dayPlan, {
      path: [timeOf(minute)],
      says: `it does not come after ${timeOf(previousMinute)}. Put the times in order.`,
    }),
  DAY_PLAN_PATTERN_UNKNOWN: ({ dayPlan, minute }, origin) => {
    const { id, files } = origin
    const time = timeOf(minute)
    const plan = Object.values(files.schedule.day_plans).find(({ number }) => number === dayPlan)?.entries[time] ?? ''
    const numbered = Object.keys(files.site.patterns)
    const says = numbered.includes(plan)
      ? `${id} has no plan ${plan}. Add ${id} to it in plans.yaml, or give ${id} a week of its own under own_weeks.`
      : `site.yaml has no plan ${plan}. ${writeInstead(plan, [...numbered, 'free'])}`
    return inDayPlan(origin, dayPlan, { path: [time], says })
  },
  WEEK_NOT_SEVEN_DAYS: ({ days }) => ({
    file: 'schedule',
    path: ['week'],
    says: `${days} days are no week. Name all seven.`,
  }),
  WEEK_DAY_PLAN_UNKNOWN: ({ weekDay }, { id, files: { schedule } }) => {
    const own = schedule.own_weeks?.[id]
    const key = daysFromMonday(own ?? schedule.week)[weekDay - 1] ?? ''
    const path = [...(own === undefined ? ['week'] : ['own_weeks', id]), WEEK_DAYS[weekDay - 1] ?? weekDay]
    const says = `there is no day plan ${key}. ${writeInstead(key, Object.keys(schedule.day_plans))}`
    return { file: 'schedule', path, says }
  },
}

function inDayPlan({ files }: Origin, number: number, { path, says }: PlaceInPlan): Explained {
  const dayPlans = Object.entries(files.schedule.day_plans)
  const key = dayPlans.find(([, row]) => row.number === number)?.[0] ?? number
  return { file: 'schedule', path: ['day_plans', key, 'entries', ...path], says }
}

/** Minutes since midnight as `06:30`. */
const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
