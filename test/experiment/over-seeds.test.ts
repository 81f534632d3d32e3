/** What seeds say together, and what pairs of runs say of two ways of control. */
import { expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import { reportExperiment } from '#sim/experiment/experiment-report.ts'
import { comparePlaces, estimatePlaces } from '#sim/experiment/over-seeds.ts'
import type { RunResult } from '#sim/experiment/run-once.ts'
import type { StrategyName } from '#sim/closed-loop/ladders.ts'
import { plainDays } from '#sim/traffic/demand/scenario-run.ts'
import type { Figures } from '#sim/traffic/measures/figures.ts'
import type { RunReport } from '#sim/traffic/measures/run-report.ts'

const IX = { level: 'intersection', intersection: intersectionId('IX-01') } as const
const reportOf = (figures: Figures): RunReport => ({
  fromMs: 0,
  untilMs: 3_600_000,
  wanted: 10,
  left: 8,
  inside: 1,
  outside: 1,
  stuck: 0,
  stuckAtEnd: 0,
  places: [{ ...IX, figures }],
  quarters: [],
})

test('the mean of three seeds stands with its interval', () => {
  const [place] = estimatePlaces([20, 22, 24].map((controlDelayS) => reportOf({ controlDelayS })))
  expect(place).toMatchObject({ ...IX, figures: { controlDelayS: { mean: 22, samples: 3 } } })
  // s = 2, t = 4.303.
  expect(place?.figures.controlDelayS?.plusMinus).toBeCloseTo((4.303 * 2) / Math.sqrt(3), 2)
})

test('a figure that some seeds cannot tell stands on the others, one that none can tell is left out', () => {
  const [place] = estimatePlaces([reportOf({ stops: 1, busDelayS: 30 }), reportOf({ stops: 2 })])
  expect(place?.figures).toEqual({
    stops: { mean: 1.5, samples: 2, plusMinus: expect.closeTo(12.706 * 0.5, 2) },
    busDelayS: { mean: 30, samples: 1 },
  })
})

test('runs are compared seed by seed: a small difference shows behind large ones between seeds', () => {
  const pairs = [
    [10, 9],
    [40, 38.9],
    [25, 24.2],
  ].map(([one = 0, other = 0]) => [reportOf({ stops: one }), reportOf({ stops: other, busDelayS: 4 })] as const)
  const [place] = comparePlaces(pairs)
  expect(place?.figures.stops?.verdict).toBe('less')
  expect(place?.figures.stops?.mean).toBeCloseTo(-2.9 / 3, 10)
  expect(place?.figures.busDelayS).toBeUndefined()
})

const run = (strategy: StrategyName, seed: number, controlDelayS: number): RunResult => ({
  strategy,
  seed,
  report: reportOf({ controlDelayS }),
  stopped: [],
})
const WINDOW = {
  scenario: { ...plainDays({ timeZone: 'Asia/Tehran', startEpochMs: 0 }), key: 'morning' },
  warmUpMs: 900_000,
  measuredMs: 3_600_000,
}

test('of an experiment that was stopped, only seeds that both ways have finished are compared', () => {
  const runs = [run('local', 1, 30), run('actuated', 1, 28), run('local', 2, 33)]
  const report = reportExperiment(WINDOW, ['local', 'actuated'], runs)
  expect(report.strategies.map(({ strategy, seeds }) => [strategy, seeds])).toEqual([
    ['local', [1, 2]],
    ['actuated', [1]],
  ])
  expect(report.comparison).toMatchObject({ first: 'local', second: 'actuated', seeds: [1] })
  expect(report.comparison?.places[0]?.figures.controlDelayS).toEqual({ mean: -2, samples: 1, verdict: 'none' })
  expect(report).toMatchObject({ fromEpochMs: 900_000, untilEpochMs: 4_500_000 })
})

test('without a finished run of the second way nothing is compared, and the first is reported', () => {
  const report = reportExperiment(WINDOW, ['local', 'actuated'], [run('local', 1, 30)])
  expect(report.comparison).toBeUndefined()
  expect(report.strategies.map(({ levelsOfService }) => levelsOfService)).toEqual([{ 'IX-01': 'C' }])
})
