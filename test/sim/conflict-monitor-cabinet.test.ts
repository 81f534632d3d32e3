/** Pictures of a cabinet whose lamps break: the monitor takes them from the controller, and only a person gives them back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bit, hasBit, listBits } from '#base/bits.ts'
import { channelId, phaseId } from '#base/id.ts'
import { LEASE_REFUSALS } from '#devices/points.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { channelConflicts } from '#signal/conflicts.ts'
import { EVENT } from '#signal/events.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { CONTROL_STATUSES, FLASH_CAUSES } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { MONITOR_CHECKS, type MonitorCheck } from '#sim/cabinet/conflict-monitor/trip.ts'
import { LampCircuit } from '#sim/cabinet/lamp-circuit.ts'
import { LAMP_COLOURS, type LampColour, type LampFault } from '#sim/cabinet/lamp-faults.ts'
import { Ledger } from '#sim/ledger.ts'
import { NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { superviseStreet } from '#test/support/supervised-street.ts'
import { controlGroup, STEP_MS } from './crossing-cabinet.ts'
import { MONITORED, MonitoredCabinet } from './monitored-cabinet.ts'

const CHANNELS = [1, 2, 3, 4, 5, 6, 7, 8]
const PEDESTRIANS = bit(6) | bit(7)
const MAIN = bit(2) | bit(4)
const SIDE = bit(1) | bit(3) | bit(5) | bit(8)
const CONFLICTS = channelConflicts(MONITORED.intersection)

const unitOf = ({ cabinet }: MonitoredCabinet) => ({
  controlStatus: CONTROL_STATUSES[Number(cabinet.controller.readPoint('unit.controlStatus'))],
  flashCause: FLASH_CAUSES[Number(cabinet.controller.readPoint('unit.flashCause'))],
})
const lampsOf = ({ cabinet: { signal } }: MonitoredCabinet) => ({
  reds: signal.channelReds,
  yellows: signal.channelYellows,
  greens: signal.channelGreens,
})

/** A cabinet that a burnt-out red has taken to flash. */
function tripped(): MonitoredCabinet {
  const street = new MonitoredCabinet().run(60_000)
  street.cabinet.lampFaults.set(channelId(2), 'red', 'off')
  street.runUntil(() => street.cabinet.monitorTrip !== null, 120_000)
  street.cabinet.lampFaults.set(channelId(2), 'red', 'sound')
  return street
}

describe('a planted lamp fault', () => {
  interface Plant {
    readonly channel: number
    readonly colour: LampColour
    readonly fault: Exclude<LampFault, 'sound'>
  }
  const plants = CHANNELS.flatMap((channel) =>
    LAMP_COLOURS.flatMap((colour): Plant[] => [
      { channel, colour, fault: 'off' },
      { channel, colour, fault: 'on' },
    ]),
  )
  /** What a fault may be named as, and how long the street may see it at most before it is latched. */
  const LIMIT_MS: Partial<Record<MonitorCheck, number>> = {
    redFailure: 1_000,
    dualIndication: 450,
    conflict: 450,
    shortClearance: 450,
  }

  test.each(plants)('$colour stuck $fault on channel $channel is latched in time', ({ channel, colour, fault }) => {
    const street = new MonitoredCabinet().run(60_000)
    street.cabinet.lampFaults.set(channelId(channel), colour, fault)
    let badMs = 0
    street.runUntil(() => {
      badMs = isBad(street, channel) ? badMs + STEP_MS : 0
      return street.cabinet.monitorTrip !== null
    }, 120_000)
    const trip = street.cabinet.monitorTrip!
    const limitMs = LIMIT_MS[trip.check]
    expect({ ...trip, limitMs }).toMatchObject({ limitMs: expect.any(Number) })
    expect(listBits(trip.channels)).toContain(channel)
    expect(badMs).toBeLessThanOrEqual(limitMs!)
    expect(unitOf(street)).toEqual({ controlStatus: 'fault', flashCause: 'conflictMonitor' })
  })

  /** Dark, or with a right of way beside another lamp, or with one against another channel; red-amber is judged by its time. */
  function isBad(street: MonitoredCabinet, channel: number): boolean {
    if (street.cabinet.monitorTrip !== null) return false
    const { reds, yellows, greens } = lampsOf(street)
    if (!hasBit(reds | yellows | greens, channel)) return true
    const moving = greens | (yellows & (~reds | PEDESTRIANS))
    const conflicts = hasBit(moving, channel) && (CONFLICTS[channel]! & moving) !== 0
    return conflicts || hasBit(greens & (reds | yellows), channel)
  }

  test('that comes and goes ten times a second is latched by its recurrence', () => {
    const street = new MonitoredCabinet().run(60_000)
    street.runUntil(() => hasBit(lampsOf(street).greens, 2), 60_000)
    const beganMs = street.elapsedMs
    for (let on = true; street.cabinet.monitorTrip === null && street.elapsedMs < beganMs + 2_000; on = !on) {
      street.cabinet.lampFaults.set(channelId(3), 'green', on ? 'on' : 'sound')
      street.run(STEP_MS)
    }
    expect(street.cabinet.monitorTrip?.check).toBe('recurrentPulses')
  })
})

test('a controller that does not know of a forbidden pair is stopped by the monitor, which does', () => {
  const site = MONITORED.intersection
  const lamps = new LampCircuit({ ...site, extraConflicts: [[phaseId(1), phaseId(6)]] }, [], null)
  const controller = createController(MONITORED)
  const inputs = {
    ...QUIET_UNIT,
    epochMs: NOON_EPOCH_MS,
    occupied: new Uint8Array(65),
    pedestrianButtons: 0,
    control: NO_PHASE_CONTROL,
    pattern: PATTERN_FREE,
  }
  for (let ms = 0; ms < 120_000; ms += STEP_MS) {
    stepController(controller, inputs, STEP_MS, () => {})
    lamps.watch(statusOf(controller), STEP_MS, true)
  }
  expect(lamps.trip).toMatchObject({ check: 'conflict', channels: bit(1) | bit(4) | bit(8) })
})

test('a controller that hangs is latched by 300 ms, and its green does not outlast it', () => {
  const street = new MonitoredCabinet().run(60_000)
  street.cabinet.controllerHangs = true
  expect(street.runUntil(() => street.cabinet.monitorTrip !== null, 1_000)).toBeLessThanOrEqual(300)
  expect(street.cabinet.monitorTrip).toMatchObject({ check: 'watchdog', channels: 0 })
  expect(lampsOf(street).greens).toBe(0)
  street.cabinet.resetMonitor()
  expect(street.runUntil(() => street.cabinet.monitorTrip !== null, 1_000)).toBeLessThanOrEqual(300)
  street.cabinet.powerUp() // Starts the program again, but resets no monitor.
  expect(street.run(60_000).cabinet.monitorTrip?.check).toBe('watchdog')
  street.cabinet.resetMonitor()
  expect(street.run(120_000).cabinet.monitorTrip).toBeNull()
})

describe('in flash', () => {
  test('the coordinated street flashes yellow once a second, the others red, pedestrians are dark', () => {
    const street = tripped()
    street.runUntil(() => lampsOf(street).reds === 0, 1_000)
    street.runUntil(() => lampsOf(street).reds !== 0, 1_000)
    const seen: number[][] = []
    seen.push(Object.values(lampsOf(street)))
    street.run(1_900, () => seen.push(Object.values(lampsOf(street))))
    const lit = [SIDE, MAIN, 0]
    const dark = [0, 0, 0]
    expect(seen).toEqual([lit, dark, lit, dark].flatMap((lamps) => Array.from({ length: 5 }, () => lamps)))
  })

  test('phases and overlaps are red, and nothing of the controller moves', () => {
    const street = tripped()
    const before = street.records.length
    street.pedestrianButtons = bit(2)
    street.run(600_000)
    const { signal } = street.cabinet
    expect([signal.greens, signal.yellows, signal.walks, signal.overlapGreens]).toEqual([0, 0, 0, 0])
    expect(listBits(signal.reds)).toEqual([1, 2, 4, 6, 8])
    expect(street.codesSince(before)).toEqual([])
    expect(unitOf(street)).toEqual({ controlStatus: 'fault', flashCause: 'conflictMonitor' })
  })

  test('the log names the check, its channels and the flash, and the alarm stands until the reset', () => {
    const street = tripped()
    const redFailure = MONITOR_CHECKS.indexOf('redFailure') + 1
    expect(street.codesSince(-4)).toEqual([
      [EVENT.alarmOn, redFailure],
      [EVENT.monitorChannel, 2],
      [EVENT.flashState, 6],
      [EVENT.unitControl, 1],
    ])
    expect(street.cabinet.controller.readPoint('unit.alarmBits')).toBe(bit(redFailure))
    const before = street.records.length
    street.cabinet.resetMonitor()
    expect(street.codesSince(before)).toEqual([
      [EVENT.alarmOff, redFailure],
      [EVENT.flashState, 2],
      [EVENT.unitControl, 6],
    ])
    expect(street.cabinet.controller.readPoint('unit.alarmBits')).toBe(0)
  })

  test('a lease ends at once, commands are not available, and after the reset a local cycle comes first', () => {
    const street = new MonitoredCabinet().run(60_000)
    const ask = (epoch: number, sequence: number) =>
      street.cabinet.controller.writeControl(controlGroup({ epoch, sequence, leaseMs: 3_000, pattern: 3 }))
    expect(ask(1, 1)).toBe(true)
    street.cabinet.controllerHangs = true
    street.run(300)
    expect(street.cabinet.unit).toMatchObject({ leaseRemainingMs: 0, localCyclesSinceLease: 0 })
    expect(street.cabinet.asked).toBeNull()
    expect(ask(2, 1)).toBe(false)
    expect(street.cabinet.unit.refusedCommandCode).toBe(LEASE_REFUSALS.indexOf('notAvailable'))
    expect(street.run(300_000).cabinet.unit.localCyclesSinceLease).toBe(0)
    street.cabinet.controllerHangs = false
    street.cabinet.resetMonitor()
    expect(unitOf(street)).toEqual({ controlStatus: 'local', flashCause: 'none' })
    street.run(60_000 - STEP_MS)
    expect(street.cabinet.unit.localCyclesSinceLease).toBe(0)
    expect(street.run(STEP_MS).cabinet.unit.localCyclesSinceLease).toBe(1)
    expect(ask(2, 1)).toBe(true)
  })
})

describe('the way back', () => {
  test('a reset starts the cabinet as a power-up does: all red first, then its phases, with no further trip', () => {
    const street = tripped()
    street.cabinet.resetMonitor()
    const redMs = street.runUntil(() => lampsOf(street).greens !== 0, 20_000)
    expect(redMs).toBeGreaterThanOrEqual(5_000)
    street.run(600_000)
    expect(street.cabinet.monitorTrip).toBeNull()
    expect(street.cabinet.signal.coordination.pattern).toBe(3)
  })

  test('a reset while the fault is still there trips again', () => {
    const street = new MonitoredCabinet().run(60_000)
    street.cabinet.lampFaults.set(channelId(8), 'red', 'on')
    street.runUntil(() => street.cabinet.monitorTrip !== null, 120_000)
    street.cabinet.resetMonitor()
    expect(street.cabinet.monitorTrip).toBeNull()
    street.runUntil(() => street.cabinet.monitorTrip !== null, 120_000)
  })

  test('a reset of a healthy cabinet does nothing', () => {
    const street = new MonitoredCabinet().run(62_000)
    const before = lampsOf(street)
    const records = street.records.length
    street.cabinet.resetMonitor()
    expect(lampsOf(street)).toEqual(before)
    expect(street.records).toHaveLength(records)
  })

  test('neither a power cut nor the death of the process that plays the cabinet resets what is latched', () => {
    const directory = mkdtempSync(join(tmpdir(), 'monitor-'))
    const ledger = new Ledger(directory, 'IX-T', () => {})
    const street = tripped()
    const { trip } = street.cabinet.memory
    street.cabinet.powerUp()
    expect(street.cabinet.monitorTrip).toBe(trip)
    expect(street.codesSince(-2)).toEqual([
      [EVENT.powerRestored, 0],
      [EVENT.flashState, 6],
    ])
    ledger.remember(street.cabinet.memory)
    ledger.close()
    const reopened = new Ledger(directory, 'IX-T', () => {})
    const played = new MonitoredCabinet(reopened.before).run(60_000)
    expect(played.cabinet.monitorTrip).toEqual(trip)
    expect(lampsOf(played).greens).toBe(0)
    played.cabinet.resetMonitor()
    reopened.remember(played.cabinet.memory)
    reopened.close()
    const last = new Ledger(directory, 'IX-T', () => {})
    expect(last.before).not.toHaveProperty('trip')
    last.close()
    rmSync(directory, { recursive: true })
  })
})

test('an edge that supervises a cabinet shows the fault, releases it, and takes it back a local cycle after the reset', async () => {
  const street = await superviseStreet({ database: MONITORED })
  await street.liveUntil(() => street.telemetry.states.at(-1)?.mode === 'coordinated', 30_000)
  street.cabinet.lampFaults.set(channelId(1), 'red', 'on')
  await street.liveUntil(() => street.cabinet.monitorTrip !== null, 120_000)
  const shownMs = await street.liveUntil(() => street.telemetry.states.at(-1)?.mode === 'fault', 2_000)
  expect(shownMs).toBeLessThanOrEqual(1_000)
  expect(street.telemetry.states.at(-1)?.ladder?.code).toBe('CABINET_NOT_AVAILABLE')
  street.cabinet.lampFaults.set(channelId(1), 'red', 'sound')
  await street.live(120_000)
  expect(street.cabinet.asked).toBeNull()
  expect(street.telemetry.states.at(-1)?.mode).toBe('fault')
  street.cabinet.resetMonitor()
  const backMs = await street.liveUntil(() => street.telemetry.states.at(-1)?.mode === 'coordinated', 180_000)
  expect(backMs).toBeGreaterThanOrEqual(60_000)
  expect(street.cabinet.monitorTrip).toBeNull()
})
