/** The force-off point that the control room names is the one at which the controller ends the green. */
import { expect, test } from 'vitest'
import { phaseId } from '#base/id.ts'
import { forceOffPointMs } from '#control/force-off.ts'
import { PLAIN_PLAN, type PlanOptions, type TimingPlan } from '#signal/timing-plan.ts'
import { PLAN, viewOf } from '#test/support/boulevard-crossing.ts'

/** The boulevard has 45 s and yields after 40; the side street ends at 75 of 80. */
const points = (options: Partial<PlanOptions>, changed: Partial<TimingPlan> = {}) =>
  [2, 4].map((phase) =>
    forceOffPointMs(viewOf(), { ...PLAN, ...changed, options: { ...PLAIN_PLAN, ...options } }, phase),
  )

test('counted from the barrier', () => expect(points({})).toEqual([40_000, 75_000]))
test('counted from the start of green, which is there', () =>
  expect(points({ offsetReference: 'startOfGreen' })).toEqual([40_000, 75_000]))
test('counted from the start of yellow, the yield point itself', () =>
  expect(points({ offsetReference: 'startOfYellow' })).toEqual([0, 35_000]))
test('an actuated part lets the boulevard end before, and leaves the point where it is', () =>
  expect(points({ coordinatedActuatedMs: 10_000 })).toEqual([40_000, 75_000]))
test('a phase that the plan omits has none, and neither has one that is not there', () => {
  const omitting = {
    splitsMs: new Map([
      [phaseId(2), 80_000],
      [phaseId(6), 80_000],
      [phaseId(4), 0],
      [phaseId(8), 0],
    ]),
    splitModes: new Map([
      [phaseId(4), 'omitted' as const],
      [phaseId(8), 'omitted' as const],
    ]),
  }
  expect(points({}, omitting)).toEqual([75_000, null])
  expect(forceOffPointMs(viewOf(), PLAN, 7)).toBeNull()
})
