/** Faults of a cabinet: its lamps, its door, its power, its clock and its program. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { PointName } from '#devices/points.ts'
import { LAMP_COLOURS, type LampColour, type LampFault } from '../cabinet/lamp-faults.ts'
import type { VirtualCabinet } from '../cabinet/virtual-cabinet.ts'
import { thereAre, type AimedFault, type CabinetFault, type FaultPlace } from './fault-kind.ts'
import { numberIn } from './number-in.ts'
import { SecondMaster } from './second-master.ts'

/** An hour: further off, and it is another time zone. */
const CLOCK_OFF_S_MAX = 3_600

export const CABINET_FAULTS: readonly CabinetFault[] = [
  {
    at: 'intersection',
    key: 'lamp-out',
    name: { fa: 'سوختن لامپ', en: 'lamp out' },
    symptom: 'A head is dark where it should be lit; the cabinet flashes.',
    usage: '<channel> [red|yellow|green]',
    takes: ['channel', 'colour'],
    alarm: { by: 'cabinet', alarm: 'redFailure' },
    within: { s: 300, rule: '1 s after the lamp should have been lit; mended, and reset at the cabinet' },
    aim: (place, words) => aimLamp(place, words, 'off'),
  },
  {
    at: 'intersection',
    key: 'lamp-lit',
    name: { fa: 'روشن ماندن لامپ', en: 'lamp lit by a short circuit' },
    symptom: 'A red stays lit beside the green; the cabinet flashes.',
    usage: '<channel>',
    takes: ['channel'],
    alarm: { by: 'cabinet', alarm: 'dualIndication' },
    within: { s: 300, rule: '0.5 s into the next green of the channel; mended, and reset at the cabinet' },
    aim: (place, [channel]) => aimLamp(place, [channel ?? '', 'red'], 'on'),
  },
  {
    at: 'intersection',
    key: 'door-open',
    name: { fa: 'باز بودن در تابلو', en: 'door open' },
    symptom: 'The door of the cabinet stands open.',
    usage: '',
    takes: [],
    alarm: { by: 'cabinet', alarm: 'doorOpen' },
    within: { s: 2, rule: 'at once, where the controller tells it' },
    aim: (place) =>
      told(
        place,
        'unit.doorOpen',
        setting('door', (on) => (place.cabinet.panels.doorOpen = on)),
      ),
  },
  {
    at: 'intersection',
    key: 'power-cut',
    name: { fa: 'قطع برق', en: 'power cut' },
    symptom: 'All lamps are dark, and no device of the cabinet answers.',
    usage: '',
    takes: [],
    alarm: { by: 'edge', alarm: 'deviceUnreachable' },
    within: { s: 10, rule: 'no connection for 6 s; the cabinet itself logs 182 and 184 when it is back' },
    aim: ({ cabinet }) => ok(setting('power', (cut) => feed(cabinet, { mains: !cut, battery: false }))),
  },
  {
    at: 'intersection',
    key: 'mains-lost',
    name: { fa: 'قطع برق شهر، کار با باتری', en: 'mains lost, on battery' },
    symptom: 'The cabinet runs on its battery.',
    usage: '',
    takes: [],
    alarm: { by: 'cabinet', alarm: 'mainsLost' },
    within: { s: 2, rule: 'at once, where the controller tells it' },
    aim: (place) =>
      told(
        place,
        'unit.mainsPower',
        setting('power', (cut) => feed(place.cabinet, { mains: !cut, battery: cut })),
      ),
  },
  {
    at: 'intersection',
    key: 'clock-off',
    name: { fa: 'خطای ساعت', en: 'clock off' },
    symptom: 'The controller’s clock is wrong, and its plan runs out of step.',
    usage: '[<seconds>, 90 unless given]',
    takes: ['off_s'],
    alarm: { by: 'edge', alarm: 'clockDrift' },
    within: { s: 12, rule: 'off by more than 2 s for 10 s' },
    aim: aimClock,
  },
  {
    at: 'intersection',
    key: 'program-hang',
    name: { fa: 'از کار افتادن برنامهٔ کنترل‌کننده', en: 'the program of the controller hangs' },
    symptom: 'The lamps stand still for a moment, then the cabinet flashes.',
    usage: '',
    takes: [],
    alarm: { by: 'cabinet', alarm: 'watchdog' },
    within: { s: 2, rule: '0.3 s without a sign of the watchdog; mended, and reset at the cabinet' },
    aim: ({ cabinet }) => ok(setting('program', (hangs) => hang(cabinet, hangs))),
  },
  {
    at: 'intersection',
    key: 'false-green',
    name: { fa: 'گزارش نادرست سبز', en: 'a green that reads lit for good' },
    symptom:
      'The controller tells conflicting greens; the lamps in the street, and the monitor of the cabinet, know of none.',
    usage: '<channel>',
    takes: ['channel'],
    alarm: { by: 'edge', alarm: 'displayedConflict' },
    within: { s: 300, rule: '0.7 s into the next conflicting green, once the channel was green; stands for 30 min' },
    aim: aimReadBack,
  },
  {
    at: 'intersection',
    key: 'second-supervisor',
    name: { fa: 'ناظر دوم', en: 'a second supervisor' },
    symptom: 'Supervision is gone, and the controller says that somebody else has its lease.',
    usage: '',
    takes: [],
    alarm: { by: 'edge', alarm: 'secondSupervisor' },
    within: { s: 2, rule: 'at its first write; over 10 s after its last' },
    aim: (place) => told(place, 'supervision.epoch', foreignHand(place)),
  },
]

const setting = (part: string, set: (on: boolean) => void): AimedFault => ({
  part,
  plant: () => set(true),
  mend: () => set(false),
})

/** Of a controller that does not tell it, nobody would ever hear. */
function told(place: FaultPlace, point: PointName, aimed: AimedFault): Outcome<AimedFault, string> {
  return place.tells(point) ? ok(aimed) : failed(`its controller does not tell ${point}: nobody would hear of it`)
}

function feed({ power }: VirtualCabinet, { mains, battery }: { mains: boolean; battery: boolean }): void {
  power.mains = mains
  power.battery = battery
}

function hang(cabinet: VirtualCabinet, hangs: boolean): void {
  cabinet.controllerHangs = hangs
  if (!hangs) cabinet.resetMonitor()
}

function aimLamp({ cabinet }: FaultPlace, words: readonly string[], fault: LampFault): Outcome<AimedFault, string> {
  const { channels } = cabinet.config.database.intersection
  const channel = channels.find(({ id }) => String(id) === words[0])
  if (!channel) return failed(thereAre(channels.map(({ id }) => String(id))))
  const colour = LAMP_COLOURS.find((each) => each === words[1])
  if (words[1] !== undefined && !colour) return failed(`a lamp is ${LAMP_COLOURS.join(', ')}; without one, all of them`)
  const all: readonly LampColour[] = colour ? [colour] : LAMP_COLOURS
  const set = (to: LampFault) => all.forEach((each) => cabinet.lampFaults.set(channel.id, each, to))
  return ok({
    part: ['lamp', channel.id, ...(colour ? [colour] : [])].join(' '),
    plant: () => set(fault),
    mend: () => {
      set('sound')
      // Whoever has mended the lamp is at the cabinet, and resets what has tripped.
      cabinet.resetMonitor()
    },
  })
}

/** What reads lit must once have been lit: sections that flash are never green. */
function aimReadBack(place: FaultPlace, [word]: readonly string[]): Outcome<AimedFault, string> {
  const { readBack, config } = place.cabinet
  const channels = config.database.intersection.channels.filter(({ source }) => source.kind !== 'flashingArrow')
  const channel = channels.find(({ id }) => String(id) === word)
  if (!channel) return failed(thereAre(channels.map(({ id }) => String(id))))
  const { id } = channel
  const stuck = setting(`read-back ${id}`, (sticks) => (sticks ? readBack.stick(id) : readBack.free(id)))
  return told(place, 'channel.greens', stuck)
}

function foreignHand({ cabinet }: FaultPlace): AimedFault {
  const master = new SecondMaster(cabinet.controller)
  // Whoever goes takes nothing back: his lease runs out.
  return { part: 'second supervisor', plant: () => {}, mend: () => {}, step: (elapsedMs) => master.step(elapsedMs) }
}

function aimClock({ cabinet, trueEpochMs }: FaultPlace, [text = '90']: readonly string[]): Outcome<AimedFault, string> {
  const seconds = numberIn(text, { from: -CLOCK_OFF_S_MAX, to: CLOCK_OFF_S_MAX, unit: 'seconds' })
  if (!seconds.ok) return seconds
  const setBy = (offsetMs: number) => () => {
    cabinet.clock.offsetMs = offsetMs
    cabinet.syncClock(trueEpochMs())
  }
  return ok({ part: 'clock', plant: setBy(1_000 * seconds.value), mend: setBy(0) })
}
