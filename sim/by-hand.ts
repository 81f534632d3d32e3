/** What people do to a running city by hand, in words: switches, buttons, keys, those who break in, and the faults of the catalogue. */
import { withBit, withoutBit } from '#base/bits.ts'
import { intersectionId } from '#base/id.ts'
import type { VirtualCabinet } from './cabinet/virtual-cabinet.ts'
import { BROKER, type FaultDesk } from './faults/fault-desk.ts'
import { thereAre } from './faults/fault-kind.ts'
import { FAULT_HELP, faultByHand, standingWords } from './faults/fault-words.ts'

/** Does what the line says, such as `IX-04 preempt 1 on`, and says what was done; or says which words there are. */
export function actByHand(desk: FaultDesk, line: string): readonly string[] {
  const [place = '', word = '', ...rest] = line.trim().split(/\s+/)
  if (place === '') return []
  if (place === 'help') return HELP
  if (place === 'faults') return standingWords(desk)
  const cabinet = desk.places.get(intersectionId(place))?.cabinet
  if (word === FAULT && (cabinet || place === BROKER)) return faultByHand(desk, place, rest)
  if (!cabinet) return [`there is no ${place}: ${[...desk.places.keys()].join(', ')}; or help`]
  const deed = DEEDS.find((each) => each.word === word)
  if (!deed) return [`${place} ${word || '…'}: ${[FAULT, ...DEEDS.map((each) => each.word)].join(', ')}; or help`]
  const refusal = deed.act(cabinet, rest)
  return [refusal === null ? `${place}: ${[word, ...rest].join(' ')}` : `${place} ${deed.usage}: ${refusal}`]
}

const FAULT = 'fault'

interface Deed {
  readonly word: string
  /** How it is written. */
  readonly usage: string
  readonly help: string
  /** null when it is done, else what there is instead. */
  act(cabinet: VirtualCabinet, words: readonly string[]): string | null
}

/** A word and what it does; any other word is answered with all of them. */
function choose(word: string | undefined, ways: Readonly<Record<string, () => void>>): string | null {
  const way = word !== undefined && Object.hasOwn(ways, word) ? ways[word] : undefined
  if (!way) return `say ${Object.keys(ways).join(' or ')}`
  way()
  return null
}

const onOff = (word: string | undefined, set: (on: boolean) => void): string | null =>
  choose(word, { on: () => set(true), off: () => set(false) })

const DEEDS: readonly Deed[] = [
  { word: 'flash', usage: 'flash police|technician|off', help: 'the flash switches of both panels', act: flash },
  {
    word: 'manual',
    usage: 'manual on|off',
    help: 'an officer steers; each `advance` is one press of his button',
    act: ({ panels }, [word]) => onOff(word, (on) => (panels.manualControl = on)),
  },
  {
    word: 'advance',
    usage: 'advance on|off',
    help: 'his button, pressed and let go',
    act: ({ panels }, [word]) => onOff(word, (on) => (panels.intervalAdvance = on)),
  },
  {
    word: 'stop-time',
    usage: 'stop-time on|off',
    help: 'the timers of the controller stand still',
    act: ({ panels }, [word]) => onOff(word, (on) => (panels.stopTime = on)),
  },
  {
    word: 'key',
    usage: 'key on|off',
    help: "the technician's key: the local plan, and no command",
    act: (cabinet, [word]) => onOff(word, (on) => cabinet.turnLocalKey(on)),
  },
  { word: 'preempt', usage: 'preempt <number> on|off', help: 'a fire engine or a train calls', act: callPreempt },
  { word: 'bus', usage: 'bus <number> on|off [<seconds late>]', help: 'a bus asks for priority', act: callPriority },
  {
    word: 'monitor',
    usage: 'monitor reset',
    help: 'after a trip, by whoever has looked at the lamps',
    act: (cabinet, [word]) => choose(word, { reset: () => cabinet.resetMonitor() }),
  },
]

const HELP: readonly string[] = [
  'by hand, an intersection first, such as IX-04 preempt 1 on:',
  ...DEEDS.map(({ usage, help }) => `  ${usage.padEnd(56)} ${help}`),
  ...FAULT_HELP,
]

function flash({ panels }: VirtualCabinet, [word]: readonly string[]): string | null {
  const set = (police: boolean, technician: boolean) => () => {
    panels.policeFlash = police
    panels.technicianFlash = technician
  }
  return choose(word, { police: set(true, false), technician: set(false, true), off: set(false, false) })
}

function callPreempt({ breakIns, config }: VirtualCabinet, [number, word]: readonly string[]): string | null {
  const { preempts } = config.database
  const preempt = preempts.find((each) => String(each.number) === number)
  if (!preempt) return thereAre(preempts.map((each) => `${each.number} ${each.name.en}`))
  return onOff(word, (on) => (breakIns.preempts = (on ? withBit : withoutBit)(breakIns.preempts, preempt.number)))
}

function callPriority({ breakIns, config }: VirtualCabinet, words: readonly string[]): string | null {
  const [number, word, late = '0'] = words
  const { priorities } = config.database
  const strategy = priorities.find((each) => String(each.number) === number)
  if (!strategy) return thereAre(priorities.map((each) => `${each.number} ${each.name.en}`))
  if (!/^\d{1,4}$/.test(late)) return 'lateness is in whole seconds'
  return onOff(word, (on) => {
    breakIns.latenessS[strategy.number] = Number(late)
    breakIns.priorities = (on ? withBit : withoutBit)(breakIns.priorities, strategy.number)
  })
}
