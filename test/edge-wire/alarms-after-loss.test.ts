/** An alarm that began while nobody could read its controller, over real Modbus and OPC UA: it is told when the wire is back. */
import { expect, test } from 'vitest'
import { ALARMS } from '#signal/alarms.ts'
import { EVENT } from '#signal/events.ts'
import { until } from '#test/support/eventually.ts'
import { SWALLOWED, UNTOUCHED } from '#test/support/tcp-proxy.ts'
import { superviseOverProxy } from './proxied-cabinet.ts'

test.each(['sabz-modbus-controller', 'sabz-opcua-controller'])(
  'a door that was opened during a loss of %s stands as an alarm after it, and is recorded once',
  async (profile) => {
    const { cabinet, wire, telemetry, stop } = await superviseOverProxy('IX-alarm', profile)
    const state = () => telemetry.states.at(-1)
    const told = () =>
      telemetry.events.filter(({ code, parameter }) => code === EVENT.alarmOn && parameter === ALARMS.doorOpen)
    await until('a controller that is read', () => (state()?.signal ?? null) !== null)

    wire.fromDevice = SWALLOWED
    wire.cut()
    await until('a controller that is not', () => state()?.mode === 'unknown' && state()?.signal === null)
    cabinet.cabinet.panels.doorOpen = true
    await until('the cabinet that has noticed', () => cabinet.cabinet.unit.alarmBits !== 0)
    expect([state()?.alarms, state()?.doorOpen, told()]).toEqual([[], null, []])

    wire.fromDevice = UNTOUCHED
    await until('the alarm', () => state()?.alarms.includes(ALARMS.doorOpen) === true && told().length > 0)
    expect([state()?.doorOpen, told().length]).toEqual([true, 1])
    await stop()
  },
)
