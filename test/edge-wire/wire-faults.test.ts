/** Every fault of a wire over real Modbus and OPC UA: each raises its own alarm and no other, which ends when it is mended. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FIELD_ALARMS } from '#contract/field-alarms.ts'
import { faultOf } from '#sim/faults/catalogue.ts'
import { startFaultyField, type FaultyField } from '#test/support/faulty-field.ts'

const SABZ = 'sabz-modbus-controller'
const GENERIC = 'generic-ntcip-modbus'
const OPCUA = 'sabz-opcua-controller'

/** All at once, each at an intersection of its own: what is wrong with one is its own affair. */
const USUAL = [
  ['half-open', SABZ, ''],
  ['half-open', OPCUA, ''],
  ['reset', SABZ, ''],
  ['late-replies', SABZ, '800'],
  ['late-replies', OPCUA, ''],
  ['late-replies', SABZ, 'loops 300'],
  ['wrong-unit', GENERIC, ''],
  ['wrong-map', SABZ, 'loops'],
  ['wrong-map', GENERIC, ''],
  ['server-restart', OPCUA, ''],
] as const
/** More than two busy processors keep up with. */
const NIGHTLY = [
  ['half-open', SABZ, 'loops'],
  ['reset', OPCUA, ''],
  ['late-replies', SABZ, ''],
  ['late-replies', GENERIC, ''],
  ['wrong-unit', GENERIC, 'loops'],
  ['wrong-map', SABZ, ''],
  ['server-restart', SABZ, ''],
] as const
const ROWS = process.env['NIGHTLY'] ? [...USUAL, ...NIGHTLY] : USUAL

/** Of a machine that does other things besides. */
const WAIT = { timeout: 60_000, interval: 100 }

const HEALTHY = ['IX-sound']

const placeOf = (row: number) => `IX-${row}`
const orderOf = (row: number) => {
  const [fault, , words] = ROWS[row] ?? ROWS[0]
  return { fault, place: placeOf(row), words: words.split(' ').filter((word) => word !== ''), forMs: null }
}

/** As the event has it: the alarm, and the device. */
function alarmOf(row: number): number {
  const [fault, , words] = ROWS[row] ?? ROWS[0]
  const alarm = faultOf(fault)?.alarm
  if (alarm?.by !== 'edge') throw new Error('the edge tells of wires')
  return 10_000 * (FIELD_ALARMS.indexOf(alarm.alarm) + 1) + (words.startsWith('loops') ? 1 : 0)
}

let field: FaultyField

beforeAll(async () => {
  const controllers = ROWS.map(([, profile], row) => [placeOf(row), profile] as const)
  const sound = HEALTHY.map((id) => [id, SABZ] as const)
  field = await startFaultyField(Object.fromEntries([...controllers, ...sound]))
}, 120_000)

afterAll(() => field.stop())

test('each fault of a wire raises its own alarm and no other, within its time, and it ends when the wire is mended', async () => {
  const all = [...ROWS.keys().map(placeOf), ...HEALTHY]
  await expect.poll(() => all.filter((id) => !field.isRead(id)), WAIT).toEqual([])
  for (const row of ROWS.keys()) expect(field.desk.plant(orderOf(row), 'hand')).toMatchObject({ ok: true })
  await expect.poll(() => ROWS.filter((_, row) => field.alarmsAt(placeOf(row)).length === 0), WAIT).toEqual([])
  for (const row of ROWS.keys())
    expect([...ROWS[row]!, field.toldAt(placeOf(row))]).toEqual([...ROWS[row]!, [alarmOf(row)]])
  for (const id of HEALTHY) expect([id, field.toldAt(id)]).toEqual([id, []])

  for (const row of ROWS.keys()) expect(field.desk.mend(orderOf(row), 'hand')).toMatchObject({ ok: true })
  await expect.poll(() => ROWS.filter((_, row) => field.alarmsAt(placeOf(row)).length > 0), WAIT).toEqual([])
  for (const row of ROWS.keys())
    expect([...ROWS[row]!, field.toldAt(placeOf(row))]).toEqual([...ROWS[row]!, [alarmOf(row)]])
  for (const id of HEALTHY) expect([id, field.toldAt(id)]).toEqual([id, []])
}, 200_000)
