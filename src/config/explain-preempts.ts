/** Explains the faults of preemption and transit priority: `preempts` and `priorities` in `network.yaml`. */
import type {
  PreemptFault,
  PreemptStep,
  PreemptTime,
  PriorityFault,
  PriorityLimit,
} from '#signal/check/preempt-fault.ts'
import { inSeconds, inStreet, type Explanations } from './explain.ts'
import { writeInstead } from './nearest.ts'
import { FREE } from './schedule-file.ts'

const TIME_KEYS: Readonly<Record<PreemptTime, readonly string[]>> = {
  delay: ['delay_s'],
  minimumDuration: ['min_duration_s'],
  maximumPresence: ['max_presence_s'],
  lockout: ['lockout_s'],
  entryGreen: ['entry', 'min_green_s'],
  entryWalk: ['entry', 'min_walk_s'],
  trackGreen: ['track', 'green_s'],
  dwellGreen: ['dwell', 'min_green_s'],
}

const STEP_KEYS: Readonly<Record<PreemptStep, readonly string[]>> = {
  track: ['track', 'phases'],
  dwell: ['dwell', 'phases'],
  exit: ['exit_phases'],
}

const LIMIT_KEYS: Readonly<Record<PriorityLimit, string>> = {
  extension: 'max_extension_s',
  reduction: 'max_reduction_s',
  maximumPresence: 'max_presence_s',
  reserviceCycles: 'reservice_cycles',
  leastLateness: 'least_lateness_s',
}

/** Limits that count in ms; the others are cycles, and seconds as they are. */
const TIMED: readonly PriorityLimit[] = ['extension', 'reduction', 'maximumPresence']

export const PREEMPT_EXPLANATIONS: Explanations<PreemptFault> = {
  PREEMPT_NUMBER_INVALID: ({ preempt, most }, origin) =>
    inStreet(origin, ['preempts', preempt], `${preempt} is not 1 to ${most}. Renumber the preempt.`),
  PREEMPT_TWICE: ({ preempt }, origin) =>
    inStreet(origin, ['preempts', preempt], 'the preempt stands twice. Remove one.'),
  PREEMPT_PRIORITY_INVALID: ({ preempt, priority, most }, origin) =>
    inStreet(origin, ['preempts', preempt, 'priority'], `${priority} is not 1 to ${most}. 1 is the highest.`),
  PREEMPT_TIME_OUT_OF_RANGE: ({ preempt, time, ms, leastMs, mostMs }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, ...TIME_KEYS[time]],
      `${inSeconds(ms)} is not ${inSeconds(leastMs)} to ${inSeconds(mostMs)}. Bring it into that range.`,
    ),
  PREEMPT_ENTRY_ABOVE_MINIMUM: ({ preempt, time, entryMs, longestMs }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, ...TIME_KEYS[time]],
      `${inSeconds(entryMs)} is above ${inSeconds(longestMs)}, the longest minimum of any phase, and would never count. Write at most that.`,
    ),
  PREEMPT_NEVER_SERVED: ({ preempt, delayMs, maximumPresenceMs }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, 'max_presence_s'],
      `${inSeconds(maximumPresenceMs)} is over before delay_s ${inSeconds(delayMs)}. Raise it, or shorten the delay.`,
    ),
  PREEMPT_TRACK_WITHOUT_PHASES: ({ preempt }, origin) =>
    inStreet(origin, ['preempts', preempt, 'track', 'phases'], 'no phase clears the way. Name one, or remove track.'),
  PREEMPT_PHASE_UNKNOWN: ({ preempt, step, phase }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, ...STEP_KEYS[step]],
      `there is no phase ${phase}. Name one that is under phases.`,
    ),
  PREEMPT_PHASES_CONFLICT: ({ preempt, step, phases }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, ...STEP_KEYS[step]],
      `phases ${phases.join(' and ')} never run together. Leave one out.`,
    ),
  PREEMPT_WALKS_WITHOUT_PEDESTRIANS: ({ preempt }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, 'dwell', 'walks'],
      'none of its phases has a walk. Remove it, or give one walk_s and ped_clear_s.',
    ),
  PREEMPT_EXIT_PATTERN_UNKNOWN: ({ preempt }, { id, files }) => {
    const plan = files.network.intersections[id]?.preempts?.[preempt]?.exit_plan ?? ''
    const own = Object.keys(files.plans).filter((key) => files.plans[key]?.[id] !== undefined)
    const says = `${id} has no plan ${plan}. ${writeInstead(plan, [...own, FREE])}`
    return inStreet({ id, files }, ['preempts', preempt, 'exit_plan'], says)
  },
  PREEMPT_LINK_UNKNOWN: ({ preempt, link }, origin) =>
    inStreet(origin, ['preempts', preempt, 'link'], `there is no preempt ${link}. Name one that is under preempts.`),
  PREEMPT_LINK_NOT_HIGHER: ({ preempt, link, priority, linkPriority }, origin) =>
    inStreet(
      origin,
      ['preempts', preempt, 'link'],
      `preempt ${link} has priority ${linkPriority}, and could not take over from priority ${priority}. Link one of higher priority (a lower number).`,
    ),
}

export const PRIORITY_EXPLANATIONS: Explanations<PriorityFault> = {
  PRIORITY_NUMBER_INVALID: ({ strategy, most }, origin) =>
    inStreet(origin, ['priorities', strategy], `${strategy} is not 1 to ${most}. Renumber the strategy.`),
  PRIORITY_TWICE: ({ strategy }, origin) =>
    inStreet(origin, ['priorities', strategy], 'the strategy stands twice. Remove one.'),
  PRIORITY_VALUE_OUT_OF_RANGE: ({ strategy, limit, value, least, most }, origin) => {
    const written = TIMED.includes(limit) ? inSeconds : (plain: number) => plain
    return inStreet(
      origin,
      ['priorities', strategy, LIMIT_KEYS[limit]],
      `${written(value)} is not ${written(least)} to ${written(most)}. Bring it into that range.`,
    )
  },
  PRIORITY_WITHOUT_PHASES: ({ strategy }, origin) =>
    inStreet(origin, ['priorities', strategy, 'phases'], 'it has no phase. Name one.'),
  PRIORITY_PHASE_UNKNOWN: ({ strategy, phase }, origin) =>
    inStreet(origin, ['priorities', strategy, 'phases'], `there is no phase ${phase}. Name one that is under phases.`),
  PRIORITY_PHASES_CONFLICT: ({ strategy, phases }, origin) =>
    inStreet(
      origin,
      ['priorities', strategy, 'phases'],
      `phases ${phases.join(' and ')} never run together. Leave one out.`,
    ),
  PRIORITY_WITHOUT_EFFECT: ({ strategy }, origin) =>
    inStreet(
      origin,
      ['priorities', strategy],
      'it neither lengthens a green nor brings it forward. Give it max_extension_s or max_reduction_s.',
    ),
}
