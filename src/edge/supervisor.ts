/** The ladder of the rungs that an edge has strategies for, and released; down at once on its condition, up only after a proven while. */
import { at } from '#base/at.ts'
import { unreachable } from '#base/invariant.ts'
import { oncePer } from '#base/once-per.ts'
import { scheduledNow, type Scheduled } from '#control/scheduled.ts'
import { limitsNow } from '#control/stage-limits.ts'
import { RUNG_NUMBERS, RUNGS, type Commanding, type Reason, type Rung } from '#control/strategy.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import type { Bounds } from './orders/standing-book.ts'
import type { Barring } from './rung-comparison.ts'
import { sightOf, type Sight } from './unseen-phases.ts'
import type { StreetImage } from './wiring.ts'

/** Long enough that a device that comes and goes is not supervised in fits, short beside the local cycle before it. */
export const PROVEN_MS = 5_000
/** A plan by a clock that is off by more than this breaks the green wave that it is there for. */
export const CLOCK_DRIFT_MS_MAX = 2_000
/** Commands stop with the first stale image; the rung is left when the next one would find the lease of 2.5 s run out. */
export const IMAGE_PATIENCE_MS = 2_200
/** A strategy that failed is not trusted again before somebody may have looked at it: by failures in a row; the last for all that follow. */
export const BARRED_MS = [60_000, 120_000, 300_000, 900_000, 1_800_000] as const
/** Failures that lie so far apart are none in a row. */
export const FAILURES_APART_MS = 3_600_000
/** The bounds of the engineer go by the plan of the hour: whose clock is off by a minute may keep those of another plan. */
export const CLOCK_MINUTE_MS_MAX = 60_000
/** A card that is connected anew is away for no longer. */
export const UNSEEN_PATIENCE_MS = 5_000
/** Detectors that come and go are not trusted at once. */
export const UNSEEN_BARRED_MS = 60_000

export interface SupervisorState {
  readonly rung: Rung
  /** Since when a higher rung has been possible without a break; null when it is not. */
  readonly provenSinceMonoMs: number | null
  readonly freshAtMonoMs: number | null
  /** Rungs that may not be stood on for a while, and why. */
  readonly barred: Readonly<Partial<Record<Commanding, { readonly untilMonoMs: number; readonly why: Reason }>>>
  /** Since when too little has been seen of the street for a rung; those that see enough are left out. */
  readonly unseenSinceMonoMs: Readonly<Partial<Record<Commanding, number>>>
  /** The plan of the hour says whether strategies that choose stages may run; null before the first step. */
  readonly scheduled: Scheduled | null
}

export interface SupervisorFacts {
  readonly street: StreetImage
  readonly approvedHash: number
  /** What the command gate says of the lease. */
  readonly leaseBlocker: Reason | null
  /** What the edge has against any supervision here, by what it has seen of the street and of itself; null = nothing. */
  readonly heldOff: Reason | null
  /** What people have ordered; nothing unless given. */
  readonly bounds?: Bounds
  /** Time since the last tick when it was longer than a lease, else null. */
  readonly stalledMs: number | null
  /** Rungs that have failed, or have been outdone, since the last step. */
  readonly barrings: readonly Barring[]
  /** Rungs that have a strategy at all, best first. */
  readonly offered: readonly Commanding[]
}

export interface RungChange {
  readonly from: Rung
  readonly to: Rung
  readonly isUp: boolean
  /** Why it was left, or why not higher; null when the top is reached. */
  readonly why: Reason | null
}

export interface SupervisorStep {
  readonly state: SupervisorState
  readonly change: RungChange | null
  /** Why supervision is not on a higher rung; null on the highest. */
  readonly ladder: Reason | null
  /** Rungs that could be stood on now. */
  readonly possible: readonly Rung[]
}

/** Each rung sees enough. */
const ALL_SEE: SupervisorState['unseenSinceMonoMs'] = {}

export const UNSUPERVISED: SupervisorState = {
  rung: 'released',
  provenSinceMonoMs: null,
  freshAtMonoMs: null,
  barred: {},
  unseenSinceMonoMs: ALL_SEE,
  scheduled: null,
}

/** Its strategy threw, or what it asks for is refused again and again: for the `nth` time in a row, from 1. */
export const failed = (rung: Commanding, nth = 1): Barring => ({
  rung,
  why: { code: 'STRATEGY_FAILED', numbers: { rung: RUNG_NUMBERS[rung] } },
  forMs: at(BARRED_MS, Math.min(nth, BARRED_MS.length) - 1),
})

/** One tick of the ladder. */
export function stepSupervisor(before: SupervisorState, facts: SupervisorFacts): SupervisorStep {
  const state = remember(before, facts)
  const rungs = rungsOf(facts)
  const blockers = rungs.map((rung) => blockerOf(rung, state, facts))
  const possible = rungs.filter((_, rung) => blockers[rung] === null)
  return { ...climb(state, { rungs, blockers, nowMonoMs: facts.street.view.nowMonoMs }), possible }
}

type Climbed = Omit<SupervisorStep, 'possible'>

/** Best first; whatever is not blocked can be stood on. */
interface Ladder {
  readonly rungs: readonly Rung[]
  readonly blockers: readonly (Reason | null)[]
  readonly nowMonoMs: number
}

function climb(state: SupervisorState, { rungs, blockers, nowMonoMs }: Ladder): Climbed {
  const best = blockers.indexOf(null)
  const current = rungs.indexOf(state.rung)
  const to = at(rungs, best)
  const isUp = best < current
  if (best > current) return move({ ...state, provenSinceMonoMs: null }, { to, isUp, why: blockers[current] ?? null })
  if (best === current) {
    const settled = state.provenSinceMonoMs === null ? state : { ...state, provenSinceMonoMs: null }
    return { state: settled, change: null, ladder: blockers[current - 1] ?? null }
  }
  const provenSinceMonoMs = state.provenSinceMonoMs ?? nowMonoMs
  const remainingMs = provenSinceMonoMs + PROVEN_MS - nowMonoMs
  if (remainingMs > 0) {
    const ladder: Reason = { code: 'PROVING', numbers: { remainingMs } }
    return { state: { ...state, provenSinceMonoMs }, change: null, ladder }
  }
  return move({ ...state, provenSinceMonoMs: null }, { to, isUp, why: blockers[best - 1] ?? null })
}

/** Those with a strategy; where there is none at all, each of them says so. */
const rungsOf = ({ offered }: SupervisorFacts): readonly Rung[] => (offered.length === 0 ? RUNGS : rungsAmong(offered))

const rungsAmong = oncePer((offered: readonly Commanding[]): readonly Rung[] => [...offered, 'released'])

function move(state: SupervisorState, { to, isUp, why }: Omit<RungChange, 'from'>): Climbed {
  return { state: { ...state, rung: to }, change: { from: state.rung, to, isUp, why }, ladder: why }
}

/** A stall of our own is a restart: nothing of what was proven before it counts. */
function remember(before: SupervisorState, facts: SupervisorFacts): SupervisorState {
  const { street, stalledMs, barrings } = facts
  const { nowMonoMs, signal, unit } = street.view
  const fresh = signal.quality === 'good' && unit.quality === 'good'
  const unseenSinceMonoMs = watchSight(before, facts)
  return {
    rung: before.rung,
    provenSinceMonoMs: stalledMs === null ? before.provenSinceMonoMs : null,
    freshAtMonoMs: fresh ? nowMonoMs : before.freshAtMonoMs,
    barred: [...barrings, ...unseen(unseenSinceMonoMs, street)].reduce(
      (all, each) => bar(all, each, nowMonoMs),
      before.barred,
    ),
    unseenSinceMonoMs,
    scheduled: scheduledNow(street.view, before.scheduled),
  }
}

/** The longer of two terms counts. */
function bar(barred: SupervisorState['barred'], { rung, why, forMs }: Barring, nowMonoMs: number) {
  const untilMonoMs = nowMonoMs + forMs
  return (barred[rung]?.untilMonoMs ?? -Infinity) > untilMonoMs ? barred : { ...barred, [rung]: { untilMonoMs, why } }
}

/** What a rung that chooses stages may not do without: those who are not seen are served by guess. */
const SEES_ENOUGH: Readonly<Partial<Record<Commanding, (sight: Sight) => boolean>>> = {
  adaptive: ({ unseen: phases }) => phases.length === 0,
  // Beyond half of them more is guessed than seen, and the plan of the hour knows better.
  maxPressure: ({ unseen: phases, of }) => 2 * phases.length <= of,
}

function watchSight({ unseenSinceMonoMs }: SupervisorState, { offered, street }: SupervisorFacts) {
  const watched = watchedAmong(offered)
  // While the controller itself is not read nothing is known of its detectors.
  if (watched.length === 0 || street.view.signal.quality !== 'good') return ALL_SEE
  const sight = sightOf(street.view)
  const blind = watched.filter((rung) => SEES_ENOUGH[rung]?.(sight) === false)
  if (blind.length === 0) return ALL_SEE
  return Object.fromEntries(blind.map((rung) => [rung, unseenSinceMonoMs[rung] ?? street.view.nowMonoMs]))
}

const watchedAmong = oncePer((offered: readonly Commanding[]) =>
  offered.filter((rung) => SEES_ENOUGH[rung] !== undefined),
)

/** Rungs that have seen too little for too long. */
function unseen(sinceMonoMs: SupervisorState['unseenSinceMonoMs'], { view }: StreetImage): readonly Barring[] {
  if (sinceMonoMs === ALL_SEE) return NOT_ONE
  const blind = COMMANDING.filter((rung) => view.nowMonoMs - (sinceMonoMs[rung] ?? Infinity) >= UNSEEN_PATIENCE_MS)
  return blind.map((rung) => ({ rung, why: notSeen(view), forMs: UNSEEN_BARRED_MS }))
}

const NOT_ONE: readonly Barring[] = []

const COMMANDING = RUNGS.filter((rung) => rung !== 'released')

function notSeen(view: StreetImage['view']): Reason {
  const { unseen: phases, of } = sightOf(view)
  const [phase] = phases
  return { code: 'PHASE_NOT_SEEN', ...(phase !== undefined && { phase }), numbers: { unseen: phases.length, of } }
}

/** null = this rung is possible now. */
function blockerOf(rung: Rung, state: SupervisorState, facts: SupervisorFacts): Reason | null {
  switch (rung) {
    case 'released':
      return null
    case 'adaptive':
    case 'maxPressure':
      return (
        strategyBlocker(rung, state, facts) ??
        planBlocker(state, facts) ??
        sightBlocker(rung, state, facts) ??
        commonBlocker(state, facts) ??
        clockBlocker(facts.street, CLOCK_MINUTE_MS_MAX)
      )
    case 'actuated':
      return (
        strategyBlocker(rung, state, facts) ??
        (isAbovePlan(rung, facts) ? planBlocker(state, facts) : null) ??
        commonBlocker(state, facts)
      )
    case 'coordinated':
    case 'fixed':
      return (
        strategyBlocker(rung, state, facts) ??
        commonBlocker(state, facts) ??
        clockBlocker(facts.street, CLOCK_DRIFT_MS_MAX)
      )
    default:
      return unreachable(rung)
  }
}

function strategyBlocker(rung: Commanding, state: SupervisorState, facts: SupervisorFacts): Reason | null {
  const { bounds, offered } = facts
  if (bounds && bounds.highest !== null && isAbove(rung, bounds.highest, offered))
    return { code: 'HELD_BY_ORDER', numbers: { rung: RUNG_NUMBERS[bounds.highest] } }
  const barred = state.barred[rung]
  if (barred !== undefined && barred.untilMonoMs > facts.street.view.nowMonoMs) return barred.why
  return offered.includes(rung) ? null : failed(rung).why
}

/** As the site has its rungs; one that it has not got stands where most cities have it. */
function isAbove(rung: Commanding, highest: Rung, offered: readonly Commanding[]): boolean {
  const order: readonly Rung[] = highest === 'released' || offered.includes(highest) ? [...offered, 'released'] : RUNGS
  return order.indexOf(rung) < order.indexOf(highest)
}

/** Free operation is another way than the plan only where the plan stands below it; else it is what is left without one. */
const isAbovePlan = (rung: Commanding, { offered }: SupervisorFacts): boolean =>
  offered.indexOf(rung) < offered.indexOf('coordinated')

/** Nothing is begun in the dark; whoever stands on the rung waits a moment for the light. */
function sightBlocker(rung: Commanding, state: SupervisorState, { street }: SupervisorFacts): Reason | null {
  return state.unseenSinceMonoMs[rung] === undefined || state.rung === rung ? null : notSeen(street.view)
}

/**
 * The engineer may keep strategies that choose stages out of some hours. A plan that somebody has ordered for an event runs as it
 * stands, unless its engineer has said how they may run under it.
 */
function planBlocker({ scheduled }: SupervisorState, { street }: SupervisorFacts): Reason | null {
  const isLeftToThem = !scheduled?.ordered || street.view.adaptiveLimits.has(scheduled.pattern)
  if (scheduled === null || (isLeftToThem && limitsNow(street.view, scheduled.pattern).allowed)) return null
  return { code: 'NOT_ALLOWED_BY_PLAN', numbers: { pattern: scheduled.pattern } }
}

/** What any supervision needs. */
function commonBlocker(state: SupervisorState, facts: SupervisorFacts): Reason | null {
  const { view, configurationHash } = facts.street
  if (facts.bounds?.isReleased === true) return { code: 'RELEASED_BY_ORDER', numbers: {} }
  if (facts.heldOff !== null) return facts.heldOff
  if (facts.stalledMs !== null) return { code: 'EDGE_STALLED', numbers: { gapMs: facts.stalledMs } }
  if (view.unit.quality !== 'good' || view.signal.quality !== 'good') {
    return staleBlocker(state, facts) ?? facts.leaseBlocker
  }
  const { controlStatus, flashCause } = view.unit.value
  // A preempt is over in a minute: nothing is begun in it, and nobody who supervises falls off the ladder for it.
  const ours = controlStatus === 'local' || controlStatus === 'supervised'
  if (!ours && !(controlStatus === 'preempt' && state.rung !== 'released')) {
    const numbers = {
      controlStatus: CONTROL_STATUSES.indexOf(controlStatus),
      flashCause: FLASH_CAUSES.indexOf(flashCause),
    }
    return { code: 'CABINET_NOT_AVAILABLE', numbers }
  }
  const running = configurationHash.quality === 'good' ? configurationHash.value : 0
  if (running !== facts.approvedHash) {
    return { code: 'TIMING_NOT_APPROVED', numbers: { running, approved: facts.approvedHash } }
  }
  return facts.leaseBlocker
}

/** While supervising, a short silence is waited out; nothing is begun without a fresh image. */
function staleBlocker(state: SupervisorState, { street }: SupervisorFacts): Reason | null {
  const { nowMonoMs } = street.view
  const ageMs = state.freshAtMonoMs === null ? -1 : nowMonoMs - state.freshAtMonoMs
  if (state.rung !== 'released' && ageMs >= 0 && ageMs <= IMAGE_PATIENCE_MS) return null
  return { code: 'IMAGE_NOT_FRESH', numbers: { ageMs } }
}

/** A plan, and its bounds, need a clock; within the patience of a silence the last word on it stands. */
function clockBlocker({ clockDriftMs }: StreetImage, mostMs: number): Reason | null {
  const driftMs = clockDriftMs.quality === 'good' ? clockDriftMs.value : 0
  return Math.abs(driftMs) < mostMs ? null : { code: 'CLOCK_DRIFT', numbers: { driftMs } }
}
