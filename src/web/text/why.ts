/** Writes a reason code out with its numbers, as the reader's language says it. */
import type { LiveState, Mode } from '#contract/messages.ts'
import { CONTROL_STATUSES, FLASH_CAUSES, PREEMPT_STATES } from '#signal/status.ts'
import type { Dictionary } from './dictionary.ts'
import type { Format } from './format.ts'

/** The codes that have a text; a test holds them against those of control. */
export type WhyCode =
  | 'PLAN_BY_SCHEDULE'
  | 'EXTENDING_FOR_VEHICLE'
  | 'SERVING_CALL'
  | 'RESTING'
  | 'CHANGING'
  | 'COORDINATED_GREEN'
  | 'CLEARING_PEDESTRIANS'
  | 'WAITING_FOR_GAP'
  | 'LANES_HAVE_GAPPED'
  | 'DETECTOR_ON_RECALL'
  | 'IMAGE_NOT_FRESH'
  | 'CABINET_NOT_AVAILABLE'
  | 'TIMING_NOT_APPROVED'
  | 'CLOCK_DRIFT'
  | 'LOCAL_CYCLE_FIRST'
  | 'LEASE_HELD_BY_ANOTHER'
  | 'LEASE_LOST'
  | 'LEASE_REFUSED'
  | 'EDGE_STALLED'
  | 'STRATEGY_FAILED'
  | 'PROVING'
  | 'PREEMPT_SERVED'
  | 'PRIORITY_SERVED'
  | 'LEADING_WALK'
  | 'FLASH_BY_SCHEDULE'
  | 'PRESSURE_HOLDS'
  | 'PRESSURE_CHANGES'
  | 'WAITED_LONGEST'
  | 'PLAN_HOLDS'
  | 'PLAN_CHANGES'
  | 'NOT_ALLOWED_BY_PLAN'
  | 'CYCLE_RUNS_OUT'
  | 'PHASE_NOT_SEEN'
  | 'DECIDES_TOO_SLOWLY'
  | 'OUTDONE_BY_SIMPLER'
  | 'SIMPLER_IS_MEASURED'
  | 'JUNCTION_CLEARED'
  | 'STREET_NOT_SOUND'
  | 'EDGE_CRASHED'
  | 'RELEASED_BY_ORDER'
  | 'HELD_BY_ORDER'
  | 'SWING_DAMPED'

/** What a sentence may ask of its reason; numbers that the message does not have are a dash. */
export interface WhyFacts {
  readonly phase: string
  /** False where the reason is of no phase in particular. */
  readonly ofPhase: boolean
  readonly detector: string | null
  /** Seconds until the force-off, null outside a plan. */
  readonly forceOff: string | null
  /** Seconds that the green may last at most, null where no maximum is in effect. */
  readonly longest: string | null
  /** Seconds without a vehicle that end the green: `3`, or `1–3` where the gap is reduced. */
  readonly gapLimit: string
  /** Who has the word at the cabinet, null where it is not told. */
  readonly keeper: string | null
  /** The way of control that the reason is about. */
  readonly rung: string
  /** How far the preempt in service is. */
  readonly preemptState: string
  /** Seconds until the coordinated phases yield, null when the cycle is not told. */
  readonly untilYield: string | null
  readonly number: (name: string) => number
  readonly seconds: (name: string) => string
  /** Hundredths of a vehicle a second as vehicles a minute: whole numbers, for a Persian decimal reads like a fraction. */
  readonly perMinute: (name: string) => string
  readonly milliseconds: (name: string) => string
  /** A number as it is. */
  readonly count: (name: string) => string
}

export type WhyTexts = Readonly<Record<WhyCode, (facts: WhyFacts) => string>>

export type Reason = NonNullable<LiveState['why']>

/** A code of a newer edge that has no text yet is shown as it is. */
export function writeWhy(reason: Reason, text: Dictionary, format: Format): string {
  const texts: Readonly<Record<string, ((facts: WhyFacts) => string) | undefined>> = text.why
  const write = Object.hasOwn(texts, reason.code) ? texts[reason.code] : undefined
  return write ? write(factsOf(reason, text, format)) : text.whyUnknown(reason.code)
}

function factsOf({ phase, numbers }: Reason, text: Dictionary, format: Format): WhyFacts {
  const shown = (name: string, show: (value: number) => string) => {
    const value = numbers[name]
    return value === undefined ? text.dash : show(value)
  }
  const secondsOrNull = (ms: number | undefined) => (ms === undefined ? null : format.seconds(Math.max(0, ms)))
  return {
    phase: phase === undefined ? text.dash : format.number(phase),
    ofPhase: phase !== undefined,
    detector: numbers['detector'] === undefined ? null : format.number(numbers['detector']),
    forceOff: secondsOrNull(numbers['forceOffInMs']),
    longest: secondsOrNull(numbers['maxMs']),
    gapLimit: gapLimitOf(numbers, (ms) => format.seconds(ms)) ?? text.dash,
    keeper: keeperOf(numbers, text),
    rung: rungOf(numbers, text),
    preemptState: text.preemptStates[PREEMPT_STATES[numbers['state'] ?? 0] ?? 'none'],
    untilYield: secondsOrNull(untilYieldMs(numbers)),
    number: (name) => numbers[name] ?? 0,
    seconds: (name) => shown(name, format.seconds),
    perMinute: (name) => shown(name, (value) => format.number((value * 60) / 100)),
    milliseconds: (name) => shown(name, format.number),
    count: (name) => shown(name, format.number),
  }
}

type Numbers = Readonly<Record<string, number>>

function gapLimitOf({ minGapMs, passageMs }: Numbers, seconds: (ms: number) => string): string | null {
  if (passageMs === undefined) return null
  return minGapMs === undefined ? seconds(passageMs) : `${seconds(minGapMs)}–${seconds(passageMs)}`
}

/** Statuses that keep supervision out, by their place in the list of the wire. */
function keeperOf({ controlStatus, flashCause }: Numbers, text: Dictionary): string | null {
  const status = CONTROL_STATUSES[controlStatus ?? -1]
  const cause = FLASH_CAUSES[flashCause ?? 0] ?? 'none'
  if (status === undefined || status === 'local' || status === 'supervised') return null
  const mode = text.modes[status === 'backup' ? 'local' : status]
  return status === 'flash' && cause !== 'none' ? text.withCause(mode, text.causes[cause]) : mode
}

/** By its number in the events, which is never given twice. */
const RUNG_MODES: readonly Mode[] = ['coordinated', 'actuated', 'local', 'maxPressure', 'fixed', 'adaptive']

function rungOf({ rung }: Numbers, text: Dictionary): string {
  const mode = RUNG_MODES[rung ?? -1]
  return mode === undefined ? text.dash : text.modes[mode]
}

/** Milliseconds from now to the yield point; it lies in the next cycle when it has passed in this one. */
export function untilYieldMs(numbers: Readonly<Record<string, number>>): number | undefined {
  const { localCycleMs, yieldMs, cycleMs } = numbers
  if (localCycleMs === undefined || yieldMs === undefined) return undefined
  if (yieldMs >= localCycleMs) return yieldMs - localCycleMs
  return cycleMs === undefined ? undefined : yieldMs + cycleMs - localCycleMs
}
