/** The parts of the bridge that need no SUMO: pictures of loops, cells of cameras, and when a run is over. */
import { describe, expect, test } from 'vitest'
import { detectorId } from '#base/id.ts'
import { LightRecord } from '#sim/sumo/bridge/light-record.ts'
import { LoopPictures } from '#sim/sumo/bridge/loop-pictures.ts'
import { loopsFile } from '#sim/sumo/bridge/loops-in-street.ts'
import { RunEnd } from '#sim/sumo/bridge/run-end.ts'
import { ZoneCells } from '#sim/sumo/bridge/zone-cells.ts'
import { parseNetwork } from '#sim/sumo/network/read-network.ts'
import type { Report } from '#sim/sumo/traci/replies.ts'
import type { TypedValue } from '#sim/sumo/traci/typed-value.ts'
import { SILENT } from '#sim/cabinet/silent-status.ts'

const number = (value: number): TypedValue => ({ type: 'double', value })
const text = (value: string): TypedValue => ({ type: 'string', value })

/** As SUMO lists those who were on a loop: from when to when; -1 = still there. */
const onLoop = (...stays: readonly (readonly [number, number])[]): TypedValue => ({
  type: 'compound',
  value: [
    { type: 'int', value: stays.length },
    ...stays.flatMap(([from, to], n) => [text(`car ${n}`), number(5), number(from), number(to), text('car')]),
  ],
})

test('two cars that cross a loop within a second are two actuations, tenth by tenth', () => {
  const pictures = new LoopPictures()
  pictures.report('loop', onLoop([10.12, 10.48], [10.71, -1]))
  const tenths = Array.from({ length: 10 }, (_, n) => (pictures.isOccupied('loop', 10.1 + n / 10) ? '#' : '.'))
  expect(tenths.join('')).toBe('.###...###')
  pictures.report('loop', onLoop())
  expect(pictures.isOccupied('loop', 11)).toBe(false)
})

test('names with quotes and brackets stand in the file of loops as XML has them', () => {
  expect(loopsFile([{ id: 'l', lane: 'a<"b"&c_0', positionM: 5 }])).toContain(
    'lane="a&lt;&quot;b&quot;&amp;c_0" pos="5"',
  )
})

describe('a run is over', () => {
  const moving = { expected: 5, departed: 1, arrived: 0 }
  test.each([
    ['at its end', { beginS: 0, endS: 100 }, [{ ...moving, nowS: 100 }], 'end'],
    ['not before', { beginS: 0, endS: 100 }, [{ ...moving, nowS: 99.9 }], null],
    [
      'once everybody has left',
      { beginS: 0, endS: null },
      [{ nowS: 7, expected: 0, departed: 0, arrived: 1 }],
      'everybody has left',
    ],
    [
      'after an hour in which nothing moved, where no end is set',
      { beginS: 0, endS: null },
      [
        { ...moving, nowS: 10 },
        { nowS: 3_610, expected: 5, departed: 0, arrived: 0 },
      ],
      'nothing moves any more',
    ],
    [
      'not for a gap in demand while the street is empty',
      { beginS: 0, endS: null },
      [{ nowS: 7_200, expected: 5, departed: 0, arrived: 0 }],
      null,
    ],
    [
      'after a day and a half at the latest',
      { beginS: 0, endS: null },
      [{ ...moving, nowS: 36 * 3_600 }],
      'longest run',
    ],
  ] as const)('%s', (_, limits, steps, ending) => {
    const end = new RunEnd(limits)
    expect(steps.map((step) => end.after(step)).at(-1)).toBe(ending)
  })
})

describe('a camera', () => {
  const lane = (id: string, lengthM: number) =>
    `<edge id="${id}" from="x" to="y"><lane id="${id}_0" index="0" speed="14" length="${lengthM}" shape="0,0 1,0"/></edge>`
  const parsed = parseNetwork(`<net>${lane('far', 300)}${lane('near', 40)}</net>`)
  if (!parsed.ok) throw new Error('no network')
  const stretches = [
    { lane: 'near_0', endsBeforeM: 0 },
    { lane: 'far_0', endsBeforeM: 40 },
  ]
  const cells = new ZoneCells({ zones: [{ detector: detectorId(1), stretches }] }, parsed.value)
  const vehicle = (where: string, positionM: number, speedMps: number): Report['values'] =>
    new Map([
      [0x51, text(where)],
      [0x56, number(positionM)],
      [0x40, number(speedMps)],
    ])
  const report = (vehicles: Readonly<Record<string, Report['values']>>): Report => ({
    domain: 'junction',
    id: 'y',
    values: new Map(),
    around: new Map(Object.entries(vehicles)),
  })

  test('counts those in each 10 m before the stop line, over the joint of two lanes, once each', () => {
    const seen = { a: vehicle('near_0', 39, 0), b: vehicle('near_0', 31, 10), c: vehicle('far_0', 295, 5) }
    cells.look([report(seen), report({ a: seen.a, far: vehicle('far_0', 239, 14), aside: vehicle('other_0', 1, 1) })])
    const words = [...(cells.words.get(detectorId(1)) ?? [])]
    // 2 with a mean of 5 m/s = 18 km/h, then one in the fifth cell; who is 101 m away is not seen.
    expect(words).toEqual([2 * 256 + 18, 0, 0, 0, 256 + 18, 0, 0, 0, 0, 0])
    expect(cells.vehiclesIn(detectorId(1))).toBe(3)
  })

  test('forgets who has gone', () => {
    cells.look([report({})])
    expect(cells.vehiclesIn(detectorId(1))).toBe(0)
    expect([...(cells.words.get(detectorId(1)) ?? [])].every((word) => word === 0)).toBe(true)
  })
})

test('the record of a light has its greens, its cycles, and the longest that a call waited', () => {
  const record = new LightRecord()
  const show = (nowMs: number, greens: number, vehicleCalls: number) =>
    record.note({ ...SILENT, greens, vehicleCalls }, nowMs)
  show(0, 0b01, 0b00)
  show(5_000, 0b01, 0b10)
  show(20_000, 0b10, 0b00)
  show(30_000, 0b01, 0b00)
  show(50_000, 0b10, 0b00)
  expect(record.shown).toEqual({
    greens: 3,
    meanCycleMs: 30_000,
    shortestCycleMs: 30_000,
    longestCycleMs: 30_000,
    longestWaitMs: 15_000,
  })
})
