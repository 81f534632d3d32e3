/** The bench that breaks things in the city: lies over a loop, failures that repeat, silence, and what pairs of runs say. */
import { expect, test } from 'vitest'
import { intersectionId, phaseId, detectorId } from '#base/id.ts'
import { randomStream } from '#base/random.ts'
import { bit } from '#base/bits.ts'
import { Liar, drawAttack, varyAttack, type Attack } from '#bench/robustness/attack.ts'
import { oneCableEach, oneDetectorEach } from '#bench/robustness/failures.ts'
import { barsOf, pair, type RunFigures } from '#bench/robustness/figures.ts'
import { readOptions } from '#bench/robustness/options.ts'
import { searchAttack } from '#bench/robustness/search-attack.ts'
import { sideRatios } from '#bench/robustness/side-streets.ts'
import { aloneWith } from '#bench/robustness/worst-attack.ts'
import { silencedFrom } from '#bench/robustness/ways.ts'
import { isHeld } from '#bench/report/bars.ts'
import type { Strategy } from '#control/strategy.ts'
import { NO_PHASE_CONTROL, NO_REQUESTS } from '#signal/command.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { loadHamadan } from '#test/sim/hamadan.ts'
import { viewOf } from '#test/support/boulevard-crossing.ts'

const SITE = await loadHamadan()
const PLACE = intersectionId('IX-02')
const PHASE = phaseId(2)
const PLAIN: Attack = {
  ...{ detector: detectorId(2), deed: 'instead', moment: 'always' },
  ...{ delayMs: 0, onMs: 1_000, headwayMs: 2_000, platoon: 2, everyMs: 8_000 },
}

/** A character a second: what is felt and what is green, and what is said. */
function said(attack: Attack, felt: string, green: string): string {
  const liar = new Liar(attack, { phase: PHASE })
  return [...felt]
    .map((each, s) => {
      const greens = green[s] === 'G' ? bit(PHASE) : 0
      return liar.say(each === '#', { nowMs: 1_000 * s, greens }) ? '#' : '.'
    })
    .join('')
}

test.each([
  ['a platoon of two comes every eight seconds, and nobody else is felt', {}, '#.#.....#.#.....'],
  ['the platoon comes beside those who are there', { deed: 'adds' }, '#.#..####.#.....'],
  ['all are hidden', { deed: 'hides' }, '................'],
  ['the lie waits for the green of the phase', { moment: 'own green' }, '.....###.#......'],
  ['a second into the red it begins', { moment: 'own red', delayMs: 1_000 }, '.#.#...##....#.#'],
] as const)('%s', (_, how, says) => {
  const felt = '.....####.......'
  const green = '.......GGGGG....'
  expect(said({ ...PLAIN, ...how }, felt, green)).toBe(says)
})

test('attacks are drawn alike for the same seed, of all detectors, and a variation differs in one thing at most', () => {
  const detectors = detectorsAt()
  const draw = (seed: number) => {
    const random = randomStream(seed, 'test')
    return Array.from({ length: 200 }, () => drawAttack(random, detectors))
  }
  expect(draw(1)).toEqual(draw(1))
  expect(new Set(draw(1).map(({ detector }) => detector)).size).toBe(detectors.length)
  const random = randomStream(3, 'test')
  for (const attack of draw(2)) {
    const varied = varyAttack(random, attack, detectors)
    const keys = Object.keys(attack) as (keyof Attack)[]
    expect(keys.filter((key) => varied[key] !== attack[key]).length).toBeLessThanOrEqual(1)
    expect(attack.onMs).toBeGreaterThanOrEqual(200)
    expect(attack.platoon).toBeGreaterThanOrEqual(1)
  }
})

test('the search finds the detector and the moment that hurt, and tells the worst first', () => {
  const detectors = detectorsAt()
  const weigh = ({ detector, moment, everyMs }: Attack) =>
    (detector === 7 ? 10 : 0) + (moment === 'own red' ? 5 : 0) + 10_000 / everyMs
  const worst = searchAttack({ detectors, tries: 300, seed: 1, weigh })
  expect(worst[0]?.attack).toMatchObject({ detector: 7, moment: 'own red' })
  expect(worst.map(({ delayS }) => delayS)).toEqual(worst.map(({ delayS }) => delayS).toSorted((a, b) => b - a))
  expect(searchAttack({ detectors, tries: 300, seed: 1, weigh })).toEqual(worst)
})

test('one detector of each intersection fails, or the advance loops of one of its approaches', () => {
  const failed = oneDetectorEach(SITE, 1)
  expect(failed.map(({ place }) => place)).toEqual(SITE.intersections.map(({ database }) => database.intersection.id))
  expect(oneDetectorEach(SITE, 1)).toEqual(failed)
  expect(oneDetectorEach(SITE, 2)).not.toEqual(failed)
  for (const { place, detector } of oneCableEach(SITE, 1)) {
    const own = SITE.intersections.find(({ database }) => database.intersection.id === place)
    const cut = own?.database.intersection.detectors.find(({ id }) => id === detector)
    expect(cut?.kind).toBe('advance')
  }
})

test('a city whose broker is gone decides as before, and nobody hears of it', () => {
  const outlook = { atEpochMs: 0, movements: [], approaches: [] }
  const talking: Strategy<number> = {
    rung: 'adaptive',
    initial: () => 0,
    decide: (_, memory) => ({ command: COMMAND, memory: memory + 1, why: { code: 'RESTING', numbers: {} }, outlook }),
  }
  const silenced = silencedFrom(5_000, talking)
  expect(silenced.decide(viewOf({ nowMonoMs: 4_900 }), 0)).toEqual(talking.decide(viewOf({}), 0))
  expect(silenced.decide(viewOf({ nowMonoMs: 5_000 }), 0)).toEqual({ ...talking.decide(viewOf({}), 0), outlook: null })
})

const run = (way: RunFigures['way'], seed: number, delayS: number, more: Partial<RunFigures> = {}): RunFigures => ({
  ...{
    way,
    seed,
    delayS,
    vehicles: 100,
    controlDelayS: 9,
    unfinished: 3,
    walkWaitS: 20,
    longestWait: { lane: 'IX-02 S1', waitS: 90 },
    stuck: 0,
  },
  ...{ sides: [], placeDelayS: { [PLACE]: delayS }, throughputPerH: {} },
  ...more,
})

test.each([
  ['coordinated', 'coordinated', 80, 100, true],
  ['coordinated', 'coordinated', 80.1, 100, false],
  ['actuated', 'actuated', 85, 100, true],
  ['actuated', 'actuated', 85.1, 100, false],
  ['neighbours', 'alone', 96, 100, true],
  ['neighbours', 'alone', 96.1, 100, false],
] as const)(
  'beside %s: %s, %d s of delay to %d s of the other is within the bar: %s',
  (row, other, own, theirs, held) => {
    const bars = barsOf(row, PLACE, [run('adaptive', 1, own), run(other, 1, theirs)])
    expect(bars.map(isHeld)).toEqual([held])
  },
)

test.each([
  ['silence', 'silence', 105],
  ['detector', 'detector', 105],
  ['cable', 'cable', 110],
] as const)('%s: what is broken may cost up to its bar, and no more', (row, way, most) => {
  for (const [delayS, held] of [
    [most, true],
    [most + 0.1, false],
  ] as const)
    expect(barsOf(row, PLACE, [run('adaptive', 1, 100), run(way, 1, delayS)]).map(isHeld)).toEqual([held])
})

test('seeds are paired, and one that was run in one way only is left out', () => {
  const runs = [run('adaptive', 1, 40), run('alone', 1, 50), run('adaptive', 2, 80), run('alone', 2, 80)]
  const [paired] = pair('neighbours', PLACE, [...runs, run('adaptive', 3, 1)])
  expect(paired?.pct).toMatchObject({ mean: 90, samples: 2 })
  expect(paired?.own.mean).toBe(60)
  expect(pair('cable', PLACE, runs)).toEqual([])
})

test('a lie is held against the fixed plan, over the city and where it is told', () => {
  const lied = run('spoofed', 1, 110, { placeDelayS: { [PLACE]: 130 } })
  expect(barsOf('spoofing', PLACE, [run('fixed', 1, 100), lied]).map(isHeld)).toEqual([true, false])
})

test('the wait of the seed where it is longest counts', () => {
  const waits = (waitS: number) => ({ longestWait: { lane: 'IX-02 S1', waitS } })
  const bars = (longest: number) =>
    barsOf('wait', PLACE, [run('adaptive', 1, 1, waits(20)), run('adaptive', 2, 1, waits(longest))])
  expect(bars(180).map(isHeld)).toEqual([true])
  expect(bars(180.1).map(isHeld)).toEqual([false])
})

test('side streets are compared place by place over all seeds, the worst first', () => {
  const [a, b] = [intersectionId('IX-02'), intersectionId('IX-03')]
  const ours = [
    [
      { place: a, vehicles: 10, delayS: 100 },
      { place: b, vehicles: 10, delayS: 300 },
    ],
    [{ place: a, vehicles: 30, delayS: 300 }],
  ]
  const plan = [
    [
      { place: a, vehicles: 10, delayS: 200 },
      { place: b, vehicles: 10, delayS: 200 },
    ],
  ]
  expect(sideRatios(ours, plan)).toEqual([
    { place: b, ratio: 1.5 },
    { place: a, ratio: 0.5 },
  ])
})

test.each([
  [['--from', '08:00', '--to', '08:00'], 'From 08:00 to 08:00'],
  [['--from', '8', '--to', '09:00'], 'From 8 to 09:00'],
  [['--to', '24:01'], 'to 24:01'],
  [['--only', 'wait,luck'], "no row 'luck'"],
  [['--seeds', '0'], '--seeds 0'],
  [['--seeds', '101'], '--seeds 101'],
  [['--attacks', 'many'], '--attacks many'],
  [['--warm-up', '121'], '--warm-up 121'],
  [['--colour'], '--colour'],
])('%j is refused with what to write instead', (args, says) => {
  const read = readOptions(args)
  expect(read.ok ? '' : read.fault).toContain(says)
})

test('the whole is the day, five seeds and a thousand lies, but for what is said otherwise', () => {
  expect(readOptions(['--whole', '--seeds', '1'])).toMatchObject({
    ok: true,
    value: { from: '00:00', measuredMs: 86_400_000, seeds: [1], attacks: 1_000 },
  })
})

test('an intersection alone has the traffic that the city brought it, on each of its approaches', () => {
  const { intersections } = aloneWith(SITE, PLACE, { throughputPerH: { 'IX-02.N': 500, 'IX-03.N': 9 } })
  const [alone] = intersections
  expect(intersections).toHaveLength(1)
  const demand = alone?.demand.map(({ approach, vehiclesPerHour }) => [approach, [...vehiclesPerHour.values()]])
  expect(demand).toEqual([
    ['S', [0]],
    ['N', [500]],
    ['W', [0]],
    ['E', [0]],
  ])
})

function detectorsAt() {
  return SITE.intersections.flatMap(({ database: { intersection } }) =>
    intersection.id === PLACE ? intersection.detectors : [],
  )
}

const COMMAND = { ...NO_PHASE_CONTROL, ...NO_REQUESTS, pattern: PATTERN_FREE }
