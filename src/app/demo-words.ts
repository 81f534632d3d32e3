/** What passes between the demo and its processes beside `ready`: lines that are typed, a broker that is taken away, measures of ticks. */
import type { RunningEdge } from '#edge/edge.ts'
import type { ScanStats } from '#edge/scan-cycle.ts'
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

/** To an edge, from whoever has started it: how have the ticks been since it was asked last? */
interface ScanWord {
  readonly type: 'scan'
}

/** What an edge answers. */
export interface ScanAnswer {
  readonly type: 'scan-answer'
  readonly stats: ScanStats
  /** Of the whole process, now. */
  readonly rssBytes: number
}

export const isScanAnswer = (message: unknown): message is ScanAnswer => isWord<ScanAnswer>(message, 'scan-answer')

export const SCAN_WORD: ScanWord = { type: 'scan' }

/** In an edge: says how its ticks have been, and measures anew from then on. */
export function answerScans(edge: Pick<RunningEdge, 'stats' | 'resetStats'>): void {
  process.on('message', (message) => {
    if (!isWord<ScanWord>(message, 'scan')) return
    const answer: ScanAnswer = { type: 'scan-answer', stats: edge.stats(), rssBytes: process.memoryUsage.rss() }
    edge.resetStats()
    process.send?.(answer)
  })
}
