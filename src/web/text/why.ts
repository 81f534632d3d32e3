/** Writes a reason code out with its numbers, as the reader's language says it. */
import type { LiveState } from '#contract/messages.ts'
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

/** What a sentence may ask of its reason; numbers that the message does not have are a dash. */
export interface WhyFacts {
  readonly phase: string
  readonly detector: string | null
  /** Seconds until the force-off, null outside a plan. */
  readonly forceOff: string | null
  /** Seconds until the coordinated phases yield, null when the cycle is not told. */
  readonly untilYield: string | null
  readonly number: (name: string) => number
  readonly seconds: (name: string) => string
  readonly milliseconds: (name: string) => string
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
    detector: numbers['detector'] === undefined ? null : format.number(numbers['detector']),
    forceOff: secondsOrNull(numbers['forceOffInMs']),
    untilYield: secondsOrNull(untilYieldMs(numbers)),
    number: (name) => numbers[name] ?? 0,
    seconds: (name) => shown(name, format.seconds),
    milliseconds: (name) => shown(name, format.number),
  }
}

/** Milliseconds from now to the yield point; it lies in the next cycle when it has passed in this one. */
export function untilYieldMs(numbers: Readonly<Record<string, number>>): number | undefined {
  const { localCycleMs, yieldMs, cycleMs } = numbers
  if (localCycleMs === undefined || yieldMs === undefined) return undefined
  if (yieldMs >= localCycleMs) return yieldMs - localCycleMs
  return cycleMs === undefined ? undefined : yieldMs + cycleMs - localCycleMs
}
