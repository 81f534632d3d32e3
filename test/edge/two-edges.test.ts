/** Two edges for one intersection: the newest lease alone acts, the other says so within a second and does not fight. */
import { describe, expect, test } from 'vitest'
import { superviseStreet, type SecondEdge, type SupervisedStreet } from '#test/support/supervised-street.ts'
import { named, type TestTelemetry } from '#test/support/test-telemetry.ts'

const stateOf = ({ telemetry }: { telemetry: TestTelemetry }) => telemetry.states.at(-1)
const alarms = (edge: SupervisedStreet | SecondEdge) => stateOf(edge)?.fieldAlarms?.map(({ alarm }) => alarm) ?? []
const isSupervised = ({ cabinet }: SupervisedStreet) => cabinet.unit.controlStatus === 'supervised'
const commands = (edge: SupervisedStreet | SecondEdge) =>
  // The cabinet tells of its lease under the same names, with the number of the epoch.
  named(edge.telemetry.events).filter((each) => /^(supervision\w+ \d{1,3}$|strategyDecision)/.test(each))

/** The epochs that the cabinet has given its lease to while the street lives on. */
async function epochsOver(street: SupervisedStreet, ms: number, first?: 'stopped'): Promise<Set<number>> {
  const epochs = new Set<number>()
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    await street.live(100, first)
    if (street.cabinet.unit.leaseRemainingMs > 0) epochs.add(street.cabinet.unit.leaseEpoch)
  }
  return epochs
}

describe('an edge that comes beside one that supervises', () => {
  test('alarms within a second, commands nothing, and the first goes on', async () => {
    const street = await superviseStreet()
    await street.liveUntil(() => isSupervised(street), 10_000)
    const epoch = street.cabinet.unit.leaseEpoch
    const second = street.secondEdge()
    // It connects in its first tick, and reads from the second on.
    await street.live(1_200)
    expect(alarms(second)).toEqual(['secondSupervisor'])
    expect(stateOf(second)?.ladder?.code).toBe('LEASE_HELD_BY_ANOTHER')
    expect([...(await epochsOver(street, 60_000))]).toEqual([epoch])
    expect([commands(second), isSupervised(street), alarms(street)]).toEqual([[], true, []])
  })

  test('takes over when the first is gone for a local cycle, and its alarm ends', async () => {
    const street = await superviseStreet()
    await street.liveUntil(() => isSupervised(street), 10_000)
    const second = street.secondEdge()
    await street.live(2_000)
    await epochsOver(street, 120_000, 'stopped')
    expect([isSupervised(street), stateOf(second)?.mode, alarms(second)]).toEqual([true, 'coordinated', []])
  })
})

describe('an edge that stood still for a minute and more while another took over', () => {
  test('has no effect on the street when it wakes, alarms within a second, and steps back', async () => {
    const street = await superviseStreet()
    await street.liveUntil(() => isSupervised(street), 10_000)
    const second = street.secondEdge()
    const zombie = street.cabinet.unit.leaseEpoch
    await epochsOver(street, 120_000, 'stopped')
    const { leaseEpoch } = street.cabinet.unit
    expect([isSupervised(street), leaseEpoch > zombie]).toEqual([true, true])
    const told = commands(street).length
    await street.live(1_000)
    expect(alarms(street)).toEqual(['secondSupervisor'])
    expect([...(await epochsOver(street, 30_000))]).toEqual([leaseEpoch])
    expect(stateOf(second)?.mode).toBe('coordinated')
    expect(commands(street).slice(told)).toEqual([expect.stringContaining('supervisionLost')])
  })
})

describe('two edges that begin in the same tick, after the same look at the cabinet', () => {
  test('choose one epoch; one of them has it, and the other alarms within a second', async () => {
    const street = await superviseStreet()
    const second = street.secondEdge()
    await street.liveUntil(() => isSupervised(street), 10_000)
    await street.live(1_000)
    const alarmed = [street, second].filter((edge) => alarms(edge).includes('secondSupervisor'))
    expect(alarmed).toHaveLength(1)
    expect((await epochsOver(street, 60_000)).size).toBe(1)
    expect(new Set([street, second].map((edge) => stateOf(edge)?.mode))).toEqual(new Set(['coordinated', 'local']))
    const loser = alarmed[0]
    expect(stateOf(loser ?? street)?.ladder?.code).toBe('LEASE_HELD_BY_ANOTHER')
  })
})
