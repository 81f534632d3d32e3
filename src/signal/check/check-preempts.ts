/** Preempts and transit priority that no ring can serve: phases that cannot run together, links in a circle, times that never count. */
import { at } from '#base/at.ts'
import { hasBit } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import { NUMBERED, phaseConflicts } from '../conflicts.ts'
import type { ControllerDatabase } from '../database.ts'
import type { Intersection } from '../intersection.ts'
import type { Preempt, PriorityStrategy } from '../preempt.ts'
import { PATTERN_FREE } from '../timing-plan.ts'
import { areNumbered, isNumber, twice } from './check-numbers.ts'
import type { PreemptFault, PreemptStep, PreemptTime, PriorityFault, PriorityLimit } from './preempt-fault.ts'

/** Bit fields of preempts and strategies travel as 16 bits (NTCIP 1202 2.7.1 leaves the number to the maker). */
const NUMBER_MOST = 16

interface Range {
  readonly least: number
  readonly most: number
}

const PREEMPT_TIMES: Readonly<Record<PreemptTime, Range>> = {
  // NTCIP 1202 2.7.2: delay, minimum duration and maximum presence are two bytes of seconds; nobody delays for so long.
  delay: { least: 0, most: 600_000 },
  minimumDuration: { least: 0, most: 3_600_000 },
  maximumPresence: { least: 0, most: 65_535_000 },
  lockout: { least: 0, most: 3_600_000 },
  // Less is a flash of green: drivers cannot read it, and take it for a fault.
  entryGreen: { least: 1_000, most: 255_000 },
  // People who have just begun to walk still have their whole clearance.
  entryWalk: { least: 0, most: 255_000 },
  trackGreen: { least: 1_000, most: 255_000 },
  dwellGreen: { least: 1_000, most: 255_000 },
}

const PRIORITY_LIMITS: Readonly<Record<PriorityLimit, Range>> = {
  extension: { least: 0, most: 120_000 },
  reduction: { least: 0, most: 120_000 },
  // A vehicle that needs longer from its check-in to the stop line has been lost.
  maximumPresence: { least: 1_000, most: 600_000 },
  reserviceCycles: { least: 0, most: 255 },
  leastLateness: { least: 0, most: 3_600 },
}

export function checkPreempts(database: ControllerDatabase): PreemptFault[] {
  const { preempts } = database
  return [
    ...twice(preempts.map(({ number }) => number)).map((preempt) => ({ code: 'PREEMPT_TWICE' as const, preempt })),
    ...preempts.flatMap((preempt) => [
      ...checkRank(preempt),
      ...checkTimes(preempt),
      ...checkEntry(preempt, database.intersection),
      ...checkSteps(preempt, database.intersection),
      ...checkReturn(preempt, database),
      ...checkLink(preempt, preempts),
    ]),
  ]
}

export function checkPriorities({ priorities, intersection }: ControllerDatabase): PriorityFault[] {
  return [
    ...twice(priorities.map(({ number }) => number)).map((strategy) => ({ code: 'PRIORITY_TWICE' as const, strategy })),
    ...priorities.flatMap((strategy) => [...checkLimits(strategy), ...checkServed(strategy, intersection)]),
  ]
}

function* checkRank({ number: preempt, priority }: Preempt): Generator<PreemptFault> {
  if (!isNumber(preempt, NUMBER_MOST)) yield { code: 'PREEMPT_NUMBER_INVALID', preempt, most: NUMBER_MOST }
  if (!isNumber(priority, NUMBER_MOST)) yield { code: 'PREEMPT_PRIORITY_INVALID', preempt, priority, most: NUMBER_MOST }
}

function* checkTimes({ number: preempt, ...facts }: Preempt): Generator<PreemptFault> {
  const { delayMs, maximumPresenceMs } = facts
  const times: [PreemptTime, number][] = [
    ['delay', delayMs],
    ['minimumDuration', facts.minimumDurationMs],
    ['maximumPresence', maximumPresenceMs],
    ['lockout', facts.lockoutMs],
    ['entryGreen', facts.entry.minGreenMs],
    ['entryWalk', facts.entry.minWalkMs],
    ['dwellGreen', facts.dwell.minGreenMs],
  ]
  if (facts.track !== null) times.push(['trackGreen', facts.track.greenMs])
  for (const [time, ms] of times) {
    const { least: leastMs, most: mostMs } = PREEMPT_TIMES[time]
    if (!isWithin(ms, PREEMPT_TIMES[time]))
      yield { code: 'PREEMPT_TIME_OUT_OF_RANGE', preempt, time, ms, leastMs, mostMs }
  }
  if (maximumPresenceMs > 0 && maximumPresenceMs <= delayMs)
    yield { code: 'PREEMPT_NEVER_SERVED', preempt, delayMs, maximumPresenceMs }
}

/** What is cut off keeps the entry's minimum or its own, whichever is less: an entry above all of them is a mistake. */
function* checkEntry({ number: preempt, entry }: Preempt, { phases }: Intersection): Generator<PreemptFault> {
  const longestGreenMs = Math.max(0, ...phases.map(({ timing }) => timing.minGreenMs))
  const longestWalkMs = Math.max(0, ...phases.map(({ timing }) => timing.walkMs))
  const fault = { code: 'PREEMPT_ENTRY_ABOVE_MINIMUM', preempt } as const
  if (entry.minGreenMs > longestGreenMs)
    yield { ...fault, time: 'entryGreen', entryMs: entry.minGreenMs, longestMs: longestGreenMs }
  if (longestWalkMs > 0 && entry.minWalkMs > longestWalkMs)
    yield { ...fault, time: 'entryWalk', entryMs: entry.minWalkMs, longestMs: longestWalkMs }
}

function* checkSteps(
  { number: preempt, track, dwell, exitPhases }: Preempt,
  site: Intersection,
): Generator<PreemptFault> {
  if (track?.phases.length === 0) yield { code: 'PREEMPT_TRACK_WITHOUT_PHASES', preempt }
  const steps: readonly [PreemptStep, readonly PhaseId[]][] = [
    ['track', track?.phases ?? []],
    ['dwell', dwell.phases],
    ['exit', exitPhases],
  ]
  for (const [step, phases] of steps) {
    for (const phase of unknownOf(phases, site)) yield { code: 'PREEMPT_PHASE_UNKNOWN', preempt, step, phase }
    for (const pair of conflictsAmong(phases, site))
      yield { code: 'PREEMPT_PHASES_CONFLICT', preempt, step, phases: pair }
  }
  const walking = site.phases.some(({ id, timing }) => dwell.phases.includes(id) && timing.walkMs > 0)
  if (dwell.walks && !walking) yield { code: 'PREEMPT_WALKS_WITHOUT_PEDESTRIANS', preempt }
}

function* checkReturn(
  { number: preempt, exitPattern }: Preempt,
  { plans }: ControllerDatabase,
): Generator<PreemptFault> {
  if (exitPattern === null || exitPattern === PATTERN_FREE) return
  if (!plans.some(({ pattern }) => pattern === exitPattern))
    yield { code: 'PREEMPT_EXIT_PATTERN_UNKNOWN', preempt, pattern: exitPattern }
}

/** A link that leads to a higher priority each time comes to an end by itself. */
function* checkLink(
  { number: preempt, link, priority }: Preempt,
  preempts: readonly Preempt[],
): Generator<PreemptFault> {
  if (link === null) return
  const linked = preempts.find(({ number }) => number === link)
  if (linked === undefined) yield { code: 'PREEMPT_LINK_UNKNOWN', preempt, link }
  else if (linked.priority >= priority)
    yield { code: 'PREEMPT_LINK_NOT_HIGHER', preempt, link, priority, linkPriority: linked.priority }
}

function* checkLimits({ number: strategy, ...facts }: PriorityStrategy): Generator<PriorityFault> {
  if (!isNumber(strategy, NUMBER_MOST)) yield { code: 'PRIORITY_NUMBER_INVALID', strategy, most: NUMBER_MOST }
  const limits: readonly [PriorityLimit, number][] = [
    ['extension', facts.maxExtensionMs],
    ['reduction', facts.maxReductionMs],
    ['maximumPresence', facts.maximumPresenceMs],
    ['reserviceCycles', facts.reserviceCycles],
    ['leastLateness', facts.leastLatenessS],
  ]
  for (const [limit, value] of limits)
    if (!isWithin(value, PRIORITY_LIMITS[limit]))
      yield { code: 'PRIORITY_VALUE_OUT_OF_RANGE', strategy, limit, value, ...PRIORITY_LIMITS[limit] }
  if (facts.maxExtensionMs === 0 && facts.maxReductionMs === 0) yield { code: 'PRIORITY_WITHOUT_EFFECT', strategy }
}

function* checkServed({ number: strategy, phases }: PriorityStrategy, site: Intersection): Generator<PriorityFault> {
  if (phases.length === 0) yield { code: 'PRIORITY_WITHOUT_PHASES', strategy }
  for (const phase of unknownOf(phases, site)) yield { code: 'PRIORITY_PHASE_UNKNOWN', strategy, phase }
  for (const pair of conflictsAmong(phases, site)) yield { code: 'PRIORITY_PHASES_CONFLICT', strategy, phases: pair }
}

const isWithin = (value: number, { least, most }: Range): boolean =>
  Number.isInteger(value) && value >= least && value <= most

const unknownOf = (phases: readonly PhaseId[], site: Intersection): PhaseId[] =>
  phases.filter((phase) => !site.phases.some(({ id }) => id === phase))

/** Two of one ring, of two barrier groups, or that must not run together anyway. */
function conflictsAmong(phases: readonly PhaseId[], site: Intersection): (readonly [PhaseId, PhaseId])[] {
  if (!areNumbered(site)) return []
  const numbered = phases.filter((phase) => isNumber(phase, NUMBERED - 1))
  const conflicts = phaseConflicts(site)
  return numbered.flatMap((a, index) =>
    numbered.slice(index + 1).flatMap((b) => (hasBit(at(conflicts, a), b) ? [[a, b] as const] : [])),
  )
}
