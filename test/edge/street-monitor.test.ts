/** What the edge makes of lamps that do what they must not, as it reads them: an alarm, and its hands off the street for half an hour. */
import { describe, expect, test } from 'vitest'
import { bit, bitsOf } from '#base/bits.ts'
import { HELD_OFF_MS, StreetMonitor } from '#edge/street-monitor.ts'
import { CROSSING, viewOf } from '#test/support/boulevard-crossing.ts'
import { superviseStreet, type SupervisedStreet } from '#test/support/supervised-street.ts'
import { named } from '#test/support/test-telemetry.ts'

const state = ({ telemetry }: SupervisedStreet) => telemetry.states.at(-1)
const alarms = (street: SupervisedStreet) => state(street)?.fieldAlarms?.map(({ alarm }) => alarm) ?? []
const told = ({ telemetry }: SupervisedStreet) => named(telemetry.events).filter((each) => /^(field|superv)/.test(each))
const isSupervised = ({ cabinet }: SupervisedStreet) => cabinet.unit.controlStatus === 'supervised'

const channelOf = (phase: number) =>
  CROSSING.channels.find(({ source }) => source.kind === 'vehicle' && source.phase === phase)?.id ?? 0

async function supervisedStreet() {
  const street = await superviseStreet()
  await street.liveUntil(() => isSupervised(street) && street.telemetry.states.at(-1)?.mode === 'coordinated', 10_000)
  return street
}

/** The lamps as they are, and these greens beside them. */
async function weld(street: SupervisedStreet, channels: readonly number[], ms: number) {
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    const { channelGreens } = street.cabinet.signal
    street.forged.set('channel.greens', (channelGreens | bitsOf(channels)) >>> 0)
    await street.live(100)
  }
  street.forged.clear()
}

describe('conflicting greens', () => {
  test('that are read for 500 ms raise an alarm within 700 ms, and release the street to its own plan', async () => {
    const street = await supervisedStreet()
    const [two, four] = [channelOf(2), channelOf(4)]
    await street.liveUntil(() => (street.cabinet.signal.channelGreens & bit(two)) !== 0, 120_000)
    await weld(street, [four], 500)
    await street.live(200)
    expect(state(street)?.fieldAlarms).toContainEqual(
      expect.objectContaining({ alarm: 'displayedConflict', channels: expect.arrayContaining([two, four]) }),
    )
    expect(state(street)?.ladder?.code).toBe('STREET_NOT_SOUND')
    expect(told(street).some((each) => each.startsWith('supervisionLost'))).toBe(true)
    await street.live(3_000)
    expect(isSupervised(street)).toBe(false)
    expect(street.cabinet.asked).toBeNull()
  })

  test('that are read once are a flicker, and change nothing', async () => {
    const street = await supervisedStreet()
    await street.liveUntil(() => (street.cabinet.signal.channelGreens & bit(channelOf(2))) !== 0, 120_000)
    await weld(street, [channelOf(4)], 100)
    await street.live(2_000)
    expect([alarms(street), isSupervised(street)]).toEqual([[], true])
  })
})

test('a controller that keeps a lease although nobody renews it is told within four seconds', async () => {
  const street = await supervisedStreet()
  const { leaseEpoch, leaseSequence } = street.cabinet.unit
  street.forged.set('supervision.epoch', leaseEpoch).set('supervision.sequence', leaseSequence)
  street.forged.set('supervision.leaseRemainingMs', 2_000)
  await street.live(3_400)
  expect(alarms(street)).toEqual([])
  await street.live(500)
  expect(alarms(street)).toEqual(['stuckLease'])
})

test('lamps that flash are the flasher’s, and prove nothing', async () => {
  const street = await supervisedStreet()
  street.cabinet.panels.technicianFlash = true
  await street.live(30_000)
  street.cabinet.panels.technicianFlash = false
  await street.live(120_000)
  expect(alarms(street)).toEqual([])
})

test('a controller whose power fails for a moment begins anew, and has skipped nothing', async () => {
  const street = await supervisedStreet()
  for (let i = 0; i < 5; i++) {
    await street.liveUntil(() => (street.cabinet.signal.channelGreens & bit(channelOf(2))) !== 0, 120_000)
    street.cabinet.powerUp()
    await street.live(40_000)
  }
  expect(alarms(street)).toEqual([])
})

test('what was found stands for half an hour after it was found last, and holds supervision off as long', () => {
  const monitor = new StreetMonitor(CROSSING)
  const channels = bitsOf([channelOf(2), channelOf(4)])
  const look = (nowMonoMs: number, channelGreens: number) => {
    const { signal, unit } = viewOf({ signal: { channelGreens, channelReds: ~channelGreens >>> 0, channelYellows: 0 } })
    const points = new Map([['channel.reds', 0]] as const)
    const sample = { points, readAtMonoMs: nowMonoMs, answeredAtMonoMs: nowMonoMs, readAtEpochMs: 0 }
    return monitor.step({ signal, unit, nowMonoMs }, sample)
  }
  const seen = [0, 100, 200].map((ms) => look(1_000 + ms, channels))
  expect([seen, monitor.blocker]).toEqual([
    [false, false, true],
    { code: 'STREET_NOT_SOUND', numbers: { check: 1, channel: channelOf(2) } },
  ])
  const idle = (nowMonoMs: number) => monitor.step({ ...viewOf(), nowMonoMs }, null)
  expect([idle(1_199 + HELD_OFF_MS), monitor.blocker?.code]).toEqual([false, 'STREET_NOT_SOUND'])
  expect([idle(1_200 + HELD_OFF_MS), monitor.blocker]).toEqual([true, null])
})
