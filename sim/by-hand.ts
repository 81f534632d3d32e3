/** What people do to a running city by hand, in words: doors, switches, power, lamps, loops, and those who break in. */
import { withBit, withoutBit } from '#base/bits.ts'
import { intersectionId, type IntersectionId } from '#base/id.ts'
import { LAMP_COLOURS, type LampColour, type LampFault } from './cabinet/lamp-faults.ts'
import type { LoopFault } from './cabinet/loop-faults.ts'
import type { VirtualCabinet } from './cabinet/virtual-cabinet.ts'

interface Cabinets {
  readonly junctions: ReadonlyMap<IntersectionId, { readonly cabinet: VirtualCabinet }>
}

/** Does what the line says, such as `IX-04 preempt 1 on`, and says what was done; or says which words there are. */
export function actByHand(city: Cabinets, line: string): readonly string[] {
  const [place = '', word = '', ...rest] = line.trim().split(/\s+/)
  if (place === '') return []
  if (place === 'help') return HELP
  const cabinet = city.junctions.get(intersectionId(place))?.cabinet
  if (!cabinet) return [`there is no ${place}: ${[...city.junctions.keys()].join(', ')}`]
  const deed = DEEDS.find((each) => each.word === word)
  if (!deed) return [`${place} ${word || '…'}: ${DEEDS.map((each) => each.word).join(', ')}; or help`]
  const refusal = deed.act(cabinet, rest)
  return [refusal === null ? `${place}: ${[word, ...rest].join(' ')}` : `${place} ${deed.usage}: ${refusal}`]
}

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
  {
    word: 'door',
    usage: 'door open|shut',
    help: 'the big door of the cabinet',
    act: ({ panels }, [word]) =>
      choose(word, { open: () => (panels.doorOpen = true), shut: () => (panels.doorOpen = false) }),
  },
  {
    word: 'power',
    usage: 'power on|off',
    help: 'the power company',
    act: ({ power }, [word]) => onOff(word, (on) => (power.mains = on)),
  },
  {
    word: 'battery',
    usage: 'battery on|off',
    help: 'carries the cabinet while the mains are gone',
    act: ({ power }, [word]) => onOff(word, (on) => (power.battery = on)),
  },
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
    word: 'lamp',
    usage: 'lamp <channel> [red|yellow|green] out|lit|sound',
    help: 'burns out, is lit by a short circuit, or is mended',
    act: breakLamp,
  },
  {
    word: 'loop',
    usage: 'loop <detector> stuck-on|stuck-off|chatter|open|shorted|sound',
    help: 'lies, is broken and says so, or is mended',
    act: breakLoop,
  },
  {
    word: 'program',
    usage: 'program hang|run',
    help: 'of the controller: its outputs stay as they are',
    act: (cabinet, [word]) =>
      choose(word, { hang: () => (cabinet.controllerHangs = true), run: () => (cabinet.controllerHangs = false) }),
  },
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

function breakLamp({ lampFaults, config }: VirtualCabinet, words: readonly string[]): string | null {
  const { channels } = config.database.intersection
  const channel = channels.find(({ id }) => String(id) === words[0])
  if (!channel) return thereAre(channels.map(({ id }) => String(id)))
  const colour = LAMP_COLOURS.find((each) => each === words[1])
  const all: readonly LampColour[] = colour ? [colour] : LAMP_COLOURS
  const set = (fault: LampFault) => () => all.forEach((each) => lampFaults.set(channel.id, each, fault))
  return choose(words[colour ? 2 : 1], { out: set('off'), lit: set('on'), sound: set('sound') })
}

function breakLoop({ loopFaults, config }: VirtualCabinet, [number, word]: readonly string[]): string | null {
  const { detectors } = config.database.intersection
  const detector = detectors.find(({ id }) => String(id) === number)
  if (!detector) return thereAre(detectors.map(({ id }) => String(id)))
  const plant = (fault: LoopFault) => () => loopFaults.plant(detector.id, fault)
  return choose(word, {
    'stuck-on': plant('stuckOn'),
    'stuck-off': plant('stuckOff'),
    chatter: plant('chatter'),
    open: plant('openLoop'),
    shorted: plant('shortedLoop'),
    sound: () => loopFaults.mend(detector.id),
  })
}

const thereAre = (all: readonly string[]): string => (all.length === 0 ? 'it has none' : `there are ${all.join(', ')}`)
