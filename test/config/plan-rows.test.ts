/** What `plans.yaml` says of how a plan is run, as the controller gets it. */
import { expect, test } from 'vitest'
import { buildPlan } from '#config/build-plan.ts'
import { PLAIN_PLAN } from '#signal/timing-plan.ts'

const PLAIN_ROW = { cycle_s: 80, offset_s: 5, splits_s: { 2: 50, 4: 30 } }

test('of a plan that says nothing it is what controllers do of themselves', () =>
  expect(buildPlan('day', 3, PLAIN_ROW)).toMatchObject({
    pattern: 3,
    key: 'day',
    cycleMs: 80_000,
    offsetMs: 5_000,
    coordinatedPhases: [2],
    splitModes: new Map(),
    sequence: 1,
    options: PLAIN_PLAN,
  }))

test('every option has its word', () =>
  expect(
    buildPlan('day', 3, {
      ...PLAIN_ROW,
      offset_reference: 'start_of_yellow',
      force_off: 'floating',
      permissive_s: { 4: 7.5 },
      coordinated_actuated_s: 12,
      ped_overrun: 'fit',
      transition: 'dwell',
      transition_cycles: 2,
      maximum: 'max2',
    }).options,
  ).toEqual({
    offsetReference: 'startOfYellow',
    forceOff: 'floating',
    permissiveMs: new Map([[4, 7_500]]),
    coordinatedActuatedMs: 12_000,
    pedestrianOverrun: 'fit',
    transition: { way: 'dwell', cyclesMost: 2 },
    maximum: 'max2',
  }))

test('an omitted phase needs no split', () => {
  const { splitsMs, splitModes } = buildPlan('day', 3, {
    ...PLAIN_ROW,
    split_modes: { 2: 'minimum', 3: 'omitted', 4: 'maximum_and_pedestrian' },
  })
  expect(splitsMs.get(3 as never)).toBe(0)
  expect([...splitModes]).toEqual([
    [2, 'minimumRecall'],
    [3, 'omitted'],
    [4, 'maximumAndPedestrianRecall'],
  ])
})
