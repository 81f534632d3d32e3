/** The order of phases: one to four rings, rings that lack a barrier, lead and lag by plan, and a change of order at a legal moment. */
import { describe, expect, test } from 'vitest'
import { patternId } from '#base/id.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { stepController } from '#signal/phase-machine.ts'
import { database, EIGHT_PHASES, junction, plan, type JunctionFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

const LAGGING: JunctionFacts = {
  ...EIGHT_PHASES,
  sequences: [
    [
      [2, 1, 4, 3],
      [6, 5, 8, 7],
    ],
    [
      [1, 2, 3, 4],
      [6, 5, 7, 8],
    ],
  ],
}
const SPLITS = { 1: 12, 2: 28, 3: 12, 4: 28, 5: 12, 6: 28, 7: 12, 8: 28 }
const LEAD = plan(1, { cycleS: 80, splitsS: SPLITS, coordinated: [2, 6] })
const LAG = plan(2, { cycleS: 80, splitsS: SPLITS, coordinated: [2, 6], sequence: 2 })
const MIDNIGHT = { columnMs: 2_000, epochMs: Date.UTC(2026, 0, 5) }
const byPlan = database(junction(LAGGING), [
  LEAD,
  LAG,
  plan(3, { cycleS: 80, splitsS: SPLITS, coordinated: [2, 6], sequence: 3 }),
])

describe('rings', () => {
  test('one ring serves one phase after another, and only where somebody waits', () =>
    timelineOf(database(junction({ rings: [[[1, 2], [3]]] })))(`
      s      0         10        20        30
      det 2  ..##################............
      det 1  ..######........................
      ph 3   GGYYYR..........................
      ph 1   ......GGGGGYYYR.................
      ph 2   ...............GGGGGGGGGGGGGGGGG
    `))

  const THREE: JunctionFacts = { rings: [[[1, 2], [3]], [[4], [5]], [[6, 7]]] }

  test('three rings run side by side, and cross the barrier when the last of them has cleared', () =>
    timelineOf(database(junction(THREE)))(`
      s      0         10        20        30
      det 2  ..############..................
      det 4  ..######........................
      det 6  ..##########....................
      det 7  ........##########..............
      det 5  ............################....
      ph 3   GGYYYR..........................
      ph 2   ......GGGGGGGGGGGGGGGGGGYYYR....
      ph 4   ......GGGGGGGGGGGGGGGGGGYYYR....
      ph 6   ......GGGGGGGGGYYYR.............
      ph 7   ...................GGGGGYYYR....
      ph 5   GGYYYR......................GGGG
    `))

  test('a ring that lacks a barrier group stands red while the others serve it', () =>
    timelineOf(database(junction(THREE)))(`
      s      0         10        20        30
      det 3  ..####..........................
      det 6  ......####################......
      ph 6   GGYYYR.........GGGGGGGGGGGGGGGGG
      ph 3   ......GGGGGYYYR.................
    `))

  test('four rings: four movements of one street together, then four of the other', () =>
    timelineOf(
      database(
        junction({
          rings: [
            [[1], [5]],
            [[2], [6]],
            [[3], [7]],
            [[4], [8]],
          ],
        }),
      ),
    )(`
      s      0         10        20        30
      det 5  ..######........................
      det 6  ..##########....................
      det 7  ..######........................
      det 8  ..######........................
      det 1  ..............##################
      det 3  ..............##################
      ph 1   GGYYYR.............GGGGGGGGGGGGG
      ph 5   ......GGGGGGGGGYYYR.............
      ph 6   ......GGGGGGGGGYYYR.............
      ph 7   ......GGGGGGGGGYYYR.............
      ph 8   ......GGGGGGGGGYYYR.............
      ph 3   ...................GGGGGGGGGGGGG
    `))
})

describe('sequences', () => {
  const timeline = timelineOf(byPlan, MIDNIGHT)
  const CALLS = `
      det 1  ########################################################
      det 5  ########################################################
      det 4  ########################################################`

  test('lefts lead in the plan that says so', () =>
    timeline(`
      s      0         20        40        60        80        100
      plan   11111111111111111111111111111111111111111111111111111111${CALLS}
      ph 1   ........................................GGGGYY..........
      ph 2   GGGGGGGGGGGGGGGGGGYY..........................GGGGGGGGGG
      ph 4   ....................GGGGGGGGGGGGGGGGGGYY................
    `))

  test('and lag in the plan that says so', () =>
    timeline(`
      s      0         20        40        60        80        100
      plan   22222222222222222222222222222222222222222222222222222222${CALLS}
      ph 1   ..............GGGGYY..................................GG
      ph 2   GGGGGGGGGGGGYY....................GGGGGGGGGGGGGGGGGGYY..
      ph 4   ....................GGGGGGGGGGGGYY......................
    `))

  test('one left leads and the other lags', () =>
    timeline(`
      s      0         20        40        60        80        100
      plan   33333333333333333333333333333333333333333333333333333333${CALLS}
      ph 1   ........................................GGGGYY..........
      ph 2   GGGGGGGGGGGGGGGGGGYY..........................GGGGGGGGGG
      ph 5   ..............GGGGYY..................................GG
      ph 6   GGGGGGGGGGGGYY..........................GGGGGGGGGGGGYY..
    `))

  test('from leading to lagging: the coordinated group that begins with the new plan has the new order already', () =>
    timeline(`
      s      0         20        40        60        80        100       120       140
      plan   11111111111111112222222222222222222222222222222222222222222222222222222222222222
      det 1  ################################################################################
      det 5  ################################################################################
      det 4  ################################################################################
      ph 1   ......................................................GGGGYY....................
      ph 2   GGGGGGGGGGGGGGGGGGYY....................GGGGGGGGGGGGYY....................GGGGGG
      ph 4   ....................GGGGGGGGGGGGGGGGGGYY....................GGGGGGGGGGGGYY......
    `))

  test('from free to a lagging plan inside a group: it ends in the old order, and the new one begins with the next', () =>
    timelineOf(byPlan, { ...MIDNIGHT, epochMs: Date.UTC(2026, 0, 5, 0, 0, 4) })(`
      s      0         20        40        60        80        100       120       140
      plan   .....222222222222222222222222222222222222222222222222222222222222222222222222222
      det 1  ################################################################################
      det 2  ################################################################################
      det 4  ################################################################################
      ph 1   ....................................................GGGGYY......................
      ph 2   GGGGGGGGGGYY....................GGGGGGGGGGGGGGGGGGYY....................GGGGGGGG
      ph 4   ............GGGGGGGGGGGGGGGGGGYY..........................GGGGGGGGGGGGYY........
    `))

  test('whatever plan is asked for each minute, nobody is passed over and nobody has two greens in a row', () => {
    const greens = greensOf(byPlan, (s) => 1 + (Math.floor(s / 60) % 3))
    const rings = [greens.filter(({ phase }) => phase <= 4), greens.filter(({ phase }) => phase > 4)]
    for (const ring of rings)
      ring.forEach(({ phase }, index) => expect(phase, `green ${index}`).not.toBe(ring[index - 1]?.phase))
    for (const phase of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const begins = greens.filter((green) => green.phase === phase).map(({ s }) => s)
      const waits = begins.slice(1).map((s, index) => s - begins[index]!)
      expect(Math.max(...waits), `phase ${phase}`).toBeLessThanOrEqual(2 * 80)
    }
  })
})

test('two streets that are on together are a bug, and the controller stops in the very step', () => {
  const controller = createController(database(junction(EIGHT_PHASES)))
  const inputs = { ...QUIET_UNIT, occupied: new Uint8Array(65), pedestrianButtons: 0, control: NO_PHASE_CONTROL }
  const step = () =>
    stepController(controller, { ...inputs, epochMs: 0, pattern: patternId(254) }, 100, () => undefined)
  for (let steps = 0; steps < 100; steps++) step()
  const [first, second] = controller.rings
  first!.phase = controller.layout.phases.find(({ number }) => number === 2)!
  second!.phase = controller.layout.phases.find(({ number }) => number === 8)!
  expect(step).toThrow('phases that conflict are never on together')
})

/** Every green of two hours in which all loops are occupied, under the pattern that is asked for at each second. */
function greensOf(of: ControllerDatabase, patternAt: (s: number) => number): { phase: number; s: number }[] {
  const controller = createController(of)
  const occupied = new Uint8Array(65).fill(1)
  const greens: { phase: number; s: number }[] = []
  for (let s = 0; s < 7_200; s++)
    for (let tenth = 0; tenth < 10; tenth++) {
      const epochMs = MIDNIGHT.epochMs + s * 1000 + tenth * 100
      const inputs = { ...QUIET_UNIT, occupied, pedestrianButtons: 0, control: NO_PHASE_CONTROL, epochMs }
      stepController(controller, { ...inputs, pattern: patternId(patternAt(s)) }, 100, (code, phase) => {
        if (code === EVENT.beginGreen) greens.push({ phase, s })
      })
    }
  return greens
}
