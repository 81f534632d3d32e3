/** Detector counters of 16 bits that run over, as a real card's do after a day or two, read over real Modbus. */
import { expect, test } from 'vitest'
import { detectorId } from '#base/id.ts'
import { good } from '#base/known.ts'
import { openModbus } from '#devices/modbus/driver.ts'
import { passedSince } from '#control/queues/counter.ts'
import { detectorEvents, type DetectorTrace } from '#edge/detector-events.ts'
import { serveModbus } from '#sim/servers/modbus-server.ts'
import { modbusProfile } from '#test/support/profiles.ts'
import { named } from '#test/support/test-telemetry.ts'
import { virtualDevice } from '#test/support/virtual-device.ts'

const TIMEOUT_MS = 3_000
const LOOP = detectorId(1)

test('the vehicles before and behind the turn of a counter are each told once, and none is made up', async () => {
  const profile = await modbusProfile('sabz-modbus-loop-card')
  const channels = profile.points.get('detector.actuationCounts')?.length ?? 0
  const source = virtualDevice()
  const server = await serveModbus({ profile, source, host: '127.0.0.1', port: 0 })
  const { device } = openModbus(profile, { host: '127.0.0.1', port: server.port, unit: 1 })
  await device.connect(TIMEOUT_MS)

  let trace: DetectorTrace | undefined
  const seen: [number, number, string][] = []
  for (const shown of [65_533, 65_535, 0, 0, 3]) {
    source.shows.set(
      'detector.actuationCounts',
      Array.from({ length: channels }, () => shown),
    )
    const scanned = await device.scan(TIMEOUT_MS)
    const counts = scanned.ok ? scanned.value.get('detector.actuationCounts') : null
    const actuationCount = Array.isArray(counts) ? Number(counts[0]) : Number.NaN
    const passed = passedSince(trace?.actuationCount ?? null, actuationCount)
    const told = detectorEvents(LOOP, trace, { reading: good({ occupied: false, actuationCount }, 0), faults: 0 })
    seen.push([actuationCount, passed, named(told.events).join(', ')])
    trace = told.trace
  }
  const pass = 'detectorOn 1, detectorOff 1'
  expect(seen).toEqual([
    [65_533, 0, ''],
    [65_535, 2, `${pass}, ${pass}`],
    [0, 1, pass],
    [0, 0, ''],
    [3, 3, `${pass}, ${pass}, ${pass}`],
  ])
  await device.close()
  await server.close()
})
