/** The edge and a cabinet through a day's bad luck, on a virtual clock. */
import { describe, expect, test } from 'vitest'
import { bit, hasBit } from '#base/bits.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import type { Strategy } from '#control/strategy.ts'
import { EVENT } from '#signal/events.ts'
import { commandOf, DATABASE, LIMITS } from '#test/support/boulevard-crossing.ts'
import { preempt } from '#test/support/junctions.ts'
import { superviseStreet, type SupervisedStreet } from '#test/support/supervised-street.ts'
import { named } from '#test/support/test-telemetry.ts'

const supervised = ({ cabinet }: SupervisedStreet) => cabinet.unit.controlStatus === 'supervised'
const local = ({ cabinet }: SupervisedStreet) => cabinet.unit.controlStatus === 'local'
const ladder = ({ telemetry }: SupervisedStreet) => telemetry.states.at(-1)?.ladder?.code ?? null
const mode = ({ telemetry }: SupervisedStreet) => telemetry.states.at(-1)?.mode

/** A street whose cabinet is already supervised. */
async function supervisedStreet(options?: Parameters<typeof superviseStreet>[0]) {
  const street = await superviseStreet(options)
  await street.liveUntil(() => supervised(street) && mode(street) !== 'local', 10_000)
  return street
}

describe('beginning', () => {
  test('supervision begins when all has been well for five seconds', async () => {
    const street = await superviseStreet()
    await street.live(5_000)
    expect(ladder(street)).toBe('PROVING')
    expect(local(street)).toBe(true)
    await street.live(300)
    expect(supervised(street)).toBe(true)
    expect(mode(street)).toBe('coordinated')
    expect(ladder(street)).toBeNull()
    expect(street.telemetry.states.at(-1)?.plan).toBe('midday')
  })

  test('a controller that runs other timing than the approved is watched, never commanded', async () => {
    const street = await superviseStreet({ limits: { ...LIMITS, configurationHash: 1 } })
    await street.live(20_000)
    expect(local(street)).toBe(true)
    expect(mode(street)).toBe('local')
    expect(street.telemetry.states.at(-1)?.ladder).toEqual({
      code: 'TIMING_NOT_APPROVED',
      numbers: { running: LIMITS.configurationHash, approved: 1 },
    })
  })

  test('a controller that was down when the edge started is supervised soon after it comes up', async () => {
    const street = await superviseStreet()
    street.lines.controller = 'refused'
    await street.live(60_000)
    expect(mode(street)).toBe('unknown')
    expect(street.telemetry.states.at(-1)).toMatchObject({ signal: null, sampledAtEpochMs: 0 })
    street.lines.controller = 'good'
    expect(await street.liveUntil(() => supervised(street), 12_000)).toBeLessThanOrEqual(11_000)
    const told = named(street.telemetry.events).filter((event) => event.startsWith('device'))
    expect(told).toEqual(['deviceLost 0', 'deviceBack 0'])
  })
})

describe('a vehicle on a card that the controller does not see', () => {
  test('is called by the edge and gets its green', async () => {
    const street = await supervisedStreet()
    street.vehicles.add(12)
    await street.live(300)
    expect(hasBit(street.cabinet.signal.vehicleCalls, 4)).toBe(true)
    await street.liveUntil(() => hasBit(street.cabinet.signal.greens, 4), 80_000)
    expect(street.telemetry.states.at(-1)?.detectors).toContainEqual({ id: 12, quality: 'good', occupied: true })
  })

  test('is served by recall while the card is silent', async () => {
    const street = await supervisedStreet()
    street.lines.loops = 'silent'
    await street.live(1_000)
    expect(hasBit(street.cabinet.signal.vehicleCalls, 4)).toBe(true)
    expect(street.telemetry.states.at(-1)?.detectors).toContainEqual({ id: 12, quality: 'stale' })
    await street.live(10_000)
    expect(street.telemetry.states.at(-1)?.detectors).toContainEqual({ id: 12, quality: 'bad' })
    expect(named(street.telemetry.events)).toContain('deviceLost 1')
    expect(supervised(street)).toBe(true)
  })
})

describe('silence', () => {
  test('an edge that stops leaves a cabinet that is local within 4 s, with all our bits cleared', async () => {
    const street = await supervisedStreet()
    street.lines.loops = 'silent'
    await street.live(2_000)
    expect(hasBit(street.cabinet.signal.vehicleCalls, 4)).toBe(true)
    await street.live(2_400, 'stopped')
    expect(supervised(street)).toBe(true)
    await street.live(200, 'stopped')
    expect(local(street)).toBe(true)
  })

  test('an edge that was stopped for longer than its lease begins anew, with a newer epoch, after a local cycle', async () => {
    const street = await supervisedStreet()
    const epoch = street.cabinet.unit.leaseEpoch
    await street.live(5_000, 'stopped')
    await street.live(1_000)
    expect(local(street)).toBe(true)
    expect(named(street.telemetry.events).filter((event) => event.startsWith('supervisionLost 2'))).toHaveLength(1)
    expect(ladder(street)).toBe('LOCAL_CYCLE_FIRST')
    const tookMs = await street.liveUntil(() => supervised(street), 120_000)
    expect(tookMs).toBeGreaterThan(60_000)
    expect(street.cabinet.unit.leaseEpoch).toBeGreaterThan(epoch)
  })

  test('two lost answers cost nothing but a moment', async () => {
    const street = await supervisedStreet()
    const epoch = street.cabinet.unit.leaseEpoch
    street.lines.controller = 'silent'
    await street.live(200)
    street.lines.controller = 'good'
    await street.live(3_000)
    expect(supervised(street)).toBe(true)
    expect(street.cabinet.unit.leaseEpoch).toBe(epoch)
    expect(street.logged.filter((line) => line.startsWith('DEVICE'))).toEqual([])
  })

  test('a controller that falls silent is released after two seconds, and supervised again after a local cycle', async () => {
    const street = await supervisedStreet()
    const published = street.telemetry.states.length
    street.lines.controller = 'silent'
    await street.live(1_400)
    expect(street.telemetry.states.slice(published).every(({ signal }) => signal !== null)).toBe(true)
    await street.live(1_200)
    expect(ladder(street)).toBe('IMAGE_NOT_FRESH')
    expect(mode(street)).toBe('unknown')
    expect(street.telemetry.states.at(-1)?.signal).toBeNull()
    await street.live(30_000)
    expect(local(street)).toBe(true)
    street.lines.controller = 'good'
    await street.liveUntil(() => supervised(street), 120_000)
    const edgeEvents = named(street.telemetry.events.filter(({ source }) => source === 'edge'))
    expect(edgeEvents.filter((event) => event.startsWith('device'))).toEqual(['deviceLost 0', 'deviceBack 0'])
  })
})

describe('others', () => {
  test('a cabinet taken over by a technician is released at once', async () => {
    const street = await supervisedStreet()
    street.cabinet.turnLocalKey(true)
    await street.live(200)
    expect(mode(street)).toBe('manual')
    expect(ladder(street)).toBe('CABINET_NOT_AVAILABLE')
    const sequence = street.cabinet.unit.leaseSequence
    await street.live(5_000)
    expect(street.cabinet.unit.leaseSequence).toBe(sequence)
  })

  test('an edge that starts anew respects the lease of its former self, and takes a newer epoch', async () => {
    const street = await supervisedStreet()
    const epoch = street.cabinet.unit.leaseEpoch
    street.restartEdge()
    await street.live(300)
    expect(ladder(street)).toBe('LEASE_HELD_BY_ANOTHER')
    await street.live(3_000)
    expect(local(street)).toBe(true)
    expect(ladder(street)).toBe('LOCAL_CYCLE_FIRST')
    await street.liveUntil(() => supervised(street), 120_000)
    expect(street.cabinet.unit.leaseEpoch).toBeGreaterThan(epoch)
  })

  test('a controller clock that is off by two seconds costs the plan, not the supervision', async () => {
    const street = await supervisedStreet()
    street.cabinet.clock.offsetMs = 2_400
    street.cabinet.syncClock(street.cabinet.clock.epochMs)
    await street.live(300)
    expect(mode(street)).toBe('actuated')
    expect(ladder(street)).toBe('CLOCK_DRIFT')
    expect(supervised(street)).toBe(true)
    street.cabinet.clock.offsetMs = 0
    street.cabinet.syncClock(street.cabinet.clock.epochMs - 2_400)
    await street.live(4_900)
    expect(mode(street)).toBe('actuated')
    await street.live(500)
    expect(mode(street)).toBe('coordinated')
  })
})

describe('a fire engine', () => {
  const database = { ...DATABASE, preempts: [preempt(1, { dwell: { phases: [4, 8] } })] }

  test.each([coordinated, actuated])('passes without an end of the supervision ($rung)', async (strategy) => {
    const street = await superviseStreet({ database, strategies: [strategy] })
    await street.liveUntil(() => street.cabinet.unit.controlStatus === 'supervised', 20_000)
    const { leaseEpoch } = street.cabinet.unit
    street.cabinet.breakIns.preempts = bit(1)
    await street.live(40_000)
    expect(street.cabinet.unit).toMatchObject({ controlStatus: 'preempt', leaseEpoch })
    expect(street.cabinet.signal.greens).toBe(bit(4) | bit(8))
    expect(mode(street)).toBe('preempt')
    street.cabinet.breakIns.preempts = 0
    await street.live(10_000)
    expect(street.cabinet.unit).toMatchObject({ controlStatus: 'supervised', leaseEpoch })
    expect(mode(street)).toBe(strategy.rung)
    expect(street.logged.filter((line) => line.startsWith('RUNG_CHANGED'))).toHaveLength(1)
    expect(street.logged.filter((line) => line.startsWith('COMMAND_REFUSED'))).toEqual([])
  })

  test('keeps an edge from beginning, and not from beginning soon after', async () => {
    const street = await superviseStreet({ database })
    street.cabinet.breakIns.preempts = bit(1)
    await street.live(20_000)
    expect(ladder(street)).toBe('CABINET_NOT_AVAILABLE')
    street.cabinet.breakIns.preempts = 0
    await street.liveUntil(() => street.cabinet.unit.controlStatus === 'supervised', 20_000)
  })
})

describe('a strategy that fails', () => {
  const throwing: Strategy<unknown> = {
    rung: 'coordinated',
    initial: () => null,
    decide: () => {
      throw new Error('no plan')
    },
  }
  const forbidden: Strategy<unknown> = {
    rung: 'coordinated',
    initial: () => null,
    decide: () => ({
      command: commandOf({ phaseOmit: bit(2) }),
      memory: null,
      why: { code: 'RESTING', numbers: {} },
    }),
  }

  test('by throwing gives way to the next rung, and is not tried again for a minute', async () => {
    const street = await superviseStreet({ strategies: [throwing, actuated] })
    await street.live(6_000)
    expect(mode(street)).toBe('actuated')
    expect(ladder(street)).toBe('STRATEGY_FAILED')
    expect(street.logged.filter((line) => line.startsWith('EDGE_FAULT'))).toHaveLength(1)
    await street.live(58_000)
    expect(street.logged.filter((line) => line.startsWith('EDGE_FAULT'))).toHaveLength(1)
  })

  test('by asking what the envelope refuses writes nothing, says so once, and gives way after a second', async () => {
    const street = await superviseStreet({ strategies: [forbidden, actuated] })
    await street.live(5_500)
    expect(local(street)).toBe(true)
    await street.live(1_500)
    expect(mode(street)).toBe('actuated')
    const refusals = street.telemetry.events.filter(({ code }) => code === EVENT.commandRefused)
    expect(named(refusals)).toEqual(['commandRefused 8'])
  })
})

describe('the record', () => {
  test('a strategy is recorded when it asks for something else, not with every call and reason', async () => {
    const street = await supervisedStreet({ strategies: [actuated] })
    for (const id of [2, 12, 13]) {
      await street.live(4_000)
      street.vehicles.add(id)
    }
    street.vehicles.delete(2)
    await street.liveUntil(() => hasBit(street.cabinet.asked?.forceOff ?? 0, 2), 60_000)
    await street.live(200)
    const decisions = street.telemetry.events.filter(({ code }) => code === EVENT.strategyDecision)
    expect(named(decisions)).toEqual(['strategyDecision 207', 'strategyDecision 209', 'strategyDecision 205'])
  })

  test.each(['sabz-modbus-controller', 'generic-ntcip-modbus'])(
    'by %s: green after green, each recorded once, over a silence of the controller too',
    async (controllerProfile) => {
      const street = await supervisedStreet({ controllerProfile })
      for (const id of [12, 13]) street.vehicles.add(id)
      await street.live(60_000)
      street.lines.controller = 'silent'
      await street.live(5_000)
      street.lines.controller = 'good'
      await street.live(150_000)
      const source = controllerProfile === 'generic-ntcip-modbus' ? 'image' : 'controller'
      const greens = street.telemetry.events.filter(({ code }) => code === EVENT.beginGreen)
      expect(new Set(greens.map((event) => event.source))).toEqual(new Set([source]))
      const records = street.cabinet.readLog(0, 100_000)
      const shown = records.filter(({ code }) => code === EVENT.beginGreen)
      if (source === 'controller') {
        const recorded = street.telemetry.events.filter((event) => event.source === 'controller')
        expect(recorded.map(({ deviceSequence }) => deviceSequence)).toEqual(records.map(({ sequence }) => sequence))
      } else {
        expect(greens.length).toBeGreaterThan(4)
        expect(greens.length).toBeLessThanOrEqual(shown.length)
        expect(named(street.telemetry.events)).toContain('logGap 0')
      }
    },
  )

  test('an edge that starts anew goes on behind the last record on disk', async () => {
    const street = await supervisedStreet()
    const before = street.telemetry.events.filter(({ source }) => source === 'controller')
    street.telemetry.recordedUpTo = before.at(-1)?.deviceSequence ?? 0
    street.restartEdge()
    await street.live(20_000)
    const sequences = street.telemetry.events.flatMap(({ source, deviceSequence }) =>
      source === 'controller' ? [deviceSequence] : [],
    )
    expect(sequences).toEqual(street.cabinet.readLog(0, 100_000).map(({ sequence }) => sequence))
  })
})

test('the cabinet of the test has the timing that the site approves', () => {
  expect(DATABASE.plans.map(({ pattern }) => pattern)).toEqual(LIMITS.patterns)
})
