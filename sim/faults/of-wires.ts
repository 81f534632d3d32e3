/** Faults of the wire between a device and the edge, which act in the virtual device's server. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { DeviceLine } from '../servers/device-line.ts'
import type { WireFaults } from '../servers/wire-faults.ts'
import { thereAre, type AimedFault, type CabinetFault, type FaultPlace } from './fault-kind.ts'
import { numberIn } from './number-in.ts'

const DEVICE = '[<device>, the controller unless given]'

/** Less is no fault: an answer within 200 ms is used. */
const LATE_MS_MIN = 220
const LATE_MS_MAX = 1_000
const LATE_MS = '400'

export const WIRE_FAULTS: readonly CabinetFault[] = [
  {
    ...factsOf('half-open', 'اتصال نیمه‌باز', 'half-open TCP'),
    symptom: 'The connection stands, and nothing comes.',
    usage: DEVICE,
    takes: ['device'],
    alarm: { by: 'edge', alarm: 'deviceSilent' },
    within: { s: 30, rule: 'three answers missed, and 6 s of silence; an OPC UA connection is given 5 s to open' },
    aim: (place, words) => onWire(place, words, (faults, on) => (faults.silent = on)),
  },
  {
    ...factsOf('reset', 'قطع پی‌درپی اتصال', 'TCP reset'),
    symptom: 'Connections are cut as soon as they stand.',
    usage: DEVICE,
    takes: ['device'],
    alarm: { by: 'edge', alarm: 'deviceUnreachable' },
    within: { s: 15, rule: 'three connections lost, and 6 s without one' },
    aim: (place, words) => onWire(place, words, (faults, on) => (faults.resets = on)),
  },
  {
    ...factsOf('late-replies', 'پاسخ‌های دیرهنگام', 'late replies'),
    symptom: 'The device answers, but slowly; its values flicker between fresh and stale.',
    usage: `${DEVICE} [<ms>, ${LATE_MS} unless given]`,
    takes: ['device', 'late_ms'],
    alarm: { by: 'edge', alarm: 'deviceLate' },
    within: { s: 25, rule: 'no answer within 200 ms for 6 s; a device that is lost is probed with 3 s of patience' },
    aim: aimLate,
  },
  {
    ...factsOf('frozen', 'پاسخ‌های تکراری', 'frozen values'),
    symptom: 'The device answers, and nothing that it says changes any more, its clock neither.',
    usage: DEVICE,
    takes: ['device'],
    alarm: { by: 'edge', alarm: 'deviceFrozen' },
    within: { s: 15, rule: '1.5 s and five answers with one clock, three connections like that, and 6 s of them' },
    aim: (place, words) => onWire(place, words, (faults, on) => (faults.frozen = on)),
  },
  {
    ...factsOf('wrong-unit', 'پاسخ از واحد دیگر', 'slave answers for another unit'),
    symptom: 'Two devices behind a gateway have one number: the other one answers.',
    usage: DEVICE,
    takes: ['device'],
    alarm: { by: 'edge', alarm: 'wrongUnit' },
    within: { s: 15, rule: 'three such answers, and 6 s of them' },
    aim: (place, words) => onModbus(place, words, (line, on) => void (line.faults.answersForAnother = on)),
  },
  {
    ...factsOf('wrong-map', 'جابه‌جایی نقشهٔ ثبات‌ها', 'register map shifted by one'),
    symptom: 'After an update all values are nonsense: every register lies one address further.',
    usage: DEVICE,
    takes: ['device'],
    alarm: { by: 'edge', alarm: 'wrongMap' },
    within: { s: 20, rule: 'the version of the map does not fit the profile when the device is back, for 6 s' },
    aim: (place, words) => onModbus(place, words, (line, on) => void line.restart(() => (line.faults.shifted = on))),
  },
  {
    ...factsOf('server-restart', 'راه‌اندازی دوبارهٔ کارساز', 'server restart'),
    symptom: 'The server of the device is gone, its sessions are forgotten; back again, it answers as before.',
    usage: DEVICE,
    takes: ['device'],
    alarm: { by: 'edge', alarm: 'deviceUnreachable' },
    within: { s: 15, rule: '6 s without a connection; a quicker restart is told by 261 and 262 alone' },
    aim: (place, words) => {
      const aimed = lineOf(place, words)
      if (!aimed.ok) return aimed
      const { line, part } = aimed.value
      return ok({ part, plant: () => void line.down(), mend: () => void line.up() })
    },
  },
]

function factsOf(key: string, fa: string, en: string) {
  return { at: 'intersection', key, name: { fa, en } } as const
}

interface AimedLine {
  readonly line: DeviceLine
  readonly part: string
}

function lineOf({ lines }: FaultPlace, [word = 'controller']: readonly string[]): Outcome<AimedLine, string> {
  const line = lines.get(word)
  return line ? ok({ line, part: `wire of ${word}` }) : failed(thereAre([...lines.keys()]))
}

function onWire(
  place: FaultPlace,
  words: readonly string[],
  set: (faults: WireFaults, on: boolean) => void,
): Outcome<AimedFault, string> {
  const aimed = lineOf(place, words)
  if (!aimed.ok) return aimed
  const { line, part } = aimed.value
  return ok({ part, plant: () => set(line.faults, true), mend: () => set(line.faults, false) })
}

function onModbus(
  place: FaultPlace,
  words: readonly string[],
  set: (line: DeviceLine, on: boolean) => void,
): Outcome<AimedFault, string> {
  const aimed = lineOf(place, words)
  if (!aimed.ok) return aimed
  const { line, part } = aimed.value
  if (line.protocol !== 'modbus-tcp') return failed('it speaks OPC UA, which has neither units nor registers')
  return ok({ part, plant: () => set(line, true), mend: () => set(line, false) })
}

/** A word that is a number is the delay, any other the device. */
function aimLate(place: FaultPlace, words: readonly string[]): Outcome<AimedFault, string> {
  const isNumber = (word: string) => /^-?\d/.test(word)
  const ms = numberIn(words.find(isNumber) ?? LATE_MS, { from: LATE_MS_MIN, to: LATE_MS_MAX, unit: 'milliseconds' })
  if (!ms.ok) return ms
  const aimed = lineOf(
    place,
    words.filter((word) => !isNumber(word)),
  )
  if (!aimed.ok) return aimed
  const { line, part } = aimed.value
  const delay = (delayMs: number) => () => void (line.faults.delayMs = delayMs)
  return ok({ part, plant: delay(ms.value), mend: delay(0) })
}
