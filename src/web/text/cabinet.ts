/** Who has the word at an intersection, in words: why it flashes, who steers by hand, which preempt is served and how far it is. */
import type { IntersectionSummary } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { causeOf } from '../live/mode-cause.ts'
import { format, nameOf, text } from './texts.ts'

type Named = Pick<IntersectionSummary, 'preempts'>

/** The mode, and behind it its cause where the cabinet tells it. */
export function modeWords(state: LiveState, named: Named): string {
  const t = text.value
  const mode = t.modes[state.mode]
  if (state.mode === 'preempt' && state.signal)
    return t.withCause(mode, withName(state.signal.preempt.number, named.preempts))
  const cause = causeOf(state)
  return cause === null ? mode : t.withCause(mode, t.causes[cause])
}

/** Its number, and its name where the site has one. */
export function withName(number: number, known: Named['preempts']): string {
  const found = known.find((each) => each.number === number)
  return text.value.numbered(format.value.number(number), found ? nameOf(found.name) : '')
}

/** What is wrong with a detector, fault by fault. */
export function faultWords(faults: number): string {
  const words = text.value.detectorFaults
  const names = Object.keys(DETECTOR_FAULT) as (keyof typeof DETECTOR_FAULT)[]
  return names
    .filter((name) => (faults & DETECTOR_FAULT[name]) !== 0)
    .map((name) => words[name])
    .join(text.value.comma)
}
