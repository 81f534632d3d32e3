/** The ladder of the rungs that an edge has strategies for, and released; down at once on its condition, up only after a proven while. */
import { at } from '#base/at.ts'
import { unreachable } from '#base/invariant.ts'
import { oncePer } from '#base/once-per.ts'
import { scheduledNow, type Scheduled } from '#control/scheduled.ts'
import { limitsNow } from '#control/stage-limits.ts'
import { RUNG_NUMBERS, RUNGS, type Reason, type Rung } from '#control/strategy.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import type { StreetImage } from './wiring.ts'

/** Long enough that a device that comes and goes is not supervised in fits, short beside the local cycle before it. */
export const PROVEN_MS = 5_000
/** A plan by a clock that is off by more than this breaks the green wave that it is there for. */
export const CLOCK_DRIFT_MS_MAX = 2_000
/** Commands stop with the first stale image; the rung is left when the next one would find the lease of 2.5 s run out. */
export const IMAGE_PATIENCE_MS = 2_200
/** A strategy that failed is not trusted again before somebody may have looked at it. */
export const BARRED_MS = 60_000

type Commanding = Exclude<Rung, 'released'>

export interface SupervisorState {
  readonly rung: Rung
  /** Since when a higher rung has been possible without a break; null when it is not. */
  readonly provenSinceMonoMs: number | null
  readonly freshAtMonoMs: number | null
  /** Rungs whose strategy failed, and until when they are barred. */
  readonly barredUntilMonoMs: Readonly<Partial<Record<Commanding, number>>>
  /** The plan of the hour says whether strategies that choose stages may run; null before the first step. */
  readonly scheduled: Scheduled | null
}

export interface SupervisorFacts {
  readonly street: StreetImage
  readonly approvedHash: number
  /** What the command gate says of the lease. */
  readonly leaseBlocker: Reason | null
  /** Time since the last tick when it was longer than a lease, else null. */
  readonly stalledMs: number | null
  /** The rung whose strategy threw or kept being refused since the last step. */
  readonly failed: Commanding | null
  /** Rungs that have a strategy at all. */
  readonly offered: ReadonlySet<Rung>
}

export interface RungChange {
  readonly from: Rung
  readonly to: Rung
  /** Why it was left, or why not higher; null when the top is reached. */
  readonly why: Reason | null
}

export interface SupervisorStep {
  readonly state: SupervisorState
  readonly change: RungChange | null
  /** Why supervision is not on a higher rung; null on the highest. */
  readonly ladder: Reason | null
}

export const UNSUPERVISED: SupervisorState = {
  rung: 'released',
  provenSinceMonoMs: null,
  freshAtMonoMs: null,
  barredUntilMonoMs: {},
  scheduled: null,
}

/** One tick of the ladder. */
export function stepSupervisor(before: SupervisorState, facts: SupervisorFacts): SupervisorStep {
  const nowMonoMs = facts.street.view.nowMonoMs
  const state = remember(before, facts)
  const rungs = rungsOf(facts)
  const blockers = rungs.map((rung) => blockerOf(rung, state, facts))
  const possible = blockers.indexOf(null)
  const current = rungs.indexOf(state.rung)
  const best = at(rungs, possible)
  if (possible > current) return move({ ...state, provenSinceMonoMs: null }, best, blockers[current] ?? null)
  if (possible === current) {
    const settled = state.provenSinceMonoMs === null ? state : { ...state, provenSinceMonoMs: null }
    return { state: settled, change: null, ladder: blockers[current - 1] ?? null }
  }
  const provenSinceMonoMs = state.provenSinceMonoMs ?? nowMonoMs
  const remainingMs = provenSinceMonoMs + PROVEN_MS - nowMonoMs
  if (remainingMs > 0) {
    const ladder: Reason = { code: 'PROVING', numbers: { remainingMs } }
    return { state: { ...state, provenSinceMonoMs }, change: null, ladder }
  }
  return move({ ...state, provenSinceMonoMs: null }, best, blockers[possible - 1] ?? null)
}

/** Those with a strategy; where there is none at all, each of them says so. */
const rungsOf = ({ offered }: SupervisorFacts): readonly Rung[] => (offered.size === 0 ? RUNGS : rungsAmong(offered))

const rungsAmong = oncePer((offered: ReadonlySet<Rung>) =>
  RUNGS.filter((rung) => rung === 'released' || offered.has(rung)),
)

function move(state: SupervisorState, rung: Rung, why: Reason | null): SupervisorStep {
  return { state: { ...state, rung }, change: { from: state.rung, to: rung, why }, ladder: why }
}

/** A stall of our own is a restart: nothing of what was proven before it counts. */
function remember(before: SupervisorState, { street, failed, stalledMs }: SupervisorFacts): SupervisorState {
  const { nowMonoMs, signal, unit } = street.view
  const fresh = signal.quality === 'good' && unit.quality === 'good'
  const barred = before.barredUntilMonoMs
  return {
    rung: before.rung,
    provenSinceMonoMs: stalledMs === null ? before.provenSinceMonoMs : null,
    freshAtMonoMs: fresh ? nowMonoMs : before.freshAtMonoMs,
    barredUntilMonoMs: failed ? { ...barred, [failed]: nowMonoMs + BARRED_MS } : barred,
    scheduled: scheduledNow(street.view, before.scheduled),
  }
}

/** null = this rung is possible now. */
function blockerOf(rung: Rung, state: SupervisorState, facts: SupervisorFacts): Reason | null {
  switch (rung) {
    case 'released':
      return null
    case 'adaptive':
    case 'maxPressure':
      return strategyBlocker(rung, state, facts) ?? planBlocker(state, facts) ?? commonBlocker(state, facts)
    case 'actuated':
      return strategyBlocker(rung, state, facts) ?? commonBlocker(state, facts)
    case 'coordinated':
    case 'fixed':
      return strategyBlocker(rung, state, facts) ?? commonBlocker(state, facts) ?? clockBlocker(facts.street)
    default:
      return unreachable(rung)
  }
}

function strategyBlocker(rung: Commanding, state: SupervisorState, facts: SupervisorFacts): Reason | null {
  const barred = (state.barredUntilMonoMs[rung] ?? 0) > facts.street.view.nowMonoMs
  if (!barred && facts.offered.has(rung)) return null
  return { code: 'STRATEGY_FAILED', numbers: { rung: RUNG_NUMBERS[rung] } }
}

/** The engineer may keep strategies that choose stages out of some hours. */
function planBlocker({ scheduled }: SupervisorState, { street }: SupervisorFacts): Reason | null {
  if (scheduled === null || limitsNow(street.view, scheduled.pattern).allowed) return null
  return { code: 'NOT_ALLOWED_BY_PLAN', numbers: { pattern: scheduled.pattern } }
}

/** What any supervision needs. */
function commonBlocker(state: SupervisorState, facts: SupervisorFacts): Reason | null {
  const { view, configurationHash } = facts.street
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

/** A plan needs a clock; within the patience of a silence the last word on it stands. */
function clockBlocker({ clockDriftMs }: StreetImage): Reason | null {
  const driftMs = clockDriftMs.quality === 'good' ? clockDriftMs.value : 0
  return Math.abs(driftMs) < CLOCK_DRIFT_MS_MAX ? null : { code: 'CLOCK_DRIFT', numbers: { driftMs } }
}
