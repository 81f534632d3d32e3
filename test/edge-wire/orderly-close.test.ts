/** A controller that hangs up in order, with a FIN, over real Modbus and OPC UA: the edge connects anew by itself. */
import { expect, test } from 'vitest'
import { EVENT } from '#signal/events.ts'
import { until } from '#test/support/eventually.ts'
import { superviseOverProxy } from './proxied-cabinet.ts'

test.each(['sabz-modbus-controller', 'generic-ntcip-modbus', 'sabz-opcua-controller'])(
  'a controller of %s that hangs up three times in order is connected and read again each time, and is not given up',
  async (profile) => {
    const { wire, telemetry, stop } = await superviseOverProxy('IX-fin', profile)
    const newest = () => telemetry.states.at(-1)?.sampledAtEpochMs ?? 0
    await until('a controller that is read', () => newest() > 0)
    for (let time = 1; time <= 3; time++) {
      const { accepted } = wire
      wire.hangUp()
      await until(`connection after hanging up ${time}`, () => wire.accepted > accepted)
      const connectedAtEpochMs = Date.now()
      await until(`reading after hanging up ${time}`, () => newest() > connectedAtEpochMs)
    }
    const count = (code: number) => telemetry.events.filter((event) => event.code === code).length
    expect(count(EVENT.deviceLost)).toBe(count(EVENT.deviceBack))
    await stop()
  },
)
