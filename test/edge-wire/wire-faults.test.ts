/** Every fault of a wire over real Modbus and OPC UA: each raises its own alarm and no other, which ends when it is mended. */
import { afterEach, expect, test } from 'vitest'
import { FIELD_ALARMS } from '#contract/field-alarms.ts'
import { faultOf } from '#sim/faults/catalogue.ts'
import type { FaultOrder } from '#sim/faults/fault-desk.ts'
import { startFaultyField, type FaultyField } from '#test/support/faulty-field.ts'

const SABZ = 'sabz-modbus-controller'
const GENERIC = 'generic-ntcip-modbus'
const OPCUA = 'sabz-opcua-controller'

/** Of a machine that does other things besides. */
const WAIT = { timeout: 100_000, interval: 100 }
const TIME_OUT_MS = 320_000

interface Row {
  readonly fault: string
  readonly profile: string
  readonly words: string
}

let field: FaultyField | null = null
afterEach(async () => {
  await field?.stop()
  field = null
})

const orderOf = ({ fault, words }: Row, place: number): FaultOrder => ({
  fault,
  place: `IX-${place}`,
  words: words.split(' ').filter((word) => word !== ''),
  forMs: null,
})

/** As the event has it: the alarm, and the device. */
function alarmOf({ fault, words }: Row): number {
  const alarm = faultOf(fault)?.alarm
  if (alarm?.by !== 'edge') throw new Error('the edge tells of wires')
  return 10_000 * (FIELD_ALARMS.indexOf(alarm.alarm) + 1) + (words.startsWith('loops') ? 1 : 0)
}

const SILENT = 10_000 * (FIELD_ALARMS.indexOf('deviceSilent') + 1)

/** Who is late is silent until its first late answer, and on a busy machine that may take longer than a trouble stays unnamed. */
const toldOf = ({ fault }: Row, told: readonly number[]): readonly number[] =>
  fault === 'late-replies' && told[0] === SILENT ? told.slice(1) : told

/** Plants all at once, each at an intersection of its own, beside one in which all is well: what is wrong with one is its own affair. */
async function plantAndMend(rows: readonly Row[]): Promise<void> {
  const sound = 'IX-sound'
  const controllers = rows.map(({ profile }, i) => [`IX-${i}`, profile] as const)
  field = await startFaultyField(Object.fromEntries([...controllers, [sound, rows[0]?.profile ?? SABZ]]))
  const { desk, alarmsAt, toldAt, isRead } = field
  const places = rows.map((row, i) => ({ row, place: `IX-${i}`, order: orderOf(row, i) }))
  const told = () => places.map(({ row, place }) => [row.fault, row.words, ...toldOf(row, toldAt(place))])
  const expected = rows.map((row) => [row.fault, row.words, alarmOf(row)])
  await expect.poll(() => [...places.map(({ place }) => place), sound].filter((id) => !isRead(id)), WAIT).toEqual([])

  for (const { order } of places) expect(desk.plant(order, 'hand')).toMatchObject({ ok: true })
  await expect.poll(told, WAIT).toEqual(expected)

  for (const { order } of places) expect(desk.mend(order, 'hand')).toMatchObject({ ok: true })
  await expect.poll(() => places.filter(({ place }) => alarmsAt(place).length > 0), WAIT).toEqual([])
  expect(told()).toEqual(expected)
  expect(toldAt(sound)).toEqual([])
}

const onModbus: readonly Row[] = [
  { fault: 'half-open', profile: SABZ, words: '' },
  { fault: 'reset', profile: SABZ, words: '' },
  { fault: 'late-replies', profile: SABZ, words: '800' },
  { fault: 'late-replies', profile: SABZ, words: 'loops 300' },
  { fault: 'frozen', profile: GENERIC, words: '' },
  { fault: 'frozen', profile: SABZ, words: 'loops' },
  { fault: 'wrong-unit', profile: GENERIC, words: '' },
  { fault: 'wrong-map', profile: SABZ, words: 'loops' },
  { fault: 'wrong-map', profile: GENERIC, words: '' },
  { fault: 'server-restart', profile: SABZ, words: '' },
]

const onOpcua: readonly Row[] = [
  { fault: 'half-open', profile: OPCUA, words: '' },
  { fault: 'late-replies', profile: OPCUA, words: '' },
  { fault: 'frozen', profile: OPCUA, words: '' },
  { fault: 'server-restart', profile: OPCUA, words: '' },
]

test(
  'each fault of a Modbus wire raises its own alarm and no other, and it ends when the wire is mended',
  () => plantAndMend(onModbus),
  TIME_OUT_MS,
)

test(
  'each fault of an OPC UA wire raises its own alarm and no other, and it ends when the wire is mended',
  () => plantAndMend(onOpcua),
  TIME_OUT_MS,
)

test(
  'a cabinet without power cannot be reached on any of its wires',
  async () => {
    field = await startFaultyField({ 'IX-0': SABZ })
    const { desk, alarmsAt, isRead } = field
    await expect.poll(() => isRead('IX-0'), WAIT).toBe(true)
    const order = orderOf({ fault: 'power-cut', profile: SABZ, words: '' }, 0)
    expect(desk.plant(order, 'hand')).toMatchObject({ ok: true })
    const dark = ['controller', 'loops'].map((device) => ({ alarm: 'deviceUnreachable', device, detectors: [] }))
    await expect.poll(() => alarmsAt('IX-0'), WAIT).toEqual(dark)
    expect(desk.mend(order, 'hand')).toMatchObject({ ok: true })
    await expect.poll(() => alarmsAt('IX-0'), WAIT).toEqual([])
  },
  TIME_OUT_MS,
)
