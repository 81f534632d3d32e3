/** Pictures of a new timing that comes into a cabinet: when it runs, what the street sees of it, and what a failure leaves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configurationHash } from '#config/configuration-hash.ts'
import type { TimingAsker } from '#devices/timing.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import { TIMING_REFUSALS } from '#signal/transaction/refusal.ts'
import { encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf } from '#signal/transaction/timing.ts'
import { ARMED_MS_MAX, QUIET_MS_MAX } from '#signal/transaction/transaction.ts'
import { Ledger } from '#sim/ledger.ts'
import { plan } from '#test/support/junctions.ts'
import { controlGroup, STEP_MS } from './crossing-cabinet.ts'
import { MONITORED, MonitoredCabinet } from './monitored-cabinet.ts'

/** Another cycle, and two seconds more of green for phase 4. */
const BETTER: ControllerDatabase = {
  ...MONITORED,
  plans: [plan(3, { cycleS: 70, coordinated: [2, 6], splitsS: { 1: 12, 2: 28, 4: 30, 6: 40, 8: 30 } })],
  intersection: {
    ...MONITORED.intersection,
    phases: MONITORED.intersection.phases.map((phase) => ({
      ...phase,
      timing: { ...phase.timing, minGreenMs: 7_000 },
    })),
  },
}
const TEXT = encodeTiming(timingOf(BETTER))

const TECHNICIAN: TimingAsker = { writer: 1, leaseEpoch: 0 }
/** The supervisor whose lease has the epoch. */
const holderOf = (leaseEpoch: number): TimingAsker => ({ writer: 2, leaseEpoch })

/** In parts; what is said to each. */
function bring({ cabinet }: MonitoredCabinet, text = TEXT, asker = TECHNICIAN): string[] {
  const said: string[] = [cabinet.askForTiming({ do: 'begin' }, asker)]
  for (let offset = 0; offset < text.length; offset += 500)
    said.push(cabinet.askForTiming({ do: 'write', offset, part: text.slice(offset, offset + 500) }, asker))
  said.push(cabinet.askForTiming({ do: 'verify' }, asker))
  return said
}

function withTechnician(): MonitoredCabinet {
  const street = new MonitoredCabinet().run(120_000)
  street.cabinet.panels.timingAllowed = true
  return street
}

const cycleOf = ({ cabinet }: MonitoredCabinet) => cabinet.signal.coordination.cycleMs
const refusals = (street: MonitoredCabinet) =>
  street.records.filter(({ code }) => code === EVENT.timingRefused).map(({ parameter }) => TIMING_REFUSALS[parameter])

describe('a timing that is activated', () => {
  test('runs from the next all red on, whenever that is: no lamp is cut, no call is lost, and the cycle comes into step', () => {
    for (let atMs = 0; atMs < 60_000; atMs += 4_300) {
      const street = withTechnician().run(atMs)
      expect(new Set(bring(street))).toEqual(new Set(['none']))
      expect(street.cabinet.timing.stagedHash).toBe(configurationHash(BETTER))
      street.run(5_000)
      expect(cycleOf(street)).toBe(60_000)
      expect(street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)).toBe('none')
      expect(
        street.runUntil(() => street.cabinet.configurationHash === configurationHash(BETTER), 150_000),
      ).toBeGreaterThan(0)
      expect(street.cabinet.signal.greens | street.cabinet.signal.yellows).toBe(0)
      street.run(300_000)
      expect(street.cabinet.monitorTrip).toBeNull()
      expect(street.cabinet.signal.coordination).toMatchObject({ pattern: 3, cycleMs: 70_000, transition: 'inStep' })
      const activated = street.records.filter(({ code }) => code === EVENT.timingActivated)
      expect(activated.map(({ parameter }) => parameter)).toEqual([configurationHash(BETTER) % 65_536])
    }
  })

  test('runs at once in flash, which goes on', () => {
    const street = withTechnician()
    street.cabinet.panels.technicianFlash = true
    street.run(1_000)
    bring(street)
    street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)
    street.run(STEP_MS)
    expect(street.cabinet.configurationHash).toBe(configurationHash(BETTER))
    expect(street.cabinet.unit.flashCause).toBe('technician')
    street.cabinet.panels.technicianFlash = false
    expect(street.run(120_000).cabinet.signal.coordination.cycleMs).toBe(70_000)
    expect(street.cabinet.monitorTrip).toBeNull()
  })

  test('survives power cuts and the process that plays the cabinet', () => {
    const directory = mkdtempSync(join(tmpdir(), 'timing-'))
    const ledger = new Ledger(directory, 'IX-T', () => {})
    const street = withTechnician()
    bring(street)
    street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)
    street.run(150_000)
    street.cabinet.power.mains = false
    street.run(10_000)
    street.cabinet.power.mains = true
    street.run(120_000)
    expect(cycleOf(street)).toBe(70_000)
    ledger.remember(street.cabinet.memory)
    ledger.close()
    const reopened = new Ledger(directory, 'IX-T', () => {})
    const played = new MonitoredCabinet(reopened.before).run(120_000)
    expect(cycleOf(played)).toBe(70_000)
    expect(played.cabinet.configurationHash).toBe(configurationHash(BETTER))
    reopened.close()
    rmSync(directory, { recursive: true })
  })

  test('of a street that has been rebuilt since is forgotten: the cabinet runs what it was built with', () => {
    const street = new MonitoredCabinet({ logHead: 0, leaseEpoch: 0, timing: TEXT.replace('"IX-T"', '"IX-Z"') })
    expect(cycleOf(street.run(120_000))).toBe(60_000)
    expect(street.cabinet.memory).not.toHaveProperty('timing')
  })
})

describe('a timing that is not activated leaves no trace in what runs', () => {
  const untouched = (street: MonitoredCabinet) => {
    expect(street.cabinet.timing.transaction).toMatchObject({ state: 'idle', text: '', database: null })
    expect(street.cabinet.timing.stagedHash).toBe(0)
    street.run(200_000)
    expect(cycleOf(street)).toBe(60_000)
    expect(street.cabinet.configurationHash).toBe(0xc0ffee02)
    expect(street.cabinet.memory).not.toHaveProperty('timing')
  }

  test('because nobody stands behind it', () => {
    const street = new MonitoredCabinet().run(60_000)
    expect(new Set(bring(street))).toEqual(new Set(['notPermitted']))
    untouched(street)
  })

  test('because it is refused, with its number in the log and its fault in words', () => {
    const street = withTechnician()
    expect(bring(street, TEXT.replace('"cycleMs":70000', '"cycleMs":71000')).at(-1)).toBe('split')
    expect(street.cabinet.timing.transaction.detail).toContain('RING_SUM_NOT_CYCLE')
    expect(refusals(street)).toEqual(['split'])
    expect(street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)).toBe('outOfOrder')
    street.cabinet.askForTiming({ do: 'abandon' }, TECHNICIAN)
    untouched(street)
  })

  test('because a floor of the site is above it, though it might be raised again', () => {
    const street = withTechnician()
    expect(bring(street, TEXT.replaceAll('"redClearMs":1000', '"redClearMs":900')).at(-1)).toBe('floor')
    expect(street.cabinet.timing.transaction.detail).toContain('redClearMs')
    untouched(street)
  })

  test.each([0, 1, 2] as const)('because the power was cut, at whatever step (%d)', (step) => {
    const street = withTechnician()
    street.cabinet.askForTiming({ do: 'begin' }, TECHNICIAN)
    if (step > 0) bring(street)
    if (step > 1) street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)
    street.cabinet.powerUp()
    untouched(street)
  })

  test('because its lease ran out before the street was clear', () => {
    const street = new MonitoredCabinet().run(120_000)
    const renew = (sequence: number) =>
      street.cabinet.controller.writeControl(controlGroup({ epoch: 1, sequence, leaseMs: 3_000, pattern: 3 }))
    renew(1)
    expect(new Set(bring(street, TEXT, holderOf(1)))).toEqual(new Set(['none']))
    street.cabinet.panels.stopTime = true // Nothing becomes clear.
    street.cabinet.askForTiming({ do: 'activate' }, holderOf(1))
    street.run(STEP_MS)
    street.cabinet.panels.stopTime = false
    expect(refusals(street)).toEqual(['leaseLost'])
    untouched(street)
  })

  test('because another supervisor has taken over', () => {
    const street = new MonitoredCabinet().run(120_000)
    const ask = (epoch: number) =>
      street.cabinet.controller.writeControl(controlGroup({ epoch, sequence: 1, leaseMs: 3_000, pattern: 3 }))
    ask(1)
    bring(street, TEXT, holderOf(1))
    ask(2)
    expect(street.cabinet.askForTiming({ do: 'activate' }, holderOf(1))).toBe('notPermitted')
    expect(street.cabinet.askForTiming({ do: 'activate' }, holderOf(2))).toBe('inUse')
    street.run(STEP_MS)
    expect(refusals(street)).toEqual(['notPermitted', 'inUse', 'leaseLost'])
    untouched(street)
  })

  test('because it was another writer’s, who is neither driven out nor mixed up', () => {
    const street = withTechnician()
    bring(street)
    const another = { writer: 9, leaseEpoch: 0 }
    for (const step of ['begin', 'verify', 'activate', 'abandon'] as const)
      expect(street.cabinet.askForTiming({ do: step }, another)).toBe('inUse')
    expect(street.cabinet.askForTiming({ do: 'write', offset: TEXT.length, part: ' ' }, another)).toBe('inUse')
    expect(street.cabinet.timing).toMatchObject({ owner: 1, asker: 9, stagedHash: configurationHash(BETTER) })
    street.cabinet.askForTiming({ do: 'abandon' }, TECHNICIAN)
    expect(street.cabinet.timing).toMatchObject({ owner: 0, asker: 1 })
    expect(street.cabinet.askForTiming({ do: 'begin' }, another)).toBe('none')
    street.cabinet.askForTiming({ do: 'abandon' }, another)
    untouched(street)
  })

  test('because the technician went home in the middle of it', () => {
    const street = withTechnician()
    bring(street)
    street.run(QUIET_MS_MAX + STEP_MS)
    expect(refusals(street)).toEqual(['timedOut'])
    untouched(street)
  })

  test('because the street was never clear while it waited', () => {
    const street = withTechnician()
    bring(street)
    street.cabinet.panels.stopTime = true
    street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)
    street.run(ARMED_MS_MAX + STEP_MS)
    expect(refusals(street)).toEqual(['noLegalMoment'])
    street.cabinet.panels.stopTime = false
    untouched(street)
  })

  test('because it was taken back', () => {
    const street = withTechnician()
    bring(street)
    street.cabinet.askForTiming({ do: 'activate' }, TECHNICIAN)
    street.cabinet.askForTiming({ do: 'abandon' }, TECHNICIAN)
    untouched(street)
  })
})
