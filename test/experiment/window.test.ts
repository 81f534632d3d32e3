/** Which part of a scenario is run and measured, as tables of the clock. */
import { describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import { plainDays } from '#sim/traffic/demand/scenario-run.ts'
import { windowFaultText, windowOf } from '#sim/experiment/window.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Monday 23 November 2026, 06:45 in Hamadan. */
const START_EPOCH_MS = Date.UTC(2026, 10, 23, 3, 15)

const scenario: ScenarioConfig = {
  ...plainDays({ timeZone: 'Asia/Tehran', startEpochMs: START_EPOCH_MS }),
  key: 'morning',
  durationMs: 2 * HOUR_MS,
}

describe('of a scenario from 06:45 to 08:45', () => {
  test.each([
    // from, for, warm-up: begins, warm-up, measured; minutes
    [undefined, undefined, 15, 0, 15, 105],
    [undefined, 60, 15, 0, 15, 60],
    ['07:00', 60, 15, 0, 15, 60],
    ['07:30', 60, 15, 30, 15, 60],
    ['07:30', undefined, 15, 30, 15, 75],
    // The streets have no more time to fill than the scenario gives them.
    ['06:50', 30, 15, 0, 5, 30],
    ['06:45', 30, 15, 0, 0, 30],
    ['1 07:30', 75, 0, 45, 0, 75],
  ])(
    'from %s for %s min after %d min: from minute %d on, %d + %d min',
    (from, forMin, warmUp, begins, warm, measured) => {
      const window = windowOf(scenario, {
        warmUpMs: warmUp * MINUTE_MS,
        ...(from !== undefined && { from }),
        ...(forMin !== undefined && { forMs: forMin * MINUTE_MS }),
      })
      if (!window.ok) throw new Error(windowFaultText(window.fault))
      expect(window.value.scenario.startEpochMs).toBe(START_EPOCH_MS + begins * MINUTE_MS)
      expect(window.value.warmUpMs).toBe(warm * MINUTE_MS)
      expect(window.value.measuredMs).toBe(measured * MINUTE_MS)
    },
  )

  test.each([
    [
      '07:30',
      76,
      15,
      'Mon 07:30 to Mon 08:46 is asked for; scenario morning runs from Mon 06:45 for 2 h, until Mon 08:45.',
    ],
    ['08:45', undefined, 15, 'nothing is left to measure from Mon 08:45 on; '],
    [undefined, undefined, 120, 'nothing is left to measure from Mon 08:45 on; '],
    // 06:00 is on the next day.
    ['06:00', 30, 15, 'Tue 06:00 to Tue 06:30 is asked for; '],
  ])('from %s for %s min after %d min is refused: %s', (from, forMin, warmUp, says) => {
    const window = windowOf(scenario, {
      warmUpMs: warmUp * MINUTE_MS,
      ...(from !== undefined && { from }),
      ...(forMin !== undefined && { forMs: forMin * MINUTE_MS }),
    })
    expect(window.ok ? 'taken' : windowFaultText(window.fault)).toContain(says)
  })
})

test('what happens in a scenario happens at the same time of day when its beginning is left out', () => {
  const street = { intersection: intersectionId('IX-01'), approach: 'S' }
  const at = (minute: number) => minute * MINUTE_MS
  const flow = {
    key: 'fire',
    from: street,
    to: street,
    kind: 'emergency',
    perHour: [],
    atMs: [at(10), at(50)],
  } as const
  const lane = { lane: 'S1', beforeStopLineM: 50, lengthM: 10 }
  const eventful: ScenarioConfig = {
    ...scenario,
    vehicles: { ...scenario.vehicles, flows: [flow] },
    weather: [{ fromMs: at(20), factors: { speed: 0.9, headway: 1.1, grip: 0.8 } }],
    closures: [
      { key: 'over', street, fromMs: at(5), untilMs: at(30) },
      { key: 'works', street, fromMs: at(5), untilMs: at(90) },
    ],
    incidents: [{ key: 'crash', street, ...lane, fromMs: at(60), untilMs: at(80) }],
  }
  const window = windowOf(eventful, { from: '07:30', warmUpMs: at(15) })
  if (!window.ok) throw new Error(windowFaultText(window.fault))
  const cut = window.value.scenario
  expect(cut.weather.map(({ fromMs }) => fromMs)).toEqual([at(-10)])
  expect(cut.closures.map(({ key, fromMs, untilMs }) => [key, fromMs, untilMs])).toEqual([['works', at(-25), at(60)]])
  expect(cut.incidents.map(({ fromMs, untilMs }) => [fromMs, untilMs])).toEqual([[at(30), at(50)]])
  expect(cut.vehicles.flows[0]?.atMs).toEqual([at(20)])
  expect(cut.durationMs).toBe(at(90))
})
