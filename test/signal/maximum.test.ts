/** How long a queue may keep others waiting: maximum 1, maximum 2, and a maximum that moves with the traffic. */
import { describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { EVENT } from '#signal/events.ts'
import { createController, QUIET_UNIT, type ControllerInputs } from '#signal/controller.ts'
import { stepController } from '#signal/phase-machine.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { database, junction, plan, TWO_PHASES, type PhaseFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const streets = (phases: Record<number, PhaseFacts> = {}) => database(junction({ ...TWO_PHASES, phases }))

/** The other street takes no more than five seconds. */
const BRIEF = { timing: { max1Ms: 5_000, max2Ms: 5_000 } }
const SHORT = { max1Ms: 8_000, max2Ms: 12_000 }

describe('maximum 1 and 2', () => {
  const timeline = timelineOf(streets({ 2: { timing: SHORT } }))

  test('maximum 1 runs from the first conflicting call', () =>
    timeline(`
      s         0         10        20
      det 2     #########################
      det 4     ..#######################
      ph 2      GGGGGGGGGGYYYR...........
      log 2/2   ..#......................
      log 50/2  ..#......................
      log 5/2   ..........#..............
    `))

  test('maximum 2 runs where it is asked for', () =>
    timeline(`
      s         0         10        20
      max       2222222222222222222222222
      det 2     #########################
      det 4     ..#######################
      ph 2      GGGGGGGGGGGGGGYYYR.......
      log 51/2  ..#......................
      log 50/2  .........................
      why 1     ..............mmmm.......
    `))

  test('maximum 2 that is asked for in a green that runs already counts for it', () =>
    timeline(`
      s         0         10        20
      max       .......222222222222222222
      det 2     #########################
      det 4     ..#######################
      ph 2      GGGGGGGGGGGGGGYYYR.......
      log 50/2  ..#......................
      log 51/2  .......#.................
    `))

  test('a maximum that is shortened below what has passed already ends the green at once', () =>
    timeline(`
      s         0         10        20
      max       222222222222.............
      det 2     #########################
      det 4     ..#######################
      ph 2      GGGGGGGGGGGGYYYR.........
    `))

  test('in a plan no maximum ends a green: its force-off does', () =>
    timelineOf(
      database(junction({ ...TWO_PHASES, phases: { 4: { timing: SHORT } } }), [
        plan(1, { cycleS: 60, splitsS: { 2: 30, 4: 30 }, coordinated: [2] }),
      ]),
    )(`
      s         0         10        20        30        40        50        60
      plan      11111111111111111111111111111111111111111111111111111111111111111
      det 4     #################################################################
      call 2    #################################################################
      ph 2      GGGGGGGGGGGGGGGGGGGGGGGGGGYYYR..............................GGGGG
      ph 4      ..............................GGGGGGGGGGGGGGGGGGGGGGGGGGYYYR.....
      log 50/4  .................................................................
      why 1     ..........................ffff..........................ffff.....
    `))
})

describe('dynamic maximum', () => {
  test('after two max-outs in a row the third green is longer by a step', () =>
    timelineOf(streets({ 2: { timing: { ...SHORT, dynamicMaxLimitMs: 13_000, dynamicMaxStepMs: 3_000 } }, 4: BRIEF }), {
      from: 'power-up',
    })(`
      s         0         10        20        30        40        50        60
      det 2     ##############################################################
      det 4     ##############################################################
      ph 2      .....GGGGGGGGYYYR.........GGGGGGGGYYYR.........GGGGGGGGGGGYYYR
      log 5/2   .............#....................#.......................#...
      log 53/2  ..................................#...........................
      log 52/2  .......................................................#......
    `))

  test('with its limit below the maximum, gap-outs shorten it, and the shorter one ends the green', () =>
    timelineOf(
      streets({
        2: { recall: 'minimum', timing: { ...SHORT, dynamicMaxLimitMs: 6_000, dynamicMaxStepMs: 1_000 } },
        4: BRIEF,
      }),
      { from: 'power-up' },
    )(`
      s         0         10        20        30        40        50
      det 2     ...................................#################
      det 4     ####################################################
      ph 2      .....GGGGGYYYR.........GGGGGYYYR.........GGGGGGGYYYR
      log 4/2   ..........#.................#.......................
      log 54/2  ............................#.......................
      log 52/2  ................................................#...
      log 5/2   ................................................#...
    `))

  const QUEUE = { ...SHORT, dynamicMaxStepMs: 2_000 }
  test.each([
    ['two of a kind in a row move it, and each that follows', 20_000, 'mmmm', '.+++'],
    ['never beyond its limit', 13_000, 'mmmmm', '.++..'],
    ['never below the maximum that is in effect', 13_000, 'mmmggggm', '.++.--..'],
    ['one of a kind alone does not', 20_000, 'mgmgmg', '......'],
    ['a force-off breaks the row, and is none of either kind', 20_000, 'mfmfmm', '.....+'],
    ['below the maximum: shorter to the limit, longer to the maximum', 5_000, 'gggmmmm', '.-..+..'],
  ])('%s', (_, dynamicMaxLimitMs, greens, moves) =>
    expect(movesOf({ timing: { ...QUEUE, dynamicMaxLimitMs } }, greens)).toBe(moves),
  )

  test('it starts from maximum 2 where that is in effect', () =>
    expect(movesOf({ timing: { ...QUEUE, dynamicMaxLimitMs: 15_000 } }, 'mmmm', { maximum: 2 })).toBe('.+..'))

  test('it stands still in a phase that is recalled to its maximum, or whose detector is at fault', () => {
    const limitedTo = (dynamicMaxLimitMs: number) => ({ timing: { ...QUEUE, dynamicMaxLimitMs } })
    expect(movesOf({ recall: 'maximum', ...limitedTo(20_000) }, 'mmm')).toBe('...')
    const detectorFaults = new Uint8Array(65)
    detectorFaults[2] = DETECTOR_FAULT.openLoop
    expect(movesOf(limitedTo(5_000), 'ggg')).toBe('.-.')
    expect(movesOf(limitedTo(5_000), 'ggg', { detectorFaults })).toBe('...')
  })
})

/** One letter a green of phase 2: m where its queue is cut by the maximum, g where it gaps out, f where it is forced off. */
function movesOf(facts: PhaseFacts, greens: string, given: Partial<ControllerInputs> = {}): string {
  const controller = createController(streets({ 2: { recall: 'minimum', ...facts }, 4: BRIEF }))
  const occupied = new Uint8Array(65)
  occupied[4] = 1
  let moves = ''
  let move = '.'
  const emit = (code: number, parameter: number) => {
    if (code === EVENT.dynamicMaxUp) move = '+'
    if (code === EVENT.dynamicMaxDown) move = '-'
    if (code !== EVENT.endYellow || parameter !== 2) return
    moves += move
    move = '.'
  }
  for (let ms = 0; moves.length < greens.length; ms += 100) {
    occupied[2] = greens[moves.length] === 'g' ? 0 : 1
    const control = { ...NO_PHASE_CONTROL, forceOff: greens[moves.length] === 'f' ? bit(2) : 0 }
    const inputs = { ...QUIET_UNIT, occupied, pedestrianButtons: 0, control, epochMs: ms, pattern: PATTERN_FREE }
    stepController(controller, { ...inputs, ...given }, 100, emit)
  }
  return moves
}
