/** Pictures of a conflict monitor before a flashing yellow arrow: one head on two channels, lit and dark by turns. */
import { describe, expect, test } from 'vitest'
import { listBits } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { database, junction } from '#test/support/junctions.ts'
import { MonitorBench } from './monitor-bench.ts'
import { CabinetOf } from './any-cabinet.ts'

const junctionWithArrow = junction({
  rings: [[[1, 2], [4]], [[6]]],
  overlaps: { 1: [2] },
  overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
})

/** Channel 2 the oncoming street, 3 the side street, 4 the street beside the left turn; 5 the arrow, 6 its section that flashes. */
const site = { ...junctionWithArrow, channels: junctionWithArrow.channels.filter(({ id }) => id !== 1) }

const RED = '-RRRR-'
const PROTECTED = '-RRGG-'
const LIT = '-GRG-G'
const DARK = '-GRG--'

/** Flashes for whole seconds, lit first. */
const flash = (bench: MonitorBench, seconds: number) => {
  for (let n = 0; n < seconds; n++) bench.show(500, LIT).show(500, DARK)
  return bench
}
const flashing = () => flash(new MonitorBench(site).show(5_000, RED), 10)
const protectedGreen = () => new MonitorBench(site).show(5_000, RED).show(9_000, PROTECTED)

describe('what a sound arrow shows', () => {
  test('it flashes for as long as it likes: no dark red, no yellow too short', () => {
    expect(flash(flashing(), 600).trip).toBeNull()
  })

  test('flashing, steady yellow, red', () => {
    expect(flashing().show(3_000, '-YRYY-').show(2_000, RED).show(9_000, '-RGRR-').trip).toBeNull()
  })

  test('green arrow, yellow arrow, flashing at once', () => {
    expect(flash(protectedGreen().show(3_000, '-RRGY-'), 5).trip).toBeNull()
  })

  test('from flashing straight to the green arrow, when the oncoming street has cleared', () => {
    const bench = flashing()
    for (let n = 0; n < 3; n++) bench.show(500, '-YRG-G').show(500, '-YRG--')
    expect(bench.show(500, '-RRG-G').show(500, '-RRG--').show(9_000, PROTECTED).trip).toBeNull()
  })

  test('flashing again after a red of no length', () => {
    const bench = flashing().show(3_000, '-YRGY-').show(10, '-RRGR-')
    expect(flash(bench, 5).trip).toBeNull()
  })
})

describe('what trips', () => {
  const timed = (begin: () => MonitorBench, shown: string, ms: number) => {
    const bench = begin()
    const beganMs = bench.elapsedMs
    const { trip } = bench.show(ms, shown)
    return trip && { check: trip.check, channels: listBits(trip.channels), afterMs: trip.atMs - beganMs }
  }

  test('arrow and flashing section dark together: borne for 690 ms, latched by 1,000 ms, both named', () => {
    const begin = () => flashing().show(500, LIT)
    expect(timed(begin, DARK, 690)).toBeNull()
    expect(timed(begin, DARK, 1_000)).toMatchObject({ check: 'redFailure', channels: [5, 6] })
    expect(timed(begin, DARK, 1_000)?.afterMs).toBeGreaterThanOrEqual(700)
  })

  test.each([
    ['the green arrow', '-RRGGG', protectedGreen],
    ['the red arrow', '-GRGRG', flashing],
    ['the yellow arrow', '-YRGYG', flashing],
  ])('the flash lit beside %s: borne for 190 ms, latched by 450 ms', (_, shown, begin) => {
    expect(timed(begin, shown, 190)).toBeNull()
    expect(timed(begin, shown, 450)).toMatchObject({ check: 'dualIndication', channels: [5, 6] })
  })

  test('flashing beside the side street is a conflict, also between two flashes', () => {
    expect(timed(flashing, '-GGG-G', 450)).toMatchObject({ check: 'conflict' })
    const between = flashing().show(500, LIT).show(450, '-GGG--')
    expect(listBits(between.trip?.channels ?? 0)).toEqual(expect.arrayContaining([3, 6]))
  })

  test('the green arrow beside the oncoming street is a conflict', () => {
    expect(timed(protectedGreen, '-GRGG-', 450)).toMatchObject({ check: 'conflict' })
  })

  test('flashing that ends red has skipped its yellow, one that ends with 2.6 s of it has cut it', () => {
    expect(flashing().show(3_000, '-YRGR-').trip?.check).toBe('skippedYellow')
    const cut = (ms: number) =>
      flashing()
        .show(ms, '-YRGY-')
        .show(3_000 - ms, '-YRGR-').trip
    expect(cut(2_690)).toMatchObject({ check: 'shortYellow' })
    expect(cut(2_700)).toBeNull()
  })

  test('a green arrow that turns to flashing has skipped its yellow', () => {
    expect(flash(protectedGreen(), 1).trip?.check).toBe('skippedYellow')
  })

  test('the side street 2.6 s after the last flash has come too soon, 2.8 s after it has not', () => {
    const after = (ms: number) => flashing().show(ms, '-YRYY-').show(5_000, '-YGYY-').trip
    expect(after(2_600)?.check).toBe('shortClearance')
    expect(after(2_400)?.check).toBe('shortClearance')
    const cleared = flashing().show(2_800, '-YRYY-').show(10, RED).show(5_000, '-RGRR-')
    expect(cleared.trip).toBeNull()
  })
})

describe('a lamp fault planted on the arrow of a cabinet', () => {
  const plants = [
    { channel: 5, colour: 'red', fault: 'off' },
    { channel: 5, colour: 'yellow', fault: 'off' },
    { channel: 5, colour: 'green', fault: 'off' },
    { channel: 6, colour: 'green', fault: 'off' },
    { channel: 5, colour: 'red', fault: 'on' },
    { channel: 5, colour: 'yellow', fault: 'on' },
    { channel: 5, colour: 'green', fault: 'on' },
    { channel: 6, colour: 'green', fault: 'on' },
  ] as const

  test.each(plants)('$colour stuck $fault on channel $channel is latched', ({ channel, colour, fault }) => {
    const street = new CabinetOf(database(site)).run(90_000)
    expect(street.cabinet.monitorTrip).toBeNull()
    street.cabinet.lampFaults.set(channel as never, colour, fault)
    street.run(120_000)
    expect(listBits(street.cabinet.monitorTrip?.channels ?? 0)).toContain(channel)
  })
})
