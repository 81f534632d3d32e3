/** Pictures of people at a cabinet: police and technician, what their switches do, and who may not decide meanwhile. */
import { describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { LEASE_REFUSALS } from '#devices/points.ts'
import { EVENT } from '#signal/events.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import { PATTERN_FLASH } from '#signal/timing-plan.ts'
import { alarmNumber, CABINET_ALARMS } from '#sim/cabinet/alarms.ts'
import { createCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { controlGroup, STEP_MS } from './crossing-cabinet.ts'
import { configAround, MONITORED, MonitoredCabinet } from './monitored-cabinet.ts'

const read = (
  { cabinet }: MonitoredCabinet,
  name: 'unit.controlStatus' | 'unit.flashCause' | 'supervision.refusedCode',
) => Number(cabinet.controller.readPoint(name))
const statusOf = (street: MonitoredCabinet) => CONTROL_STATUSES[read(street, 'unit.controlStatus')]
const causeOf = (street: MonitoredCabinet) => FLASH_CAUSES[read(street, 'unit.flashCause')]
const ask = ({ cabinet }: MonitoredCabinet, epoch: number, sequence = 1, pattern = 3) =>
  cabinet.controller.writeControl(controlGroup({ epoch, sequence, leaseMs: 3_000, pattern }))

describe('the switch to flash', () => {
  test.each([
    ['policeFlash', 'local'],
    ['technicianFlash', 'technician'],
  ] as const)('of %s takes the lamps in the same step, and no monitor minds', (which, cause) => {
    for (let atMs = 60_000; atMs < 120_000; atMs += 3_700) {
      const street = new MonitoredCabinet().run(atMs)
      street.cabinet.panels[which] = true
      street.run(STEP_MS)
      expect([statusOf(street), causeOf(street)]).toEqual(['flash', cause])
      expect(street.cabinet.signal.channelGreens).toBe(0)
      street.run(20_000)
      street.cabinet.panels[which] = false
      street.run(STEP_MS)
      expect([statusOf(street), causeOf(street)]).toEqual(['local', 'none'])
      expect(street.runUntil(() => street.cabinet.signal.greens !== 0, 10_000)).toBeGreaterThanOrEqual(4_900)
      expect(street.run(60_000).cabinet.monitorTrip).toBeNull()
    }
  })

  test('works on a controller that hangs too, whose silence the monitor latches all the same', () => {
    const street = new MonitoredCabinet().run(60_000)
    street.cabinet.controllerHangs = true
    street.cabinet.panels.technicianFlash = true
    street.run(STEP_MS)
    expect(street.cabinet.signal.channelGreens).toBe(0)
    street.run(300)
    expect(street.cabinet.monitorTrip?.check).toBe('watchdog')
  })

  test('lets lamps be changed: what is dark or lit while it flashes trips nothing', () => {
    const street = new MonitoredCabinet().run(60_000)
    street.cabinet.panels.technicianFlash = true
    street.run(1_000)
    street.cabinet.lampFaults.set(street.cabinet.config.database.intersection.channels[2]!.id, 'red', 'off')
    street.run(60_000)
    expect(street.cabinet.monitorTrip).toBeNull()
    street.cabinet.panels.technicianFlash = false
    street.run(10_000)
    expect(street.cabinet.monitorTrip?.check).toBe('redFailure')
  })
})

describe('whoever stands at the cabinet keeps supervision out', () => {
  test.each([
    ['policeFlash', 'flash'],
    ['technicianFlash', 'flash'],
    ['manualControl', 'manual'],
    ['stopTime', 'manual'],
    ['localKey', 'manual'],
  ] as const)('%s ends a lease at once, for good, and shows %s', (which, status) => {
    const street = new MonitoredCabinet().run(60_000)
    expect(ask(street, 1)).toBe(true)
    street.cabinet.panels[which] = true
    street.run(STEP_MS)
    expect(statusOf(street)).toBe(status)
    expect(street.cabinet.asked).toBeNull()
    expect(ask(street, 2)).toBe(false)
    expect(LEASE_REFUSALS[read(street, 'supervision.refusedCode')]).toBe('notAvailable')
    street.cabinet.panels[which] = false
    street.run(10_000)
    expect(statusOf(street)).toBe('local')
    expect(ask(street, 1, 999)).toBe(false)
    expect(ask(street, 2)).toBe(true)
  })

  test('an officer steers by hand, and the plan goes on when he closes the panel', () => {
    const street = new MonitoredCabinet().run(120_000)
    street.cabinet.panels.manualControl = true
    street.run(120_000)
    const { greens } = street.cabinet.signal
    expect(greens).not.toBe(0)
    street.run(60_000, () => expect(street.cabinet.signal.greens).toBe(greens))
    street.cabinet.panels.intervalAdvance = true
    street.run(STEP_MS)
    street.cabinet.panels.intervalAdvance = false
    street.run(30_000)
    expect(street.cabinet.signal.greens & greens).toBe(0)
    street.cabinet.panels.manualControl = false
    street.run(180_000)
    expect(street.cabinet.signal.coordination).toMatchObject({ pattern: 3, transition: 'inStep' })
    expect(street.cabinet.monitorTrip).toBeNull()
    expect(street.records.filter(({ code }) => code === EVENT.unitControl).map(({ parameter }) => parameter)).toEqual([
      6, 5, 6,
    ])
  })
})

test('every alarm of the cabinet is logged when it comes and when it goes, and stands in its bit meanwhile', () => {
  const street = new MonitoredCabinet().run(1_000)
  const { panels, power } = street.cabinet
  power.battery = true
  const before = street.records.length
  Object.assign(panels, { doorOpen: true, policeFlash: true, manualControl: true, stopTime: true })
  power.mains = false
  street.run(STEP_MS)
  const numbers = CABINET_ALARMS.slice(2).map(alarmNumber)
  const alarms = () => street.codesSince(before).filter(([code]) => code === EVENT.alarmOn || code === EVENT.alarmOff)
  expect(alarms()).toEqual(numbers.map((number) => [EVENT.alarmOn, number]))
  const bits = numbers.reduce((all, number) => (all | bit(number)) >>> 0, 0)
  expect(street.cabinet.unit).toMatchObject({ alarmBits: bits, mainsPower: false, doorOpen: true })
  Object.assign(panels, { doorOpen: false, policeFlash: false, manualControl: false, stopTime: false })
  power.mains = true
  street.run(STEP_MS)
  expect(alarms().slice(numbers.length)).toEqual(numbers.map((number) => [EVENT.alarmOff, number]))
  expect(street.cabinet.unit.alarmBits).toBe(0)
})

describe('a program that fails', () => {
  /** A panel that cannot be read is as good as any bug inside a step. */
  const plantBug = ({ cabinet }: MonitoredCabinet) =>
    Object.defineProperty(cabinet.panels, 'intervalAdvance', {
      configurable: true,
      get: () => {
        throw new Error('a bit has flipped')
      },
    })

  test('is in flash in the same step, latched by the watchdog, and told with its reason', () => {
    const told: string[] = []
    const street = new MonitoredCabinet(undefined, MONITORED, (fault) =>
      told.push(fault.code === 'CONTROLLER_STOPPED' ? fault.detail : fault.code),
    ).run(60_000)
    expect(ask(street, 1)).toBe(true)
    plantBug(street)
    street.run(STEP_MS)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('a bit has flipped')
    expect([statusOf(street), causeOf(street)]).toEqual(['fault', 'conflictMonitor'])
    expect([street.cabinet.signal.channelGreens, street.cabinet.signal.greens]).toEqual([0, 0])
    expect(street.cabinet.asked).toBeNull()
    street.run(300)
    expect(street.cabinet.monitorTrip?.check).toBe('watchdog')
    expect(told).toHaveLength(1)
  })

  test('has its second chance after a reset, and fails again as long as its bug is there', () => {
    const street = new MonitoredCabinet().run(60_000)
    plantBug(street)
    street.run(1_000)
    street.cabinet.resetMonitor()
    street.run(1_000)
    expect(street.cabinet.monitorTrip?.check).toBe('watchdog')
    Object.defineProperty(street.cabinet.panels, 'intervalAdvance', { value: false, writable: true })
    street.cabinet.resetMonitor()
    expect(statusOf(street)).toBe('local')
    expect(street.run(120_000).cabinet.monitorTrip).toBeNull()
    expect(street.cabinet.signal.greens).not.toBe(0)
  })
})

describe('a flash that a supervisor asks for', () => {
  const config = configAround(MONITORED)
  const start = () => {
    const limits = { ...config.limits, patterns: [...config.limits.patterns, PATTERN_FLASH] }
    const street = new MonitoredCabinet().run(0)
    Object.assign(street, { cabinet: createCabinet({ ...config, limits }, { epochMs: NOON_EPOCH_MS }) })
    return street.run(60_000)
  }

  test('is refused where the site does not allow it', () => {
    const street = new MonitoredCabinet().run(60_000)
    expect(ask(street, 1, 1, PATTERN_FLASH)).toBe(false)
    expect(LEASE_REFUSALS[read(street, 'supervision.refusedCode')]).toBe('unknownPattern')
  })

  test('lasts while he renews it, and ends when he falls silent', () => {
    const street = start()
    let sequence = 0
    for (let ms = 0; ms < 60_000; ms += 1_000) {
      expect(ask(street, 1, ++sequence, PATTERN_FLASH)).toBe(true)
      street.run(1_000)
    }
    expect([statusOf(street), causeOf(street)]).toEqual(['flash', 'automatic'])
    expect(ask(street, 2, 1, PATTERN_FLASH)).toBe(false)
    street.run(10_000)
    expect([statusOf(street), causeOf(street)]).toEqual(['local', 'none'])
    expect(street.run(60_000).cabinet.signal.greens).not.toBe(0)
    expect(street.cabinet.monitorTrip).toBeNull()
  })

  test('is ended by him with another pattern, and by a technician without asking him', () => {
    const street = start()
    expect(ask(street, 1, 1, PATTERN_FLASH)).toBe(true)
    expect(
      street.runUntil(
        () => causeOf(street) === 'automatic' || !ask(street, 1, street.elapsedMs, PATTERN_FLASH),
        60_000,
      ),
    ).toBeGreaterThan(0)
    expect(causeOf(street)).toBe('automatic')
    expect(ask(street, 1, street.elapsedMs, patternId(3))).toBe(true)
    street.cabinet.panels.technicianFlash = true
    street.run(STEP_MS)
    expect(street.cabinet.asked).toBeNull()
    expect(ask(street, 1, street.elapsedMs, patternId(3))).toBe(false)
  })
})
