/** The figures of the bench for control: what is run, what is made of the seeds, and which figure is held or missed. */
import { describe, expect, test } from 'vitest'
import { readOptions } from '#bench/control/options.ts'
import { nameScenarios, networkOf } from '#bench/control/scenarios.ts'
import { remarksOn, summarise, type Judged, type Runs } from '#bench/control/summary.ts'
import { tableOf, verdictLines } from '#bench/control/table.ts'
import { judge } from '#bench/control/verdicts.ts'
import { waysOf, type Detectors, type StrategyName } from '#bench/control/ways.ts'

const reportOf = (seed: number, meanDelay_s: number, more: Partial<Judged> = {}): Judged => ({
  seed,
  meanDelay_s,
  ending: 'end',
  teleports: 0,
  vehicles: { wanted: 100, inserted: 100, arrived: 100, unfinished: 0, neverInserted: 0, removed: 0 },
  lights: [{ longestWait_s: 60, monitorTrips: [] }],
  left: [],
  ...more,
})

/** Seeds 1, 2, … with these mean delays. */
const runsOf = (name: string, delaysS: readonly number[], scenario = 'cologne1'): Runs => {
  const [strategy, detectors] = name.split(' ') as [StrategyName, Detectors]
  const reports = delaysS.map((delayS, i) => reportOf(i + 1, delayS))
  return { scenario, way: { strategy, detectors }, reports, failedSeeds: [] }
}

/** A figure a line, without the names of the place. */
const linesOf = (runs: readonly Runs[]): string[] =>
  judge(runs).map((verdict) =>
    verdict.outcome === 'open'
      ? `${verdict.figure}: open, ${verdict.why}`
      : `${verdict.figure}: ${verdict.value.toFixed(2)} of ${verdict.bar.toFixed(2)} ${verdict.outcome}`,
  )

describe('what is run', () => {
  test('everything by both kinds of detectors, but a plan and an actuated controller by loops alone', () => {
    const found = readOptions([])
    if (!found.ok) throw new Error(found.fault)
    const ways = waysOf(found.value.strategies, found.value.detectors)
    expect(ways.map(({ strategy, detectors }) => `${strategy} ${detectors}`)).toEqual([
      'adaptive loops',
      'adaptive camera',
      'max-pressure loops',
      'max-pressure camera',
      'actuated loops',
      'fixed loops',
    ])
    expect(found.value).toMatchObject({ seeds: [1, 2, 3, 4, 5], scenarios: [], isStrict: false, out: null })
  })

  test('where only a camera is asked for, the simple methods still have their loops to be compared by', () => {
    expect(waysOf(['adaptive', 'fixed'], ['camera'])).toEqual([
      { strategy: 'adaptive', detectors: 'camera' },
      { strategy: 'fixed', detectors: 'loops' },
    ])
  })

  test.each([
    ['--strategies adaptive,clever', "--strategies has no 'clever'"],
    ['--strategies=', "--strategies has no ''"],
    ['--detectors radar', "--detectors has no 'radar'"],
    ['--seeds 0', '--seeds 0 is no number from 1 to 100'],
    ['--seeds 101', '--seeds 101 is no number'],
    ['--seeds 2.5', '--seeds 2.5 is no number'],
    ['--sceanrio a.sumocfg', "Unknown option '--sceanrio'"],
    ['cologne1.sumocfg', 'cologne1.sumocfg'],
  ])('refuses %s by name', (typed, fault) => {
    expect(readOptions(typed.split(' '))).toEqual({ ok: false, fault: expect.stringContaining(fault) })
  })

  test.each([1, 100])('takes %i seeds', (count) => {
    const found = readOptions(['--seeds', String(count)])
    expect(found).toMatchObject({ ok: true, value: { seeds: { length: count } } })
  })

  test('two networks of one name are told apart by their paths, and a file named twice is run once', () => {
    expect(nameScenarios(['/a/grid.sumocfg', '/a/town.sumocfg', '/b/grid.sumocfg', '/a/town.sumocfg'])).toEqual([
      { name: '/a/grid.sumocfg', file: '/a/grid.sumocfg' },
      { name: 'town', file: '/a/town.sumocfg' },
      { name: '/b/grid.sumocfg', file: '/b/grid.sumocfg' },
    ])
    expect(networkOf('/b/grid.sumocfg')).toBe('grid')
  })
})

describe('what the seeds say together', () => {
  test('the mean has its interval, and the worst of everything is shown', () => {
    const summary = summarise({
      ...runsOf('adaptive loops', []),
      reports: [
        reportOf(1, 20, { teleports: 2 }),
        reportOf(2, 26, { teleports: 1, lights: [{ longestWait_s: 150.5, monitorTrips: [] }] }),
        reportOf(3, 23),
      ],
    })
    // Student's t for two degrees is 4.303, the samples deviate by 3.
    expect(summary?.delayS.plusMinus).toBeCloseTo((4.3027 * 3) / Math.sqrt(3), 3)
    expect(summary).toMatchObject({
      delayS: { mean: 23, samples: 3 },
      worst: { seed: 2, delayS: 26 },
      worstToMean: 26 / 23,
      teleports: 3,
      longestWaitS: 150.5,
    })
  })

  test('what no figure shows is said in words', () => {
    const runs: Runs = {
      ...runsOf('max-pressure camera', [], 'cologne3'),
      reports: [
        reportOf(1, 20, { left: [{ id: 'B', code: 'LIGHT_OF_RAILS', reason: 'a railway has it' }] }),
        reportOf(2, 90, { teleports: 4, ending: 'nothing moves any more' }),
        reportOf(3, 20, { lights: [{ longestWait_s: 1, monitorTrips: ['conflict'] }] }),
      ],
      failedSeeds: [4],
    }
    expect(remarksOn(runs)).toEqual([
      'cologne3, max-pressure by camera: lights that keep their own program: B',
      'cologne3, max-pressure by camera, seed 2: teleports: 4; it ended for: nothing moves any more',
      'cologne3, max-pressure by camera, seed 3: the conflict monitor took the lamps: 1',
      'cologne3, max-pressure by camera: no report of seed 4',
    ])
  })
})

describe('which figure is held', () => {
  test.each<[string, number, string]>([
    ['cologne1 camera', 23.5, '23.51'],
    ['cologne1 loops', 25, '25.01'],
    ['cologne3 camera', 17.5, '17.51'],
    ['cologne3 loops', 19, '19.01'],
    ['ingolstadt1 camera', 20.5, '20.51'],
    ['ingolstadt1 loops', 22, '22.01'],
    ['grid4x4 camera', 18.5, '18.51'],
    ['grid4x4 loops', 20.5, '20.51'],
  ])('%s carries %d s of mean delay, and not a hundredth more', (place, bar, above) => {
    const [scenario = '', detectors] = place.split(' ')
    const first = (delayS: number) => linesOf([runsOf(`adaptive ${detectors}`, [delayS, delayS, delayS], scenario)])[0]
    expect(first(bar)).toBe(`mean delay: ${bar.toFixed(2)} of ${bar.toFixed(2)} held`)
    expect(first(Number(above))).toBe(`mean delay: ${above} of ${bar.toFixed(2)} missed`)
  })

  test('a mean that is at the bar but for the last bits of its sum holds it', () => {
    const delaysS = [23, 23.01, 23.01, 24.98]
    expect(delaysS.reduce((sum, each) => sum + each, 0) / 4).toBeGreaterThan(23.5)
    expect(linesOf([runsOf('adaptive camera', delaysS)])[0]).toContain('held')
  })

  test('a seed that locks up is a failure, however good the mean is', () => {
    expect(linesOf([runsOf('adaptive loops', [10, 10, 10, 15])])[1]).toBe('worst seed to mean: 1.33 of 1.25 missed')
    expect(linesOf([runsOf('adaptive loops', [9, 9, 12.5, 9.5])])[1]).toBe('worst seed to mean: 1.25 of 1.25 held')
    const single = linesOf([runsOf('adaptive loops', [10])])[1]
    expect(single).toBe('worst seed to mean: open, a single seed is its own mean')
  })

  test('a single teleport is one too many', () => {
    const runs = { ...runsOf('adaptive loops', []), reports: [reportOf(1, 20, { teleports: 1 })] }
    expect(linesOf([runs])[2]).toBe('teleports: 1.00 of 0.00 missed')
  })

  test('it is never worse than max-pressure with the same eyes, nor than actuated control with its loops', () => {
    const runs = [
      runsOf('adaptive camera', [20]),
      runsOf('adaptive loops', [22]),
      runsOf('max-pressure camera', [19]),
      runsOf('max-pressure loops', [22]),
      runsOf('actuated loops', [21]),
    ]
    expect(linesOf(runs).filter((line) => line.includes('not above'))).toEqual([
      'mean delay, not above actuated by loops: 20.00 of 21.00 held',
      'mean delay, not above max-pressure by camera: 20.00 of 19.00 missed',
      'mean delay, not above actuated by loops: 22.00 of 21.00 missed',
      'mean delay, not above max-pressure by loops: 22.00 of 22.00 held',
    ])
  })

  test('on a network that nobody knows it is held against the best of the simple methods there', () => {
    const simple = [
      runsOf('max-pressure camera', [40], 'town'),
      runsOf('max-pressure loops', [50], 'town'),
      runsOf('actuated loops', [44], 'town'),
      runsOf('fixed loops', [60], 'town'),
      runsOf('actuated loops', [1], 'another town'),
    ]
    const first = (way: string, delayS: number) => linesOf([runsOf(way, [delayS], 'town'), ...simple])[0]
    expect(first('adaptive camera', 30)).toBe(
      'mean delay, 0.75 × the best simple: max-pressure by camera: 30.00 of 30.00 held',
    )
    expect(first('adaptive loops', 37.5)).toBe(
      'mean delay, 0.85 × the best simple: actuated by loops: 37.50 of 37.40 missed',
    )
  })

  test('what was not run leaves a figure open, and so does a seed that failed', () => {
    const adaptive = runsOf('adaptive loops', [20, 20], 'town')
    const actuated = { ...runsOf('actuated loops', [30, 30], 'town'), failedSeeds: [3] }
    expect(linesOf([adaptive, actuated]).filter((line) => line.includes('open'))).toEqual([
      'mean delay, 0.85 × the best simple: open, no runs of fixed by loops, seed 3 of actuated by loops failed, no runs of max-pressure by loops',
      'mean delay, not above actuated by loops: open, seed 3 of actuated by loops failed',
      'mean delay, not above max-pressure by loops: open, no runs of max-pressure by loops',
    ])
    expect(linesOf([{ ...adaptive, failedSeeds: [2] }])).toEqual([
      'all figures: open, seed 2 of adaptive by loops failed',
    ])
  })
})

describe('what is printed', () => {
  test('a row a way, with what is not known as a dash', () => {
    const runs = [runsOf('adaptive loops', [24, 26]), runsOf('fixed loops', [59.25])]
    const nothing = { ...runsOf('actuated loops', []), failedSeeds: [1] }
    expect(`\n${tableOf([...runs, nothing]).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      scenario  strategy  detectors  seeds  delay s  ± 95 %  worst s  of seed  worst/mean  teleports  wait s  never in  unfinished
      cologne1  adaptive  loops          2    25.00   12.71    26.00        2        1.04          0    60.0         0           0
      cologne1  fixed     loops          1    59.25       –    59.25        1        1.00          0    60.0         0           0
      cologne1  actuated  loops          0        –
      delay: time loss and departure delay of everybody who wanted to leave; teleports: of all seeds together;
      wait (longest at a stop line), never in and unfinished: of the seed where each is worst
      cologne1, actuated by loops: no report of seed 1
      "
    `)
  })

  test('a missed figure says by how much', () => {
    const runs = [runsOf('adaptive camera', [24, 26]), runsOf('actuated loops', [30])]
    expect(`\n${verdictLines(judge(runs)).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      cologne1  camera  mean delay                                    25.00 s  ≤ 23.50 s  MISSED by 1.50 s (6.4 %)
      cologne1  camera  worst seed to mean                               1.04     ≤ 1.25  held
      cologne1  camera  teleports                                           0        ≤ 0  held
      cologne1  camera  mean delay, not above actuated by loops       25.00 s  ≤ 30.00 s  held
      cologne1  camera  mean delay, not above max-pressure by camera                      not judged: no runs of max-pressure by camera
      1 of 4 figures are MISSED
      1 could not be judged
      "
    `)
  })

  test('without adaptive control there is nothing to judge', () => {
    expect(verdictLines(judge([runsOf('fixed loops', [59])]))).toEqual([
      'No figure is judged: the strategy adaptive was not run.',
    ])
  })
})
