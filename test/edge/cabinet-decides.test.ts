/** Somebody at the cabinet, its monitor or its schedule has the word: it is shown with its cause, left alone, and taken back by itself. */
import { expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { channelId, patternId } from '#base/id.ts'
import { ALARMS } from '#signal/alarms.ts'
import { PATTERN_FLASH } from '#signal/timing-plan.ts'
import { DATABASE, NOON_EPOCH_MS, PLAN } from '#test/support/boulevard-crossing.ts'
import { preempt } from '#test/support/junctions.ts'
import { superviseStreet, type SupervisedStreet } from '#test/support/supervised-street.ts'

const supervised = ({ cabinet }: SupervisedStreet) => cabinet.unit.controlStatus === 'supervised'
const told = ({ telemetry }: SupervisedStreet) => telemetry.states.at(-1)
const rungChanges = ({ logged }: SupervisedStreet) => logged.filter((line) => line.startsWith('RUNG_CHANGED'))

async function supervisedStreet(options?: Parameters<typeof superviseStreet>[0]) {
  const street = await superviseStreet(options)
  await street.liveUntil(() => supervised(street) && told(street)?.mode === 'coordinated', 60_000)
  return street
}

type Hand = (cabinet: SupervisedStreet['cabinet'], on: boolean) => void

test.each<[string, Hand, object]>([
  [
    'an officer flashes the lamps',
    ({ panels }, on) => (panels.policeFlash = on),
    { mode: 'flash', flash: 'local', alarms: [ALARMS.localFlash] },
  ],
  [
    'a technician flashes the lamps, with the door open',
    ({ panels }, on) => {
      panels.technicianFlash = on
      panels.doorOpen = on
    },
    { mode: 'flash', flash: 'technician', alarms: [ALARMS.doorOpen, ALARMS.localFlash], doorOpen: true },
  ],
  [
    'an officer steers by hand',
    ({ panels }, on) => (panels.manualControl = on),
    { mode: 'manual', flash: 'none', alarms: [ALARMS.manualControl] },
  ],
  [
    'a technician stops the time',
    ({ panels }, on) => (panels.stopTime = on),
    { mode: 'manual', flash: 'none', alarms: [ALARMS.stopTime] },
  ],
  ['a technician turns his key', (cabinet, on) => cabinet.turnLocalKey(on), { mode: 'manual', alarms: [] }],
])('%s: shown as such, not commanded, and taken back after a local cycle', async (_, hand, shown) => {
  const street = await supervisedStreet()
  const { cabinet } = street
  hand(cabinet, true)
  await street.live(300)
  expect(told(street)).toMatchObject({ ...shown, ladder: { code: 'CABINET_NOT_AVAILABLE' }, why: null })
  const { leaseEpoch, leaseSequence } = cabinet.unit
  await street.live(30_000)
  expect(told(street)).toMatchObject(shown)
  expect(cabinet.asked).toBeNull()
  expect(cabinet.unit).toMatchObject({ leaseEpoch, leaseSequence, leaseRemainingMs: 0 })
  hand(cabinet, false)
  await street.liveUntil(() => supervised(street), 120_000)
  await street.live(500)
  expect(told(street)).toMatchObject({ mode: 'coordinated', flash: 'none', alarms: [], ladder: null })
  expect(rungChanges(street)).toHaveLength(3)
})

test('an officer who cannot make up his mind does not make the ladder flap', async () => {
  const street = await supervisedStreet()
  for (let second = 0; second < 60; second++) {
    street.cabinet.panels.manualControl = second % 4 < 2
    await street.live(1_000)
  }
  expect(rungChanges(street)).toHaveLength(2)
  street.cabinet.panels.manualControl = false
  await street.liveUntil(() => supervised(street), 120_000)
})

test('a trip is shown with the check that tripped, and not touched before somebody resets it', async () => {
  const street = await supervisedStreet()
  street.cabinet.lampFaults.set(channelId(1), 'red', 'off')
  street.cabinet.lampFaults.set(channelId(1), 'green', 'off')
  await street.liveUntil(() => street.cabinet.monitorTrip !== null, 120_000)
  await street.live(500)
  expect(told(street)).toMatchObject({ mode: 'fault', flash: 'conflictMonitor', alarms: [ALARMS.redFailure] })
  street.cabinet.lampFaults.set(channelId(1), 'red', 'sound')
  street.cabinet.lampFaults.set(channelId(1), 'green', 'sound')
  await street.live(60_000)
  expect(told(street)?.mode).toBe('fault')
  street.cabinet.resetMonitor()
  await street.liveUntil(() => supervised(street), 180_000)
  expect(told(street)?.alarms).toEqual([])
})

test('a power cut is a silence; start-up flash is shown, and supervision begins anew after it', async () => {
  const database = { ...DATABASE, unit: { ...DATABASE.unit, startupFlashMs: 8_000 } }
  const street = await supervisedStreet({ database })
  street.cabinet.power.mains = false
  await street.live(4_000)
  expect(told(street)).toMatchObject({ mode: 'unknown', flash: null, signal: null })
  street.cabinet.power.mains = true
  await street.liveUntil(() => told(street)?.mode === 'flash', 15_000)
  expect(told(street)).toMatchObject({ flash: 'startup' })
  await street.liveUntil(() => supervised(street), 120_000)
})

test('a flash of the schedule is begun and ended by the cabinet, under supervision before and after it', async () => {
  const entry = (startMinuteOfDay: number, pattern: number) => ({
    startMinuteOfDay,
    pattern: patternId(pattern),
    maximum: 1 as const,
  })
  // It is 12:00 when the street begins to live.
  const entries = [entry(0, PLAN.pattern), entry(12 * 60 + 2, PATTERN_FLASH), entry(12 * 60 + 5, PLAN.pattern)]
  const schedule = { ...DATABASE.schedule, dayPlans: [{ number: 1, key: 'every_day', entries }] }
  const street = await supervisedStreet({ database: { ...DATABASE, schedule } })
  await street.liveUntil(() => told(street)?.mode === 'flash', 240_000)
  expect(street.cabinet.clock.epochMs).toBeGreaterThanOrEqual(NOON_EPOCH_MS + 120_000)
  expect(told(street)).toMatchObject({ flash: 'automatic', ladder: { code: 'CABINET_NOT_AVAILABLE' } })
  expect(street.logged.filter((line) => /COMMAND_REFUSED|EDGE_FAULT/.test(line))).toEqual([])
  await street.liveUntil(() => told(street)?.mode !== 'flash', 240_000)
  expect(street.cabinet.clock.epochMs).toBeGreaterThanOrEqual(NOON_EPOCH_MS + 300_000)
  await street.liveUntil(() => supervised(street), 180_000)
  expect(rungChanges(street)).toHaveLength(3)
})

test('a preempt is told by number and state while it is served, with a reason of its own', async () => {
  const database = { ...DATABASE, preempts: [preempt(1, { dwell: { phases: [4, 8] } })] }
  const street = await supervisedStreet({ database })
  street.cabinet.breakIns.preempts = bit(1)
  await street.liveUntil(() => told(street)?.signal?.preempt.state === 'dwell', 60_000)
  expect(told(street)).toMatchObject({
    mode: 'preempt',
    why: { code: 'PREEMPT_SERVED', numbers: { preempt: 1 } },
    signal: { preempt: { number: 1, calls: bit(1) } },
  })
  street.cabinet.breakIns.preempts = 0
  await street.liveUntil(() => told(street)?.mode === 'coordinated', 60_000)
  expect(told(street)?.signal?.preempt).toMatchObject({ number: 0, state: 'none', calls: 0 })
})
