/** Pictures of a conflict monitor before a flashing yellow arrow: one head on two channels, lit and dark by turns. */
import { describe, expect, test } from 'vitest'
import { listBits } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { database, junction } from '#test/support/junctions.ts'
import { MonitorBench } from './monitor-bench.ts'
import { CabinetOf } from './any-cabinet.ts'

/**
 * Channel 1 the left turn's own phase 1, 2 the oncoming street, 3 the side street, 4 the street beside the left turn;
 * 5 the arrow, 6 its section that flashes.
 */
const site = junction({
  rings: [[[1, 2], [4]], [[6]]],
  overlaps: { 1: [2] },
  overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
})

const RED = 'RRRRR-'
const PROTECTED = 'GRRGG-'
const LIT = 'RGRG-G'
const DARK = 'RGRG--'

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
    expect(flashing().show(3_000, 'RYRGY-').show(2_000, RED).show(9_000, 'RRGRR-').trip).toBeNull()
  })

  test('green arrow, yellow arrow, flashing at once', () => {
    expect(flash(protectedGreen().show(3_000, 'YRRGY-'), 5).trip).toBeNull()
  })

  test('from flashing straight to the green arrow, when the oncoming street has cleared', () => {
    const bench = flashing()
    for (let n = 0; n < 3; n++) bench.show(500, 'RYRG-G').show(500, 'RYRG--')
    expect(bench.show(500, 'RRRG-G').show(500, 'RRRG--').show(9_000, PROTECTED).trip).toBeNull()
  })

  test('flashing again after a red of no length', () => {
    const bench = flashing().show(3_000, 'RYRGY-').show(10, RED).show(2_000, RED)
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
    ['the green arrow', 'GRRGGG', protectedGreen],
    ['the red arrow', 'RGRGRG', flashing],
    ['the yellow arrow', 'RYRGYG', flashing],
  ])('the flash lit beside %s: borne for 190 ms, latched by 450 ms', (_, shown, begin) => {
    expect(timed(begin, shown, 190)).toBeNull()
    expect(timed(begin, shown, 450)).toMatchObject({ check: 'dualIndication', channels: [5, 6] })
  })

  test('flashing beside the side street is a conflict, also between two flashes', () => {
    expect(timed(flashing, 'RGGG-G', 450)).toMatchObject({ check: 'conflict' })
    const between = flashing().show(500, 'RRRR-G').show(450, 'RRGR--')
    expect(listBits(between.trip?.channels ?? 0)).toEqual(expect.arrayContaining([3, 6]))
  })

  test('the green arrow beside the oncoming street is a conflict', () => {
    expect(timed(protectedGreen, 'GGRGG-', 450)).toMatchObject({ check: 'conflict' })
  })

  test('flashing that ends red has skipped its yellow, one that ends with 2.6 s of it has cut it', () => {
    expect(flashing().show(3_000, 'RYRGR-').trip?.check).toBe('skippedYellow')
    const cut = (ms: number) =>
      flashing()
        .show(ms, 'RYRGY-')
        .show(3_000 - ms, 'RYRGR-').trip
    expect(cut(2_690)).toMatchObject({ check: 'shortYellow' })
    expect(cut(2_700)).toBeNull()
  })

  test('a green arrow that turns to flashing has skipped its yellow', () => {
    expect(flash(protectedGreen(), 1).trip?.check).toBe('skippedYellow')
  })

  test('the side street less than 2.7 s after the last flash has come too soon', () => {
    const after = (ms: number) => flashing().show(2_700, 'RYRGY-').show(ms, 'RRRRR-').show(3_000, 'RRGRR-').trip
    expect(flashing().show(2_600, 'RYRYY-').show(3_000, 'RYGYY-').trip?.check).toBe('shortClearance')
    expect(after(1_000)).not.toMatchObject({ channels: expect.objectContaining({}) })
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
