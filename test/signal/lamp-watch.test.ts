/** The sceptic can see: of a tape of a sound controller he says nothing, and of each forgery what was forged. */
import { describe, expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import { database, junction, preempt } from '#test/support/junctions.ts'
import { LampWatch } from '#test/support/lamp-watch.ts'
import { record, relight, retell, shorten, TAPE_STEP_MS, type Frame, type Relit } from '#test/support/tape.ts'
import { UnitWatch } from '#test/support/unit-watch.ts'

const WALK = { walkMs: 5_000, pedClearMs: 6_000 }

/**
 * Two rings; people walk ahead of phase 2; red and amber at phase 4; group 1 stays green from phase 1 to 2, arrow 3 flashes
 * beside 6 for the left turn 1, the right turn 4 gives way to 5; who turns out of phase 6 needs five seconds before 8.
 */
const CORNER = database(
  junction({
    rings: [
      [[1, 2], [4]],
      [[5, 6], [8]],
    ],
    phases: {
      2: { timing: { ...WALK, leadingPedMs: 2_000 } },
      4: { timing: { redAmberMs: 1_000 } },
      5: { simultaneousGapOut: true },
      6: { timing: { addedInitialMs: 2_000, maxInitialMs: 30_000 } },
    },
    overlaps: { 1: [1, 2], 2: [4], 3: [6], 4: [2] },
    overlapFacts: {
      2: { trailingGreenMs: 2_000, trailingYellowMs: 3_000, trailingRedMs: 4_000 },
      3: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] },
      4: { kind: 'minusGreenYellow', modifiers: [phaseId(5)] },
    },
    intergreens: [
      { from: { kind: 'vehicle', phase: phaseId(6) }, to: { kind: 'vehicle', phase: phaseId(8) }, ms: 5_000 },
    ],
  }),
)

const CORNER_TAPE = record(CORNER, 180)

test('of a sound controller he has nothing to say', () => expect(faultsOf(CORNER, CORNER_TAPE)).toEqual([]))

describe('a time that was cut by a tenth of a second', () => {
  test.each([
    ['a minimum green', EVENT.greenTermination, 8, 'phase 8 showed green for 4900 of 5000 ms'],
    ['a yellow', EVENT.endYellow, 2, 'phase 2 showed yellow for 2900 of 3000 ms'],
    ['a red clearance', EVENT.endRedClear, 2, 'phase 2 showed redClear for 900 of 1000 ms'],
    ['red and amber', EVENT.beginGreen, 4, 'phase 4 showed redAmber for 900 of 1000 ms'],
    ['a leading walk', EVENT.beginGreen, 2, 'phase 2 showed leadingPed for 1900 of 2000 ms'],
    ['a walk', EVENT.pedClear, 2, 'phase 2 showed walk for 4900 of 5000 ms'],
    ['a pedestrian clearance', EVENT.dontWalk, 2, 'phase 2 showed clearance for 5900 of 6000 ms'],
    ['the yellow of an overlap', EVENT.overlapRedClear, 2, 'overlap 2 (normal) cuts its yellow to 2900 ms'],
    ['an intergreen', EVENT.beginGreen, 8, 'vehicle 8 begins 4900 of 5000 ms after vehicle 6'],
  ])('%s', (_, code, number, fault) => {
    expect(faultsOf(CORNER, shorten(CORNER_TAPE, code, number))).toContain(fault)
  })

  test('the red clearance of an overlap, before whoever conflicts with it begins again', () =>
    expect(faultsOf(CORNER, shorten(CORNER_TAPE, EVENT.beginGreen, 1, 2))).toContain(
      'channel 1 begins 3900 of 4000 ms after channel 9',
    ))

  test('the red between two greens of one phase', () => {
    const street = database(junction({ rings: [[[2], [4]]], phases: { 2: { timing: { redRevertMs: 15_000 } } } }))
    expect(faultsOf(street, shorten(record(street, 60), EVENT.beginGreen, 2, 2))).toContain(
      'phase 2 is green again 14900 ms after its yellow',
    )
  })

  test('the start-up flash, and the all red after it', () => {
    const street = { ...CORNER, unit: { ...PLAIN_UNIT, startupFlashMs: 3_000, startAllRedMs: 5_000 } }
    const tape = record(street, 30)
    expect(unitFaultsOf(street, tape)).toEqual([])
    expect(unitFaultsOf(street, shorten(tape, EVENT.flashState, 2))).toEqual(['it flashed for 2900 of 3000 ms'])
    expect(unitFaultsOf(street, shorten(tape, EVENT.phaseOn, 1))).toEqual(['all was red for 4900 of 5000 ms'])
  })
})

describe('a lamp that was lit, or not, where it must not', () => {
  test.each<[string, number, number, Relit, string]>([
    ['two streets are green', EVENT.beginGreen, 4, both(2), 'channel 2 conflicts with another'],
    ['a barrier is crossed alone', EVENT.beginGreen, 4, both(2), 'phases 2 and 4 are on across a barrier'],
    ['two phases of one ring are green', EVENT.beginGreen, 2, both(1), 'phases 1 and 2 are on in one ring'],
    ['a yellow beside a green', EVENT.beginGreen, 8, yellowLamp(2), 'channel 2 conflicts with another'],
    ['a walk beside a green', EVENT.beginGreen, 4, greenLamp(7), 'channel 7 conflicts with another'],
    ['an overlap beside a green', EVENT.beginGreen, 4, greenLamp(8), 'channel 8 conflicts with another'],
    ['an arrow that flashes', EVENT.beginGreen, 8, greenLamp(12), 'channel 12 conflicts with another'],
    ['a lamp goes its own way', EVENT.beginGreen, 2, greenLamp(1), 'channel 1 does not show what vehicle 1 says'],
    ['no yellow', EVENT.beginYellow, 2, { dark: { yellows: 2 } }, 'phase 2 goes from green to redClear'],
    ['no red and amber', EVENT.redAmber, 4, { lit: { greens: 4 } }, 'phase 4 skips red-amber'],
    ['no red clearance', EVENT.endYellow, 2, { dark: { phaseOns: 2 } }, 'phase 2 skips red clearance'],
    ['no pedestrian clearance', EVENT.pedClear, 2, { dark: { pedClears: 2 } }, 'phase 2 skips pedestrian clearance'],
    ['walk in the red', EVENT.beginYellow, 2, { lit: { walks: 2 } }, 'phase 2 shows walk beside yellow'],
    ['a green not in the log', EVENT.phaseOn, 2, both(2), 'phase 2 shows green, its log says leadingPed'],
    ['a walk not in the log', EVENT.beginGreen, 4, { lit: { walks: 4 } }, 'phase 4 shows walk, its log says dontWalk'],
    [
      'a group in red',
      EVENT.beginGreen,
      2,
      { dark: { overlapGreens: 1 } },
      'overlap 1 (normal) shows red beside a green phase',
    ],
    [
      'a right turn beside the left turn to which it gives way',
      EVENT.beginGreen,
      5,
      { lit: { overlapGreens: 4 } },
      'overlap 4 (minusGreenYellow) shows green beside a modifier',
    ],
  ])('%s', (_, code, number, changes, fault) => {
    expect(faultsOf(CORNER, relight(CORNER_TAPE, code, number, changes))).toContain(fault)
  })

  test('two phases of two rings that the street forbids together', () => {
    const forbidding = {
      ...CORNER,
      intersection: { ...CORNER.intersection, extraConflicts: [[phaseId(4), phaseId(8)] as const] },
    }
    expect(faultsOf(forbidding, CORNER_TAPE)).toContain('phases 4 and 8 conflict and are on')
  })
})

describe('a log that leaves out, doubles or swaps', () => {
  const { phaseOn, beginGreen, greenTermination, beginYellow, endYellow, beginRedClear, endRedClear } = EVENT

  test.each([phaseOn, beginGreen, greenTermination, beginYellow, endYellow, beginRedClear, endRedClear])(
    'code %i of a green',
    (code) => {
      expect(faultsOf(CORNER, retell(CORNER_TAPE, code, 8, []))).toContainEqual(
        expect.stringMatching(/^phase 8 (logged|comes on)/),
      )
      expect(faultsOf(CORNER, retell(CORNER_TAPE, code, 8, [code, code]))).toContainEqual(
        expect.stringMatching(/^phase 8 (logged|comes on)/),
      )
    },
  )

  test('the end of a phase', () =>
    expect(faultsOf(CORNER, retell(CORNER_TAPE, EVENT.phaseInactive, 8, []))).toContain(
      'phase 8 comes on and was not inactive',
    ))

  test('yellow before the end of the green', () =>
    expect(
      faultsOf(
        CORNER,
        retell(retell(CORNER_TAPE, beginYellow, 8, []), greenTermination, 8, [beginYellow, greenTermination]),
      ),
    ).toContainEqual(expect.stringMatching(/^phase 8 logged .* 8 7 9 10 11 12$/)))

  test.each([
    ['no reason', [], 'phase 8 ended for 0 reasons'],
    ['two reasons', [EVENT.gapOut, EVENT.forceOff], 'phase 8 ended for 2 reasons'],
  ])('%s for its end', (_, codes, fault) => {
    expect(faultsOf(CORNER, retell(CORNER_TAPE, EVENT.forceOff, 8, codes))).toContain(fault)
  })

  test('a maximum that had not run out', () =>
    expect(faultsOf(CORNER, retell(CORNER_TAPE, EVENT.forceOff, 8, [EVENT.maxOut]))).toContainEqual(
      expect.stringMatching(/^phase 8 maxes out \d+ ms after somebody waits$/),
    ))

  test('a gap with a vehicle on the loop, and a green cut off under those who waited for it', () => {
    const onLoops = record(CORNER, 60, (second) => ({ occupied: new Uint8Array(65).fill(second > 3 ? 1 : 0) }))
    expect(faultsOf(CORNER, onLoops)).toEqual([])
    expect(faultsOf(CORNER, retell(onLoops, EVENT.forceOff, 5, [EVENT.gapOut]))).toContain(
      'phase 5 gaps out with a vehicle at its detector',
    )
    const busy = onLoops.map((frame, step) =>
      step > 10 && step < 40 ? { ...frame, log: [...frame.log, [EVENT.detectorOn, 6] as const] } : frame,
    )
    expect(faultsOf(CORNER, busy)).toContainEqual(
      expect.stringMatching(/^phase 6 cuts its initial green for \d+ vehicles to \d+ of 30000 ms$/),
    )
  })
})

describe('a preempt', () => {
  const street = { ...CORNER, preempts: [preempt(1, { dwell: { phases: [4] } })] }
  const tape = record(street, 200, (second) => ({ preempts: second > 20 ? 1 : 0 }))

  test('that is served as it should be', () => expect(faultsOf(street, tape)).toEqual([]))

  test('that dwells in the wrong green', () =>
    expect(faultsOf(street, relight(tape, EVENT.preemptDwell, 1, { lit: { greens: 8 } }))).toContain(
      'preempt 1 at its code 107 shows greens 136, not 8',
    ))

  test('that never arrives', () =>
    expect(faultsOf(street, retell(tape, EVENT.preemptDwell, 1, []))).toContainEqual(
      expect.stringMatching(/^preempt 1 has been entering for \d+ of \d+ ms$/),
    ))

  test('in which somebody is let to walk', () =>
    expect(faultsOf(street, retell(tape, EVENT.preemptDwell, 1, [EVENT.preemptDwell, EVENT.walk]))).toContain(
      'phase 1 begins to walk in a preempt',
    ))
})

const unitFaultsOf = (street: ControllerDatabase, tape: readonly Frame[]) => play(new UnitWatch(street), tape)
const faultsOf = (street: ControllerDatabase, tape: readonly Frame[]) => play(new LampWatch(street), tape)

function play(watch: UnitWatch | LampWatch, tape: readonly Frame[]): string[] {
  return tape.flatMap(({ log, status }) => {
    for (const [code, parameter] of log) watch.record(code, parameter)
    watch.see(status, TAPE_STEP_MS)
    return watch.faults.splice(0)
  })
}

/** The phase, and the lamp of the same number: in this street they are the same for phases 1 and 2. */
function both(phase: number): Relit {
  return { lit: { greens: phase, channelGreens: phase }, dark: { reds: phase, channelReds: phase } }
}

function greenLamp(channel: number): Relit {
  return { lit: { channelGreens: channel }, dark: { channelReds: channel } }
}

function yellowLamp(channel: number): Relit {
  return { lit: { channelYellows: channel }, dark: { channelReds: channel } }
}
