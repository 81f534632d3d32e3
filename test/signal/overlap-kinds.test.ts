/** Overlaps of every kind: right turns that give way, greens that trail, arrows that flash, crossings of several phases. */
import { describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { database, EIGHT_PHASES, junction, STAGES, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const street = (facts: Partial<JunctionFacts>) => database(junction({ ...EIGHT_PHASES, ...facts }))

describe('minus green-yellow: a right turn with phase 2 that gives way to the left turn 5', () => {
  const rightTurn = {
    overlaps: { 1: [2] },
    overlapFacts: { 1: { kind: 'minusGreenYellow', modifiers: [phaseId(5)] } },
  } as const
  const lagging: JunctionFacts['rings'] = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [6, 5],
      [7, 8],
    ],
  ]

  test('it is yellow as soon as the left turn is next, and red before that begins, while its own phase stays green', () =>
    timelineOf(street({ ...rightTurn, rings: lagging }))(`
      s      0         10
      det 5  ..##########
      ph 2   GGGGGGGGGGGG
      ph 6   GGYYYR......
      ov 1   GGYYY.......
      ph 5   ......GGGGGG
    `))

  test('it is not lit beside the left turn, and comes late when that has cleared', () =>
    timelineOf(street(rightTurn))(`
      s      0         10        20
      det 2  ..######..............
      det 5  ..#######.............
      det 6  ..####################
      ph 4   GGYYYR................
      ph 2   ......GGGGGGGGGGGGGGGG
      ph 5   ......GGGGGGYYYR......
      ph 6   ................GGGGGG
      ov 1   ................GGGGGG
    `))

  test('when it has come late it is still shown for the minimum of its phase, and the side street waits for it', () =>
    timelineOf(street({ ...rightTurn, phases: { ...EIGHT_PHASES.phases, 2: { timing: { minGreenMs: 9_000 } } } }))(`
      s      0         10        20        30
      det 2  ..######........................
      det 5  ..#######.......................
      det 6  ..##################............
      det 4  ........########################
      ph 2   ......GGGGGGGGGGGGGGGGGYYYR.....
      ph 5   ......GGGGGGYYYR................
      ph 6   ................GGGGGGGYYYR.....
      ov 1   ................GGGGGGGGGYYY....
      ph 4   GGYYYR.......................GGG
    `))

  test('where the site shows red and amber, it shows them too when it comes late', () =>
    timelineOf(street({ ...rightTurn, phases: { 2: { timing: { redAmberMs: 2_000 } } } }))(`
      s      0         10        20
      det 2  ..######..............
      det 5  ..#######.............
      det 6  ..####################
      ph 2   ......AAGGGGGGGGGGGGGG
      ph 5   ......GGGGGGYYYR......
      ov 1   ................AAGGGG
    `))
})

test('a right turn that comes late waits for a green that trails the left turn to which it gives way', () =>
  timelineOf(
    street({
      overlaps: { 1: [2], 2: [5] },
      overlapFacts: { 1: { kind: 'minusGreenYellow', modifiers: [phaseId(5)] }, 2: { trailingGreenMs: 5_000 } },
    }),
  )(`
    s      0         10        20        30
    det 2  ..######........................
    det 5  ..#######.......................
    det 6  ..##############################
    ph 4   GGYYYR..........................
    ph 2   ......GGGGGGGGGGGGGGGGGGGGGGGGGG
    ph 5   ......GGGGGGYYYR................
    ov 2   ......GGGGGGGGGGGYYY............
    ov 1   .....................GGGGGGGGGGG
  `))

describe('trailing times', () => {
  const trailing = (facts: object) =>
    database(junction({ ...STAGES, overlapFacts: { 7: { trailingGreenMs: 4_000, ...facts } } }))

  test('the green outlasts its last phase, and the next stage, which conflicts with it, waits for its clearance', () =>
    timelineOf(trailing({}))(`
      s      0         10        20
      det 3  ..####################
      ph 1   GGYYYR................
      ov 1   GGYYY.................
      ov 7   GGGGGGYYY.............
      ph 3   ..........GGGGGGGGGGGG
    `))

  test('yellow and red clearance of its own count from the end of the trailing green', () =>
    timelineOf(trailing({ trailingYellowMs: 5_000, trailingRedMs: 3_000 }))(`
      s      0         10        20
      det 3  ..####################
      ph 1   GGYYYR................
      ov 7   GGGGGGYYYYY...........
      ph 3   ..............GGGGGGGG
    `))

  test('while it trails, who may go beside it does not wait, and its own phase that comes again finds it green', () =>
    timelineOf(street({ overlaps: { 1: [2] }, overlapFacts: { 1: { trailingGreenMs: 9_000 } } }))(`
      s      0         10        20
      det 5  ..######..............
      ph 2   GGYYYR.GGGGGGGGGGGGGGG
      ph 5   ......GGGGGGGGGGGGGGGG
      ov 1   GGGGGGGGGGGGGGGGGGGGGG
    `))
})

describe('a flashing yellow arrow: left turn 1 that goes protected with phase 1 and permissive beside the oncoming 2', () => {
  const arrow = {
    overlaps: { 1: [2] },
    overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
  } as const

  test('protected first: green arrow, yellow arrow, red, then it flashes with the oncoming green', () =>
    timelineOf(street(arrow))(`
      s      0         10        20
      det 1  ..#######.............
      det 2  ..####################
      ph 4   GGYYYR................
      ph 1   ......GGGGGGYYYR......
      ph 2   ................GGGGGG
      ov 1   ......GGGGGGYYY.FFFFFF
    `))

  test('permissive only: it flashes until the oncoming green ends, then steady yellow and red', () =>
    timelineOf(street(arrow))(`
      s      0         10
      det 4  ..##########
      ph 2   GGYYYR......
      ov 1   FFYYY.......
      ph 4   ......GGGGGG
    `))

  test('protected last: it flashes over the change of the oncoming street and turns green without a yellow between', () =>
    timelineOf(
      street({
        ...arrow,
        rings: [
          [
            [2, 1],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ],
      }),
    )(`
      s      0         10
      det 1  ..##########
      ph 2   GGYYYR......
      ov 1   FFFFFFGGGGGG
      ph 1   ......GGGGGG
    `))

  test('the protected green shows red and amber where the site does', () =>
    timelineOf(street({ ...arrow, phases: { 1: { timing: { redAmberMs: 1_000 } } } }))(`
      s      0         10        20
      det 1  ..#######.............
      det 2  ..####################
      ph 4   GGYYYR................
      ph 1   ......AGGGGGYYYR......
      ov 1   ......AGGGGGYYY.FFFFFF
    `))
})

describe('a crossing that walks with several phases', () => {
  const walks = (walkMs: number, pedClearMs: number, leadingPedMs = 0) => ({
    timing: { walkMs, pedClearMs, leadingPedMs },
  })
  const crossing = { overlaps: { 1: [2, 6] }, overlapFacts: { 1: { kind: 'pedestrian' } } } as const

  test('it walks while one of them walks, and clears while the last of them clears', () =>
    timelineOf(street({ ...crossing, phases: { 2: walks(4_000, 5_000), 6: walks(6_000, 8_000) } }))(`
      s        0         10        20
      button 2 ....#.................
      button 6 ....#.................
      ph 2     GGGGGGGGGGGGGGGGGGGGGG
      ph 6     GGGGGGGGGGGGGGGGGGGGGG
      walk 2   ....WWWWCCCCC.........
      walk 6   ....WWWWWWCCCCCCCC....
      cross 1  ....WWWWWWCCCCCCCC....
    `))

  test('its walk leads the vehicles as that of its phase does', () =>
    timelineOf(street({ ...crossing, phases: { 2: { ...walks(4_000, 5_000, 3_000) } } }))(`
      s        0         10        20
      button 2 ..####................
      det 2    ..####................
      ph 4     GGYYYR................
      ph 2     ......LLLGGGGGGGGGGGGG
      cross 1  ......WWWWCCCCC.......
    `))
})

describe('what is logged of an overlap', () => {
  /** Codes of overlap 1, begin to end, while each of the phases is called for 25 s, the first of them to come to rest. */
  function logged(facts: Partial<JunctionFacts>, called: readonly number[]): number[] {
    const controller = createController(street(facts))
    const codes: number[][] = called.map(() => [])
    const inputs = { ...QUIET_UNIT, occupied: new Uint8Array(65), pedestrianButtons: 0, pattern: PATTERN_FREE }
    for (const [turn, phase] of called.entries())
      for (let ms = 0; ms < 25_000; ms += 100) {
        const control = { ...NO_PHASE_CONTROL, vehicleCall: bit(phase), pedestrianCall: bit(phase) }
        stepController(controller, { ...inputs, epochMs: ms, control }, 100, (code, parameter) => {
          if (OF_OVERLAPS.includes(code) && parameter === 1) codes[turn]?.push(code)
        })
      }
    return codes.slice(1).flat()
  }
  const OF_OVERLAPS = [32, 33, 61, 62, 63, 64, 65, 67, 68, 69]

  test('a green that trails: green, trailing green, yellow, red clearance, off', () => {
    const facts = { overlaps: { 1: [3] }, overlapFacts: { 1: { trailingGreenMs: 2_000 } } }
    expect(logged(facts, [2, 3, 2])).toEqual([61, 62, 63, 64, 65])
  })

  test('a flashing arrow: from flashing to the green arrow and back, with a yellow only after the green', () => {
    const facts = {
      overlaps: { 1: [2] },
      overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
    } as const
    expect(logged(facts, [4, 2, 4, 1, 2, 4])).toEqual([32, 33, 63, 64, 65, 61, 63, 64, 65, 32, 33, 63, 64, 65])
  })

  test('a crossing: walk, clearance, don’t walk', () => {
    const facts = {
      phases: { 2: { timing: { walkMs: 4_000, pedClearMs: 5_000 } } },
      overlaps: { 1: [2] },
      overlapFacts: { 1: { kind: 'pedestrian' } },
    } as const
    expect(logged(facts, [4, 2, 4])).toEqual([67, 68, 69])
  })
})

test('a yellow arrow flashes once a second, half of it lit, in steps of any length that can show it', () => {
  const facts = {
    overlaps: { 1: [2] },
    overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
  } as const
  const litOf = (stepMs: number) => {
    const controller = createController(street(facts))
    const section = controller.layout.channels.find(({ kind }) => kind === 'flashingArrow')!.bit
    const inputs = { ...QUIET_UNIT, occupied: new Uint8Array(65).fill(0), pedestrianButtons: 0, pattern: PATTERN_FREE }
    const control = { ...NO_PHASE_CONTROL, vehicleCall: bit(2) }
    const step = () => stepController(controller, { ...inputs, epochMs: 0, control }, stepMs, () => undefined)
    for (let ms = 0; statusOf(controller).overlapFlashes === 0 && ms < 60_000; ms += stepMs) step()
    return Array.from({ length: 12 }, () => {
      const lit = (statusOf(controller).channelGreens & section) !== 0
      step()
      return lit ? '#' : '.'
    }).join('')
  }
  expect(litOf(100)).toBe('#####.....##')
  expect(litOf(250)).toBe('##..##..##..')
  expect(litOf(300)).toBe('##..#..##.##')
  expect(litOf(1_000)).toBe('############')
})

test('an arrow that flashes goes on flashing while timers stand still, and the others stay as they are', () => {
  const controller = createController(
    street({
      overlaps: { 1: [2], 2: [6] },
      overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
    }),
  )
  const section = controller.layout.channels.find(({ kind }) => kind === 'flashingArrow')!.bit
  const step = (panel = QUIET_UNIT.panel) => {
    const inputs = { ...QUIET_UNIT, occupied: new Uint8Array(65), pedestrianButtons: 0, pattern: PATTERN_FREE, panel }
    const control = { ...NO_PHASE_CONTROL, vehicleCall: bit(2) | bit(6) }
    stepController(controller, { ...inputs, epochMs: 0, control }, 100, () => undefined)
    return statusOf(controller)
  }
  while (step().overlapFlashes === 0);
  const shown = Array.from({ length: 20 }, () => step({ ...QUIET_UNIT.panel, stopTime: true }))
  expect(shown.map(({ channelGreens }) => ((channelGreens & section) === 0 ? '.' : '#')).join('')).toBe(
    '####.....#####.....#',
  )
  expect(shown.every(({ overlapGreens }) => overlapGreens === bit(2))).toBe(true)
})
