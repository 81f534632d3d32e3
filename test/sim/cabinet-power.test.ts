/** Pictures of a cabinet whose power fails: what it rides through, what it keeps, and how it comes back. */
import { describe, expect, test } from 'vitest'
import { EVENT } from '#signal/events.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import { PowerSupply, RIDE_THROUGH_MS } from '#sim/cabinet/power-supply.ts'
import { controlGroup, STEP_MS } from './crossing-cabinet.ts'
import { MONITORED, MonitoredCabinet } from './monitored-cabinet.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'

const lit = ({ cabinet: { signal } }: MonitoredCabinet) =>
  (signal.channelReds | signal.channelYellows | signal.channelGreens) >>> 0

const unitOf = ({ cabinet }: MonitoredCabinet) => ({
  controlStatus: CONTROL_STATUSES[Number(cabinet.controller.readPoint('unit.controlStatus'))],
  flashCause: FLASH_CAUSES[Number(cabinet.controller.readPoint('unit.flashCause'))],
})

describe('the power supply', () => {
  test.each([
    [RIDE_THROUGH_MS - 1, 'asBefore'],
    [RIDE_THROUGH_MS, 'asBefore'],
    [RIDE_THROUGH_MS + 1, 'failed'],
  ])('%d ms without mains: %s', (ms, becomes) => {
    const power = new PowerSupply()
    power.mains = false
    expect(power.advance(ms)).toBe(becomes)
  })

  test('a row of short interruptions is no long one', () => {
    const power = new PowerSupply()
    for (let dip = 0; dip < 10; dip++) {
      power.mains = false
      expect(power.advance(RIDE_THROUGH_MS)).toBe('asBefore')
      power.mains = true
      expect(power.advance(STEP_MS)).toBe('asBefore')
    }
  })

  test('a battery carries the cabinet, and its end is the end', () => {
    const power = new PowerSupply()
    power.mains = false
    power.battery = true
    expect(power.advance(3_600_000)).toBe('asBefore')
    power.battery = false
    expect(power.advance(RIDE_THROUGH_MS + 1)).toBe('failed')
    power.mains = true
    expect(power.advance(STEP_MS)).toBe('restored')
  })
})

describe('a cabinet', () => {
  test('does not notice a brown-out of 400 ms: no lamp, no line of the log, no lease is another', () => {
    const [street, twin] = [new MonitoredCabinet().run(60_000), new MonitoredCabinet().run(60_000)]
    for (const { cabinet } of [street, twin])
      cabinet.controller.writeControl(controlGroup({ epoch: 1, sequence: 1, leaseMs: 3_000, pattern: 3 }))
    street.cabinet.power.mains = false
    street.run(400)
    street.cabinet.power.mains = true
    street.run(2_000)
    twin.run(2_400)
    expect(street.cabinet.signal).toEqual(twin.cabinet.signal)
    expect(street.cabinet.asked).toEqual(twin.cabinet.asked)
    const unlike = street.records.filter(({ code }) => code !== EVENT.alarmOn && code !== EVENT.alarmOff)
    expect(unlike.map(({ code }) => code)).toEqual(twin.records.map(({ code }) => code))
  })

  test('is dark and silent without power, and its clock runs on', () => {
    const street = new MonitoredCabinet().run(60_000)
    street.cabinet.power.mains = false
    street.run(500)
    expect(street.records.at(-1)).toMatchObject({ code: EVENT.powerFailure, parameter: 0 })
    const records = street.records.length
    expect(lit(street)).toBe(0)
    expect(() => street.cabinet.controller.readPoint('unit.uptimeMs')).toThrow('no power')
    expect(() => street.cabinet.controller.writeControl(new Map())).toThrow('no power')
    expect(() => street.cabinet.controller.readLog(0, 1)).toThrow('no power')
    street.run(600_000, () => expect(lit(street)).toBe(0))
    expect(street.records).toHaveLength(records)
    street.cabinet.power.mains = true
    street.run(STEP_MS)
    expect(street.records[records]).toMatchObject({ code: EVENT.powerRestored })
    expect(street.cabinet.clock.epochMs).toBe(NOON_EPOCH_MS + 660_600)
    expect(street.cabinet.clock.uptimeMs).toBe(0)
  })

  test('comes back all red, in step with the clock it kept, and is supervised by a newer epoch only', () => {
    const street = new MonitoredCabinet().run(60_000)
    street.cabinet.controller.writeControl(controlGroup({ epoch: 7, sequence: 1, pattern: 3 }))
    street.cabinet.power.mains = false
    street.run(30_000)
    street.cabinet.power.mains = true
    street.run(STEP_MS)
    expect(street.cabinet.signal.greens).toBe(0)
    const ask = (epoch: number) => street.cabinet.controller.writeControl(controlGroup({ epoch, sequence: 9 }))
    expect(ask(7)).toBe(false)
    expect(ask(8)).toBe(true)
    street.run(120_000)
    const twin = new MonitoredCabinet().run(210_100)
    expect(street.cabinet.signal.coordination).toEqual(twin.cabinet.signal.coordination)
  })

  test('flashes yellow for the main street while it checks itself, refuses supervision, and then starts', () => {
    const street = new MonitoredCabinet(undefined, {
      ...MONITORED,
      unit: { ...MONITORED.unit, startupFlashMs: 8_000 },
    })
    street.run(STEP_MS)
    expect(unitOf(street)).toEqual({ controlStatus: 'flash', flashCause: 'startup' })
    expect(street.cabinet.controller.writeControl(controlGroup({ epoch: 1, sequence: 1 }))).toBe(false)
    const lamps = new Set<string>()
    street.run(7_800, () => {
      const { channelReds, channelYellows, channelGreens } = street.cabinet.signal
      lamps.add([channelReds, channelYellows, channelGreens].join())
    })
    const [side, main] = [0b1001_0101, 0b1010]
    expect([...lamps]).toEqual([`${side},${main},0`, '0,0,0'])
    street.run(100)
    expect(unitOf(street)).toEqual({ controlStatus: 'local', flashCause: 'none' })
    expect(street.cabinet.controller.writeControl(controlGroup({ epoch: 1, sequence: 1 }))).toBe(true)
    expect(street.runUntil(() => street.cabinet.signal.greens !== 0, 10_000)).toBeGreaterThanOrEqual(4_900)
    expect(street.run(600_000).cabinet.monitorTrip).toBeNull()
  })

  test('that finds a database which it cannot run stays in flash, and says so to whoever asks', () => {
    const told: string[] = []
    const street = new MonitoredCabinet(
      undefined,
      { ...MONITORED, unit: { ...PLAIN_UNIT, startAllRedMs: -1 } },
      (fault) => told.push(fault.code),
    )
    expect(told).toEqual(['DATABASE_REFUSED'])
    expect(unitOf(street)).toEqual({ controlStatus: 'fault', flashCause: 'conflictMonitor' })
    street.run(600_000)
    expect(unitOf(street)).toEqual({ controlStatus: 'fault', flashCause: 'conflictMonitor' })
    street.cabinet.resetMonitor()
    expect(unitOf(street)).toEqual({ controlStatus: 'fault', flashCause: 'conflictMonitor' })
    expect(street.cabinet.signal.channelGreens).toBe(0)
  })
})
