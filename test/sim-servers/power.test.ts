/** A device whose cabinet has no power is silent on its wire: whoever asks has lost it, and finds it again when the power is back. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OpenDevice } from '#devices/device.ts'
import type { VirtualCabinet } from '#sim/cabinet/virtual-cabinet.ts'
import { controlGroup } from '#test/sim/crossing-cabinet.ts'
import { profileNamed } from '#test/support/profiles.ts'
import { cabinetInFlash, inMemory, overLoopback, pass, type TimingBench } from '#test/support/timing-bench.ts'

const TIMEOUT_MS = 5_000

describe.each([
  ['memory', 'sabz-modbus-controller', inMemory],
  ['loopback', 'sabz-modbus-controller', overLoopback],
  ['loopback', 'generic-ntcip-modbus', overLoopback],
  ['loopback', 'sabz-opcua-controller', overLoopback],
] as const)('over %s, %s', (wire, name, build) => {
  let cabinet: VirtualCabinet
  let bench: TimingBench
  let opened: OpenDevice

  beforeAll(async () => {
    bench = await build(await profileNamed(name), () => cabinet.controller)
  })
  afterAll(() => bench.stop())
  beforeEach(async () => {
    cabinet = cabinetInFlash()
    opened = bench.open()
    await opened.device.connect(TIMEOUT_MS)
  })
  afterEach(() => opened.device.close())

  const cutPower = () => {
    cabinet.power.mains = false
    pass(cabinet, 1_000)
  }
  const restorePower = () => {
    cabinet.power.mains = true
    pass(cabinet, 1_000)
  }
  const uptimeMs = async () => {
    const scanned = await opened.device.read(['unit.clockEpochMs', 'supervision.epoch'], TIMEOUT_MS)
    return scanned.ok ? 'read' : scanned.fault.code
  }

  test('a scan finds the connection gone, and the next one too', async () => {
    cutPower()
    expect(await opened.device.scan(TIMEOUT_MS)).toMatchObject({ ok: false, fault: { code: 'CONNECTION_LOST' } })
    expect(await opened.device.scan(TIMEOUT_MS)).toMatchObject({ ok: false, fault: { code: 'NOT_CONNECTED' } })
  })

  test('nothing is commanded, and nothing of it is followed when the power is back', async () => {
    const { epoch } = cabinet.unit.leaseEpoch === 0 ? { epoch: 5 } : { epoch: cabinet.unit.leaseEpoch + 1 }
    cutPower()
    const group = controlGroup({ epoch, sequence: 1 })
    if (name === 'generic-ntcip-modbus')
      for (const point of ['control.preempt', 'control.priority'] as const) group.delete(point)
    expect(await opened.commands?.write(group, TIMEOUT_MS)).toMatchObject({ fault: { code: 'CONNECTION_LOST' } })
    restorePower()
    expect(cabinet.asked).toBeNull()
    expect(cabinet.unit.leaseEpoch).toBe(0)
  })

  test('whoever calls meanwhile gets nobody', async () => {
    cutPower()
    const late = bench.open()
    const connected = await late.device.connect(TIMEOUT_MS)
    const asked = connected.ok ? await late.device.scan(TIMEOUT_MS) : connected
    expect(asked.ok ? '' : asked.fault.code).toMatch(/CONNECT_FAILED|CONNECTION_LOST|NOT_CONNECTED/)
    await late.device.close()
    if (wire === 'memory') return
    const socket = connect({ host: '127.0.0.1', port: bench.port })
    socket.on('error', () => {}).resume()
    await once(socket, 'close')
  })

  test('the same device is found again when the power is back, as often as it goes', async () => {
    for (let cut = 0; cut < 3; cut++) {
      cutPower()
      expect((await opened.device.scan(TIMEOUT_MS)).ok).toBe(false)
      expect((await opened.device.scan(TIMEOUT_MS)).ok).toBe(false)
      restorePower()
      expect(await opened.device.connect(TIMEOUT_MS)).toEqual({ ok: true, value: undefined })
      expect((await opened.device.scan(TIMEOUT_MS)).ok).toBe(true)
      expect(await uptimeMs()).toBe('read')
    }
  })

  test('a flicker that the controller rides through is not noticed on the wire', async () => {
    cabinet.power.mains = false
    pass(cabinet, 400)
    expect((await opened.device.scan(TIMEOUT_MS)).ok).toBe(true)
    cabinet.power.mains = true
    pass(cabinet, 100)
    expect((await opened.device.scan(TIMEOUT_MS)).ok).toBe(true)
  })
})
