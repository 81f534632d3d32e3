/** Wanted stages compiled into phase control, carried out by the real controller: one column is a second. */
import { describe, expect, test } from 'vitest'
import { bitsOf, hasBit, type Bits } from '#base/bits.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { checkCommand } from '#safety/check-command.ts'
import { commandStage, maySteer } from '#control/stage-command.ts'
import { viewOf } from '#test/support/boulevard-crossing.ts'
import { database, EIGHT_PHASES, junction, STAGES, THREE_LEGS, type JunctionFacts } from '#test/support/junctions.ts'
import { columns, picture, shown } from '#test/support/picture.ts'

const TICK_MS = 100
const EPOCH_MS = Date.UTC(2026, 0, 5, 8)

interface Wishes {
  /** Phases of the stage that each letter of the row `want` stands for. */
  readonly stages: Readonly<Record<string, readonly number[]>>
  readonly omitted?: readonly number[]
  readonly omittable?: readonly number[]
}

/**
 * Rows: `want` the stage by its letter; `det n`, `button n` # while it lasts; `ph n` what is shown (G, Y, R red clearance);
 * `walk n` (W, C). The street begins green for the first stage that is wanted, for long enough.
 */
function goes(facts: JunctionFacts, { stages, omitted = [], omittable }: Wishes, drawn: string): void {
  const rows = picture(drawn)
  const intersection = junction(facts)
  const controller = createController(database(intersection))
  const all = bitsOf(intersection.phases.map(({ id }) => id))
  const place = { intersection, omittable: omittable === undefined ? all : bitsOf(omittable) }
  const minGreenMs = Array.from({ length: 33 }, () => 5_000)
  const limits = {
    phases: all,
    omittable: place.omittable,
    preempts: 0,
    priorities: 0,
    patterns: [],
    minGreenMs,
    configurationHash: 0,
  }
  const seen = new Map([...rows.keys()].filter((name) => /^(ph|walk) /.test(name)).map((name) => [name, '']))
  const occupied = new Uint8Array(65)
  let epochMs = EPOCH_MS
  let buttons: Bits = 0
  const step = (letter: string) => {
    const signal = statusOf(controller)
    const wish = {
      stage: bitsOf(stages[letter] ?? []),
      omitted: bitsOf(omitted),
      calls: { vehicleCall: 0, pedestrianCall: 0 },
    }
    const control = commandStage(place, signal, wish)
    const view = viewOf({ intersection, signal, unit: { controlStatus: 'supervised' } })
    const command = { ...control, preempts: 0, priorities: 0, pattern: PATTERN_FREE }
    expect(checkCommand(limits, view, command)).toEqual({ pass: true, command })
    epochMs += TICK_MS
    const inputs = { ...QUIET_UNIT, epochMs, occupied, pedestrianButtons: buttons, control, pattern: PATTERN_FREE }
    stepController(controller, inputs, TICK_MS, () => undefined)
  }
  for (let ms = 0; ms < 120_000; ms += TICK_MS) step(shown(rows, 'want', 0))
  for (let column = 0; column < columns(rows); column++) {
    buttons = 0
    for (let n = 1; n <= 8; n++) {
      occupied[n] = shown(rows, `det ${n}`, column) === '#' ? 1 : 0
      if (shown(rows, `button ${n}`, column) === '#') buttons |= bitsOf([n])
    }
    for (let tick = 0; tick < 10; tick++) {
      step(shown(rows, 'want', column))
      if (tick > 0) continue
      for (const [name, line] of seen) seen.set(name, line + letterOf(statusOf(controller), name))
    }
  }
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries([...seen.keys()].map((name) => [name, rows.get(name)])))
}

function letterOf(status: SignalStatus, name: string): string {
  const [kind, digits] = name.split(' ')
  const n = Number(digits)
  if (kind === 'walk') return hasBit(status.walks, n) ? 'W' : hasBit(status.pedClears, n) ? 'C' : '.'
  if (hasBit(status.greens, n)) return 'G'
  if (hasBit(status.yellows, n)) return 'Y'
  return hasBit(status.phaseOns, n) ? 'R' : '.'
}

const RING = { a: [1], b: [2], c: [3], d: [4] }
const PAIRS = { a: [2, 6], b: [4, 8], c: [1, 5], d: [2, 5], e: [1, 6] }

describe('a ring of stages', () => {
  test('goes 1, 3, 2, 4 in the least time, though everybody calls all the time', () => {
    goes(
      STAGES,
      { stages: RING },
      `
      want  aaccccccccccbbbbbbbbbbddddddddddd
      det 1 #################################
      det 2 #################################
      det 3 #################################
      det 4 #################################
      ph 1  GGYYYR...........................
      ph 3  ......GGGGGGYYYR.................
      ph 2  ................GGGGGGYYYR.......
      ph 4  ..........................GGGGGGG
    `,
    )
  })

  test('a stage that is wanted before the one that is green has had its minimum begins when it has', () => {
    goes(
      STAGES,
      { stages: RING },
      `
      want  aabbbbbbcccccccccccccc
      ph 1  GGYYYR................
      ph 2  ......GGGGGYYYR.......
      ph 3  ...............GGGGGGG
    `,
    )
  })

  test('a stage that is held stays green beyond its maximum, whoever calls', () => {
    goes(
      STAGES,
      { stages: RING },
      `
      want  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      det 1 ................................
      det 3 ################################
      ph 1  GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG
    `,
    )
  })

  test('a stage that the plan leaves out is not gone to: the controller goes on by itself, without it', () => {
    goes(
      STAGES,
      { stages: RING, omitted: [2] },
      `
      want  aabbbbbbbbbbbbccccccccccc
      det 2 #########################
      ph 1  GGYYYR...................
      ph 2  .........................
      ph 3  ......GGGGGYYYR.........G
    `,
    )
  })

  test('whoever waits for a phase that the site lets nobody omit is served on the way', () => {
    goes(
      STAGES,
      { stages: RING, omittable: [1, 3, 4] },
      `
      want  aaccccccccccccccccccccccc
      det 2 ####.....................
      ph 1  GGYYYR...................
      ph 2  ......GGGGGYYYR..........
      ph 3  ...............GGGGGGGGGG
    `,
    )
  })

  const WALKING: JunctionFacts = { ...STAGES, phases: { 2: { timing: { walkMs: 4_000, pedClearMs: 5_000 } } } }

  test('people whose phase comes before the wanted one walk on the way', () => {
    goes(
      WALKING,
      { stages: RING },
      `
      want     aaccccccccccccccccccccccccccc
      button 2 #............................
      ph 1     GGYYYR.......................
      ph 2     ......GGGGGGGGGYYYR..........
      walk 2   ......WWWWCCCCC..............
      ph 3     ...................GGGGGGGGGG
    `,
    )
  })

  test('people whose phase the ring has passed walk within a lap, and nobody cuts them off', () => {
    goes(
      WALKING,
      { stages: RING },
      `
      want     ccddddddddddaaaaaaaaaaaaaccccccccccccccccccccccc
      button 2 .#..............................................
      ph 3     GGYYYR....................................GGGGGG
      ph 4     ......GGGGGGYYYR................................
      ph 1     ................GGGGGGGGGYYYR...................
      ph 2     .............................GGGGGGGGGYYYR......
      walk 2   .............................WWWWCCCCC..........
    `,
    )
  })
})

describe('two rings', () => {
  test('2+6, 4+8 and back cross the barrier together', () => {
    goes(
      EIGHT_PHASES,
      { stages: PAIRS },
      `
      want  aabbbbbbbbbbbaaaaaaaaaaaaa
      det 1 ##########################
      det 3 ##########################
      ph 2  GGYYYR...........GGGGGGGGG
      ph 6  GGYYYR...........GGGGGGGGG
      ph 4  ......GGGGGGGYYYR.........
      ph 8  ......GGGGGGGYYYR.........
      ph 1  ..........................
      ph 3  ..........................
    `,
    )
  })

  test('1+5 becomes 2+5 and then 2+6 with one ring after the other', () => {
    goes(
      EIGHT_PHASES,
      { stages: PAIRS },
      `
      want  ccdddddddddddaaaaaaaaa
      ph 1  GGYYYR................
      ph 5  GGGGGGGGGGGGGYYYR.....
      ph 2  ......GGGGGGGGGGGGGGGG
      ph 6  .................GGGGG
    `,
    )
  })

  test('what lies behind in its ring is reached by a lap of both, and the partner comes back with it', () => {
    goes(
      EIGHT_PHASES,
      { stages: PAIRS },
      `
      want  aaeeeeeeeeeeedddddddddddd
      det 5 .............############
      ph 2  GGYYYR............GGGGGGG
      ph 6  GGYYYR.GGGGGGYYYR........
      ph 1  ......GGGGGGGYYYR........
      ph 5  .................GGGGGGGG
    `,
    )
  })

  test('a ring that has no part in the stage waits, and is not emptied', () => {
    goes(
      THREE_LEGS,
      { stages: { a: [2, 6], b: [4], c: [1, 6] } },
      `
      want  aabbbbbbbbbcccccccccccc
      det 6 .....##################
      ph 2  GGYYYR.................
      ph 6  GGYYYR.........GGGGGGGG
      ph 4  ......GGGGGYYYR........
      ph 1  ...............GGGGGGGG
    `,
    )
  })
})

test.each<[string, number[], number[], number]>([
  ['what it shows', [6], [], 1],
  ['whom nobody calls', [], [5], 1],
  ['the first, where all are called', [], [5, 6], 2],
])('of a ring without a part in the stage is spared %s', (_, greens, called, omitted) => {
  const intersection = junction({ rings: [[[1], [4]], [[5, 6]]] })
  const rest = statusOf(createController(database(intersection)))
  const signal = { ...rest, flash: 'none' as const, greens: bitsOf(greens), vehicleCalls: bitsOf(called) }
  const wish = { stage: bitsOf([4]), omitted: 0, calls: { vehicleCall: 0, pedestrianCall: 0 } }
  const { phaseOmit } = commandStage({ intersection, omittable: bitsOf([1, 4, 5, 6]) }, signal, wish)
  expect(phaseOmit & bitsOf([5, 6])).toBe(bitsOf([omitted === 1 ? 5 : 6]))
})

describe('somebody else has the street', () => {
  const intersection = junction(STAGES)
  const signalOf = (changes: Partial<SignalStatus>) => ({
    ...statusOf(createController(database(intersection))),
    flash: 'none' as const,
    ...changes,
  })
  const preempt = signalOf({}).preempt
  const calls = { vehicleCall: 4, pedestrianCall: 8 }

  test.each<[string, Partial<SignalStatus>, boolean]>([
    ['nobody', {}, true],
    ['a preempt that still waits for its delay', { preempt: { ...preempt, number: 1, state: 'delay' } }, true],
    ['a preempt', { preempt: { ...preempt, number: 1, state: 'entry' } }, false],
    ['a bus', { preempt: { ...preempt, priorityActive: 1 } }, false],
    ['the flasher', { flash: 'automatic' }, false],
  ])('%s: steered %#', (_, changes, steered) => {
    const signal = signalOf(changes)
    expect(maySteer(signal)).toBe(steered)
    const control = commandStage({ intersection, omittable: 15 }, signal, { stage: 2, omitted: 0, calls })
    if (!steered) expect(control).toEqual({ ...NO_PHASE_CONTROL, ...calls })
    else expect(control.phaseOmit).not.toBe(0)
  })
})
