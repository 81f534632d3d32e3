/** Pictures of a conflict monitor that is shown lamps: each check just below what it must bear and at what it must not. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listBits } from '#base/bits.ts'
import { channelConflicts } from '#signal/conflicts.ts'
import { programMonitor } from '#sim/cabinet/conflict-monitor/program.ts'
import { checkNumber, MONITOR_CHECKS, type MonitorCheck } from '#sim/cabinet/conflict-monitor/trip.ts'
import { junction, type PhaseFacts } from '#test/support/junctions.ts'
import { anyDatabase } from '#test/support/random-junctions.ts'
import { MonitorBench } from './monitor-bench.ts'

/** Channels 1 and 3 the main street, 2 and 4 the side street, 5 the pedestrians beside channel 1. */
const crossing = (phases: Readonly<Record<number, PhaseFacts>> = {}) =>
  junction({
    rings: [
      [[2], [4]],
      [[6], [8]],
    ],
    phases: { 2: { timing: { walkMs: 7_000, pedClearMs: 9_000 } }, ...phases },
  })

const RED_AMBER_MS = 2_000
const withRedAmber = crossing(
  Object.fromEntries([2, 4, 6, 8].map((phase) => [phase, { timing: { redAmberMs: RED_AMBER_MS } }])),
)

/** The main street has been green for a while. */
const MAIN = 'GRGRR'
const mainGreen = (site = crossing()) => new MonitorBench(site).show(5_000, 'RRRRR').show(5_000, MAIN)

interface Row {
  readonly what: string
  readonly check: MonitorCheck
  readonly channels: readonly number[]
  /** Shown for the time that is judged, between two long times of lawful lamps. */
  readonly shown: string
  readonly bearsMs: number
  readonly tripsMs: number
}

const CONFLICT = { bearsMs: 190, tripsMs: 450 }
const RED_FAILURE = { bearsMs: 690, tripsMs: 1_000 }

describe('what is shown together, or not at all', () => {
  test.each<Row>([
    { what: 'two greens that conflict', check: 'conflict', channels: [1, 2, 3], shown: 'GGGRR', ...CONFLICT },
    {
      what: 'a green beside a yellow that conflicts',
      check: 'conflict',
      channels: [1, 3, 4],
      shown: 'GRGYR',
      ...CONFLICT,
    },
    { what: 'green and red of one channel', check: 'dualIndication', channels: [1], shown: 'XRGRR', ...CONFLICT },
    { what: 'green and yellow of one channel', check: 'dualIndication', channels: [3], shown: 'GRZRR', ...CONFLICT },
    {
      what: 'red and yellow where no red-amber is',
      check: 'dualIndication',
      channels: [2],
      shown: 'GAGRR',
      ...CONFLICT,
    },
    { what: 'walk and do not walk', check: 'dualIndication', channels: [5], shown: 'GRGRX', ...CONFLICT },
    { what: 'a dark red', check: 'redFailure', channels: [4], shown: 'GRG-R', ...RED_FAILURE },
    { what: 'dark pedestrians', check: 'redFailure', channels: [5], shown: 'GRGR-', ...RED_FAILURE },
  ])('$what: borne for $bearsMs ms, latched by $tripsMs ms', ({ check, channels, shown, bearsMs, tripsMs }) => {
    expect(mainGreen().show(bearsMs, shown).show(20_000, MAIN).trip).toBeNull()
    const tripped = mainGreen()
    const beganMs = tripped.elapsedMs
    const { trip } = tripped.show(tripsMs, shown).show(20_000, MAIN)
    expect({ check: trip?.check, channels: listBits(trip?.channels ?? 0) }).toEqual({ check, channels })
    expect(trip?.atMs).toBeGreaterThan(beganMs + bearsMs)
    expect(trip?.atMs).toBeLessThanOrEqual(beganMs + tripsMs)
  })

  test('the walk of a crossing conflicts with the street across, and so does its clearance', () => {
    const walk = () => new MonitorBench(crossing()).show(5_000, 'RRRRG')
    expect(walk().show(190, 'RGRRG').show(5_000, 'RRRRG').trip).toBeNull()
    expect(walk().show(450, 'RGRRG').trip?.check).toBe('conflict')
    expect(walk().show(5_000, 'RRRRY').show(450, 'RGRRY').trip?.check).toBe('conflict')
  })

  test('a lamp on a channel that the street does not have conflicts with any other', () => {
    const { trip } = mainGreen().show(450, 'GRGRR--G')
    expect(trip?.check).toBe('conflict')
    expect(listBits(trip?.channels ?? 0)).toEqual([1, 3, 8])
  })

  test('a cabinet that is dark from the first moment has failed reds', () => {
    const { trip } = new MonitorBench(crossing()).show(1_000, '-----')
    expect(trip?.check).toBe('redFailure')
    expect(listBits(trip?.channels ?? 0)).toEqual([1, 2, 3, 4, 5])
  })
})

describe('pulses', () => {
  const pulses = (bench: MonitorBench, shown: string, onMs: number, offMs: number, times: number) => {
    for (let n = 0; n < times; n++) bench.show(onMs, shown).show(offMs, MAIN)
    return bench
  }

  test('a conflict that pulses 100 ms in every 200 ms is latched within 2 s', () => {
    const bench = mainGreen()
    const beganMs = bench.elapsedMs
    const { trip } = pulses(bench, 'GGGRR', 100, 100, 10)
    expect(trip?.check).toBe('recurrentPulses')
    expect(listBits(trip?.channels ?? 0)).toEqual([1, 2, 3])
    expect(trip?.atMs).toBeLessThanOrEqual(beganMs + 2_000)
  })

  test('dual indications that pulse add up as well', () => {
    expect(pulses(mainGreen(), 'XRGRR', 100, 100, 10).trip?.check).toBe('recurrentPulses')
  })

  test('single pulses a second apart never add up, nor do lamps that flash dark', () => {
    expect(pulses(mainGreen(), 'GGGRR', 100, 900, 100).trip).toBeNull()
    expect(pulses(mainGreen(), 'GRGR-', 500, 500, 100).trip).toBeNull()
  })
})

describe('how a green ends', () => {
  const endWithYellow = (yellowMs: number) =>
    mainGreen().show(yellowMs, 'YRYRR').show(3_000, 'RRRRR').show(5_000, 'RGRGR')

  test('a yellow of 2.6 s is too short, one of 2.8 s is not; the limit is 2.7 s', () => {
    expect(endWithYellow(2_590).trip?.check).toBe('shortYellow')
    expect(listBits(endWithYellow(2_590).trip?.channels ?? 0)).toEqual([1, 3])
    expect(endWithYellow(2_690).trip?.check).toBe('shortYellow')
    expect(endWithYellow(2_700).trip).toBeNull()
    expect(endWithYellow(2_810).trip).toBeNull()
  })

  test('a yellow that is skipped is latched with the first red', () => {
    const bench = mainGreen()
    const beganMs = bench.elapsedMs
    const { trip } = bench.show(10, 'RRGRR')
    expect(trip).toEqual({ check: 'skippedYellow', channels: 0b1, atMs: beganMs + 10 })
  })

  test('a yellow that turns green again was too short as well', () => {
    expect(mainGreen().show(1_000, 'YRGRR').show(10, MAIN).trip?.check).toBe('shortYellow')
  })

  test('only the time that yellow was lit counts', () => {
    const flickering = mainGreen().show(1_400, 'YRYRR').show(500, '-R-RR').show(1_200, 'YRYRR').show(10, 'RRRRR')
    expect(flickering.trip?.check).toBe('shortYellow')
  })

  test('a green that is dark for a moment is the same green, and still owes its yellow', () => {
    expect(mainGreen().show(100, '-RGRR').show(5_000, MAIN).trip).toBeNull()
    expect(mainGreen().show(100, '-RGRR').show(50, MAIN).show(10, 'RRGRR').trip?.check).toBe('skippedYellow')
  })

  test('a flicker of green that nobody drives by owes no yellow', () => {
    expect(new MonitorBench(crossing()).show(5_000, 'RRRRR').show(190, MAIN).show(5_000, 'RRRRR').trip).toBeNull()
  })

  test('pedestrians owe no yellow: their clearance may flash, or be steady', () => {
    const bench = new MonitorBench(crossing()).show(5_000, 'RRRRR').show(7_000, 'GRGRG')
    for (let n = 0; n < 9; n++) bench.show(500, 'GRGRY').show(500, 'GRGR-')
    expect(bench.show(5_000, MAIN).show(7_000, 'GRGRG').show(10, MAIN).show(5_000, MAIN).trip).toBeNull()
  })
})

describe('what follows a green', () => {
  const crossAfter = (ms: number) =>
    new MonitorBench(crossing()).show(5_000, 'RRRRG').show(ms, 'RRRRR').show(5_000, 'RGRRR')

  test('a conflicting green 2.6 s after the end of a green or walk is too soon, 2.8 s after it is not', () => {
    expect(crossAfter(2_590).trip?.check).toBe('shortClearance')
    expect(listBits(crossAfter(2_590).trip?.channels ?? 0)).toEqual([2, 5])
    expect(crossAfter(2_690).trip?.check).toBe('shortClearance')
    expect(crossAfter(2_700).trip).toBeNull()
    expect(crossAfter(2_810).trip).toBeNull()
  })

  test('a green that begins inside the yellow of another is latched as too soon before it has lasted as a conflict', () => {
    const bench = mainGreen().show(1_500, 'YRYRR')
    const beganMs = bench.elapsedMs
    const { trip } = bench.show(450, 'YGYRR')
    expect(trip?.check).toBe('shortClearance')
    expect(trip?.atMs).toBeLessThanOrEqual(beganMs + 450)
  })

  test('a green that ends beside a conflicting one that has just begun is too soon, however short they met', () => {
    expect(mainGreen().show(250, 'GGGRR').show(3_000, 'YGYRR').trip?.check).toBe('shortClearance')
  })

  test('a green that goes with another may begin at any time', () => {
    const bench = new MonitorBench(crossing()).show(5_000, 'RRRRR').show(5_000, 'GRRRR')
    expect(bench.show(3_000, 'YRGRR').show(100, 'RRGRR').show(9_000, 'RRGRR').trip).toBeNull()
  })
})

describe('red-amber', () => {
  const beforeGreen = (ms: number, site = withRedAmber) =>
    new MonitorBench(site).show(5_000, 'RRRRR').show(ms, 'ARARR').show(10_000, MAIN)

  test('is lawful before green where the site shows it, and is no right of way', () => {
    expect(beforeGreen(RED_AMBER_MS).trip).toBeNull()
    const sideClears = new MonitorBench(withRedAmber).show(5_000, 'RRRRR').show(9_000, 'RGRGR').show(3_000, 'RYRYR')
    expect(sideClears.show(RED_AMBER_MS, 'ARARR').show(9_000, MAIN).trip).toBeNull()
  })

  test('is a dual indication where it is not shown, when it does not end, and after a green', () => {
    expect(beforeGreen(RED_AMBER_MS, crossing()).trip?.check).toBe('dualIndication')
    expect(beforeGreen(RED_AMBER_MS + 1_450).trip?.check).toBe('dualIndication')
    expect(mainGreen(withRedAmber).show(450, 'ARGRR').trip?.check).toBe('dualIndication')
    expect(mainGreen(withRedAmber).show(3_000, 'YRYRR').show(450, 'ARYRR').trip?.check).toBe('dualIndication')
  })

  test('may begin a second time after red, and is lawful as long again', () => {
    const twice = new MonitorBench(withRedAmber).show(5_000, 'RRRRR').show(RED_AMBER_MS, 'ARARR').show(3_000, 'RRRRR')
    expect(twice.show(RED_AMBER_MS, 'ARARR').show(5_000, MAIN).trip).toBeNull()
  })
})

describe('the watchdog', () => {
  test('is borne silent for 190 ms and latched by 300 ms, whatever the lamps show', () => {
    expect(mainGreen().show(190, MAIN, 'silent').show(20_000, MAIN).trip).toBeNull()
    const bench = mainGreen()
    const beganMs = bench.elapsedMs
    const { trip } = bench.show(300, MAIN, 'silent')
    expect(trip).toMatchObject({ check: 'watchdog', channels: 0 })
    expect(trip?.atMs).toBeLessThanOrEqual(beganMs + 300)
  })

  test('that never speaks is silent from the first moment', () => {
    expect(new MonitorBench(crossing()).show(300, 'RRRRR', 'silent').trip?.check).toBe('watchdog')
  })
})

test('what is latched stays as it was, whatever comes after', () => {
  const bench = mainGreen().show(450, 'GGGRR')
  const { trip } = bench
  bench.show(60_000, MAIN).show(2_000, '-----').show(10, 'RRRRR').show(1_000, 'GGGGG', 'silent')
  expect(trip?.check).toBe('conflict')
  expect(bench.trip).toBe(trip)
})

test('the numbers of the checks are those that docs/events.md tells', () => {
  const told = /^Checks: (.*)\.$/m.exec(readFileSync('docs/events.md', 'utf8'))?.[1]
  expect(told).toBe(MONITOR_CHECKS.map((check) => `${checkNumber(check)} \`${check}\``).join(', '))
})

describe('the program of the monitor', () => {
  test('forbids on any street the pairs that the controller forbids, though neither knows the other', () => {
    fc.assert(
      fc.property(anyDatabase, ({ intersection }) => {
        const { conflicts, wired } = programMonitor(intersection)
        const ours = conflicts.map((channels, channel) => (isIn(wired, channel) ? (channels & wired) >>> 0 : 0))
        expect(ours).toEqual(channelConflicts(intersection))
      }),
    )
  })

  test('comes from the plain facts alone: no file of the monitor imports anything else of the controller', () => {
    const folder = 'sim/cabinet/conflict-monitor'
    const imports = readdirSync(folder).flatMap((file) =>
      [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? ''),
    )
    expect(imports.length).toBeGreaterThan(10)
    const outside = imports.filter((specifier) => !specifier.startsWith('./') && !specifier.startsWith('#base/'))
    expect(new Set(outside)).toEqual(new Set(['#signal/intersection.ts', '#signal/heads.ts', '#signal/phase.ts']))
  })
})

const isIn = (channels: number, channel: number): boolean => listBits(channels).includes(channel)
