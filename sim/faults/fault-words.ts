/** What is typed of faults while the city runs: `IX-04 fault late-replies on 800 for 60`, `faults`, and what is answered. */
import { ok, failed, type Outcome } from '#base/outcome.ts'
import { alarmWords } from './alarm-words.ts'
import { FAULTS } from './catalogue.ts'
import type { FaultDesk } from './fault-desk.ts'
import { numberIn } from './number-in.ts'

const DAY_S = 86_400

/** The words behind `<place> fault`. */
export function faultByHand(desk: FaultDesk, place: string, words: readonly string[]): readonly string[] {
  const [fault = '', switched, ...behind] = words
  const split = spanOf(behind)
  if (!split.ok) return [`${place} fault ${fault}: ${split.fault}`]
  const order = { fault, place, ...split.value }
  switch (switched) {
    case 'on': {
      const planted = desk.plant(order, 'hand')
      if (!planted.ok) return [`${place}: ${planted.fault}`]
      const { kind, part } = planted.value
      const { s, rule } = kind.within
      return [`${place}: ${fault} at ${part}; must raise ${alarmWords(kind.alarm)} within ${s} s: ${rule}`]
    }
    case 'off': {
      const mended = desk.mend(order, 'hand')
      return [mended.ok ? `${place}: ${fault} mended at ${mended.value.join(', ')}` : `${place}: ${mended.fault}`]
    }
    default: {
      const checked = desk.check(order)
      const known = checked.ok || FAULTS.some(({ key }) => key === fault)
      return [known ? `${place} fault ${fault}: say on or off` : `${place}: ${checked.fault}`]
    }
  }
}

/** Those that stand, one a line. */
export function standingWords(desk: FaultDesk): readonly string[] {
  if (desk.standing.length === 0) return ['no fault stands']
  return desk.standing.map(({ kind, place, part }) => `${place}: ${kind.key} at ${part}, ${alarmWords(kind.alarm)}`)
}

export const FAULT_HELP: readonly string[] = [
  'faults, planted with `IX-04 fault <key> on …`, mended with `… off`; `on … for <seconds>` mends by itself; `faults` lists those that stand:',
  ...FAULTS.map(({ key, usage, symptom }) => `  ${[key, usage].join(' ').padEnd(56)} ${symptom}`),
]

interface Span {
  readonly words: readonly string[]
  readonly forMs: number | null
}

/** What stands before `for <seconds>`, and how long that is. */
function spanOf(words: readonly string[]): Outcome<Span, string> {
  const at = words.indexOf('for')
  if (at < 0) return ok({ words, forMs: null })
  const [text = '', ...more] = words.slice(at + 1)
  if (more.length > 0) return failed('for <seconds> stands last')
  const seconds = numberIn(text, { from: 1, to: DAY_S, unit: 'seconds' })
  return seconds.ok ? ok({ words: words.slice(0, at), forMs: 1_000 * seconds.value }) : seconds
}
