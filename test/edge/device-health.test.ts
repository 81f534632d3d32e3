/** What is wrong with a wire gets its name when it has stood for a while, and loses it with the first answer in time. */
import { describe, expect, test } from 'vitest'
import { HEALTHY, SILENT_MS, stepHealth, TROUBLE_MS, type DeviceHealth } from '#edge/device-health.ts'
import type { LinkFault, LinkHealth } from '#edge/link-record.ts'

const TICK_MS = 100

const ANSWERED: LinkHealth = { link: 'up', fault: null, timely: 1, late: 0 }
const LATE: LinkHealth = { link: 'up', fault: null, timely: 0, late: 1 }
const QUIET: LinkHealth = { link: 'up', fault: null, timely: 0, late: 0 }
const down = (fault: LinkFault): LinkHealth => ({ link: 'down', fault, timely: 0, late: 0 })

/** Lives through each stretch of ticks; what stands as an alarm at the end of each. */
function live(...stretches: readonly (readonly [ms: number, seen: LinkHealth])[]): (string | null)[] {
  let health: DeviceHealth = HEALTHY
  let nowMonoMs = 0
  return stretches.map(([ms, seen]) => {
    for (let passed = 0; passed < ms; passed += TICK_MS) health = stepHealth(health, seen, (nowMonoMs += TICK_MS))
    return health.alarm
  })
}

const SILENT = down({ code: 'TIMED_OUT', afterMs: 500 })
const REFUSED = down({ code: 'CONNECT_FAILED', detail: 'ECONNREFUSED' })

test.each<[string, LinkFault, string]>([
  ['refuses connections', { code: 'CONNECT_FAILED', detail: 'ECONNREFUSED' }, 'deviceUnreachable'],
  ['cuts them', { code: 'CONNECTION_LOST', detail: 'ECONNRESET' }, 'deviceUnreachable'],
  [
    'is behind a gateway that does not reach it',
    { code: 'REFUSED_BY_DEVICE', protocolCode: 11, detail: '' },
    'deviceUnreachable',
  ],
  ['says nothing', { code: 'TIMED_OUT', afterMs: 500 }, 'deviceSilent'],
  ['answers after a second', { code: 'ANSWERED_LATE', detail: '1000 ms' }, 'deviceLate'],
  ['is not the one that was asked', { code: 'WRONG_UNIT', detail: 'unit 4 instead of 3' }, 'wrongUnit'],
  ['has another map', { code: 'WRONG_MAP', detail: 'version 0' }, 'wrongMap'],
  ['refuses registers of its profile', { code: 'REFUSED_BY_DEVICE', protocolCode: 2, detail: '' }, 'wrongMap'],
  ['answers nonsense', { code: 'BAD_REPLY', detail: 'noise' }, 'wrongMap'],
])('a device that %s has that for its alarm', (_what, fault, alarm) => {
  expect(live([TROUBLE_MS, down(fault)], [TICK_MS, down(fault)], [TICK_MS, ANSWERED])).toEqual([null, alarm, null])
})

describe('answers that are late', () => {
  test('are an alarm when none is in time for six seconds, though some ticks have none at all', () => {
    expect(live([TROUBLE_MS, LATE], [TICK_MS, QUIET], [TICK_MS, ANSWERED])).toEqual([null, 'deviceLate', null])
  })

  test('are none as long as some are in time', () => {
    expect(live([3_000, LATE], [TICK_MS, ANSWERED], [3_000, LATE], [TICK_MS, ANSWERED])).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  test('may become too late for a new connection: silence is believed after a minute of it', () => {
    expect(live([TROUBLE_MS + TICK_MS, LATE], [SILENT_MS, SILENT], [TICK_MS, SILENT])).toEqual([
      'deviceLate',
      'deviceLate',
      'deviceSilent',
    ])
  })
})

test('what changes before it has a name has the last one', () => {
  expect(live([TROUBLE_MS - TICK_MS, SILENT], [TROUBLE_MS, REFUSED], [TICK_MS, REFUSED])).toEqual([
    null,
    null,
    'deviceUnreachable',
  ])
})

test('a device that was never asked has nothing wrong with it', () => {
  expect(live([60_000, { ...QUIET, link: 'starting' }])).toEqual([null])
})
