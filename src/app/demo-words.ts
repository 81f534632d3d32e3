/** What passes between the demo and its processes beside `ready`: lines that are typed, and a broker that is taken away. */
import type { BrokerSwitch } from '#sim/faults/fault-kind.ts'
import { isSupervised } from './lifetime.ts'

/** To the simulation: a line that was typed. */
interface LineWord {
  readonly type: 'line'
  readonly line: string
}

/** From the simulation to the demo, what it answers to a line. */
interface AnswerWord {
  readonly type: 'answer'
  readonly words: string
}

/** From the simulation to the demo, and from there to central. */
interface BrokerWord {
  readonly type: 'broker'
  readonly up: boolean
}

const isWord = <W extends { readonly type: string }>(message: unknown, type: W['type']): message is W =>
  typeof message === 'object' && message !== null && Reflect.get(message, 'type') === type

export const isAnswerWord = (message: unknown): message is AnswerWord => isWord<AnswerWord>(message, 'answer')

/** In the simulation of a demo: what it answers goes to whoever typed. */
export function answerDemo(words: string): void {
  const word: AnswerWord = { type: 'answer', words }
  process.send?.(word)
}

export const isBrokerWord = (message: unknown): message is BrokerWord => isWord<BrokerWord>(message, 'broker')

/** In the simulation of a demo: lines that were typed there. */
export function linesOfDemo(take: (line: string) => void): void {
  process.on('message', (message) => {
    if (isWord<LineWord>(message, 'line')) take(message.line)
  })
}

export const lineWord = (line: string): LineWord => ({ type: 'line', line })

/** In the simulation of a demo: the broker of its central; null elsewhere. */
export function brokerOfDemo(): BrokerSwitch | null {
  if (!isSupervised() || !process.send) return null
  const say = (up: boolean) => {
    const word: BrokerWord = { type: 'broker', up }
    process.send?.(word)
  }
  return { down: () => say(false), up: () => say(true) }
}

/** In central: whether its broker is to be there. */
export function brokerWords(take: (up: boolean) => void): void {
  process.on('message', (message) => {
    if (isBrokerWord(message)) take(message.up)
  })
}
