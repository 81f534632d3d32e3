/** Preempts and transit priority in `network.yaml`: what is read, and each fault with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { loadEdited, plant } from './planted.ts'

const PLACE = 'village/network.yaml intersections.V-1'

const FIRE = {
  name: '{ fa: آتش‌نشانی, en: Fire }',
  entry: '{ min_green_s: 4, min_walk_s: 3 }',
  dwell: '{ phases: [4], min_green_s: 6 }',
}
const BUS = { name: '{ fa: اتوبوس, en: Bus }', phases: '[2, 6]', max_extension_s: '8' }

const rows = (name: 'preempts' | 'priorities', each: Readonly<Record<number, object>>) => {
  const text = Object.entries(each).map(
    ([number, row]) =>
      `      ${number}:\n${Object.entries(row)
        .map(([key, value]) => `        ${key}: ${value}\n`)
        .join('')}`,
  )
  return plant('    detectors:\n      1:', `    ${name}:\n${text.join('')}    detectors:\n      1:`)
}

const load = (name: 'preempts' | 'priorities', each: Readonly<Record<number, object>>) =>
  loadEdited('network.yaml', rows(name, each))

const faults = async (name: 'preempts' | 'priorities', each: Readonly<Record<number, object>>) => {
  const loaded = await load(name, each)
  return loaded.ok ? [] : loaded.fault.map(({ code, message }) => [code, message])
}

test('a preempt of which little is said has the rank of its number, and only the station itself may call it', async () => {
  const loaded = await load('preempts', { 1: FIRE })
  if (!loaded.ok) throw new Error(loaded.fault.map(({ message }) => message).join())
  const [site] = loaded.value.intersections
  expect(site?.limits).toMatchObject({ preempts: 0, priorities: 0 })
  expect(site?.database.preempts).toEqual([
    {
      number: 1,
      name: { fa: 'آتش‌نشانی', en: 'Fire' },
      priority: 1,
      locking: false,
      delayMs: 0,
      minimumDurationMs: 0,
      lockoutMs: 0,
      maximumPresenceMs: 0,
      entry: { minGreenMs: 4_000, minWalkMs: 3_000 },
      track: null,
      dwell: { phases: [4], minGreenMs: 6_000, walks: false },
      exitPhases: [],
      exitPattern: null,
      link: null,
    },
  ])
})

test('a preempt of which everything is said has all of it', async () => {
  const full = {
    ...FIRE,
    priority: 3,
    locking: true,
    delay_s: 2.5,
    min_duration_s: 20,
    lockout_s: 90,
    max_presence_s: 600,
    track: '{ phases: [1, 6], green_s: 7 }',
    dwell: '{ phases: [4], min_green_s: 6, walks: true }',
    exit_phases: '[2, 6]',
    exit_plan: 'free',
    link: 1,
    supervision_may_call: true,
  }
  const loaded = await load('preempts', { 1: FIRE, 2: full })
  if (!loaded.ok) throw new Error(loaded.fault.map(({ message }) => message).join())
  const [site] = loaded.value.intersections
  expect(site?.limits.preempts).toBe(0b10)
  expect(site?.database.preempts[1]).toMatchObject({
    priority: 3,
    locking: true,
    delayMs: 2_500,
    minimumDurationMs: 20_000,
    lockoutMs: 90_000,
    maximumPresenceMs: 600_000,
    track: { phases: [1, 6], greenMs: 7_000 },
    dwell: { walks: true },
    exitPhases: [2, 6],
    exitPattern: 254,
    link: 1,
  })
})

test('a strategy of transit priority is read, and a missed check-out is forgotten after two minutes', async () => {
  const loaded = await load('priorities', { 1: BUS, 3: { ...BUS, supervision_may_call: true } })
  if (!loaded.ok) throw new Error(loaded.fault.map(({ message }) => message).join())
  const [site] = loaded.value.intersections
  expect(site?.limits.priorities).toBe(0b100)
  expect(site?.database.priorities[0]).toEqual({
    number: 1,
    name: { fa: 'اتوبوس', en: 'Bus' },
    phases: [2, 6],
    maxExtensionMs: 8_000,
    maxReductionMs: 0,
    reserviceCycles: 0,
    leastLatenessS: 0,
    maximumPresenceMs: 120_000,
  })
})

describe('a preempt that nobody could serve is refused with place, rule and remedy', () => {
  test.each<[string, object, string]>([
    [
      'PREEMPT_TIME_OUT_OF_RANGE',
      { delay_s: 601 },
      'preempts.1.delay_s: 601 is not 0 to 600. Bring it into that range.',
    ],
    [
      'PREEMPT_ENTRY_ABOVE_MINIMUM',
      { entry: '{ min_green_s: 9, min_walk_s: 3 }' },
      'preempts.1.entry.min_green_s: 9 is above 8, the longest minimum of any phase, and would never count. Write at most that.',
    ],
    [
      'PREEMPT_NEVER_SERVED',
      { delay_s: 10, max_presence_s: 5 },
      'preempts.1.max_presence_s: 5 is over before delay_s 10. Raise it, or shorten the delay.',
    ],
    [
      'PREEMPT_TRACK_WITHOUT_PHASES',
      { track: '{ phases: [], green_s: 5 }' },
      'preempts.1.track.phases: no phase clears the way. Name one, or remove track.',
    ],
    [
      'PREEMPT_PHASE_UNKNOWN',
      { exit_phases: '[8]' },
      'preempts.1.exit_phases: there is no phase 8. Name one that is under phases.',
    ],
    [
      'PREEMPT_PHASES_CONFLICT',
      { dwell: '{ phases: [2, 4], min_green_s: 6 }' },
      'preempts.1.dwell.phases: phases 2 and 4 never run together. Leave one out.',
    ],
    [
      'PREEMPT_WALKS_WITHOUT_PEDESTRIANS',
      { dwell: '{ phases: [2], min_green_s: 6, walks: true }' },
      'preempts.1.dwell.walks: none of its phases has a walk. Remove it, or give one walk_s and ped_clear_s.',
    ],
    [
      'PREEMPT_EXIT_PATTERN_UNKNOWN',
      { exit_plan: 'fre' },
      'preempts.1.exit_plan: V-1 has no plan fre. Did you mean free?',
    ],
    ['PREEMPT_LINK_UNKNOWN', { link: 2 }, 'preempts.1.link: there is no preempt 2. Name one that is under preempts.'],
    [
      'PREEMPT_LINK_NOT_HIGHER',
      { link: 1 },
      'preempts.1.link: preempt 1 has priority 1, and could not take over from priority 1. Link one of higher priority (a lower number).',
    ],
  ])('%s', async (code, changed, says) => {
    expect(await faults('preempts', { 1: { ...FIRE, ...changed } })).toContainEqual([code, `${PLACE}.${says}`])
  })
})

describe('a strategy that does nothing, or nothing lawful, is refused likewise', () => {
  test.each<[string, object, string]>([
    [
      'PRIORITY_VALUE_OUT_OF_RANGE',
      { max_extension_s: 121 },
      'priorities.1.max_extension_s: 121 is not 0 to 120. Bring it into that range.',
    ],
    ['PRIORITY_WITHOUT_PHASES', { phases: '[]' }, 'priorities.1.phases: it has no phase. Name one.'],
    [
      'PRIORITY_PHASE_UNKNOWN',
      { phases: '[8]' },
      'priorities.1.phases: there is no phase 8. Name one that is under phases.',
    ],
    [
      'PRIORITY_PHASES_CONFLICT',
      { phases: '[2, 4]' },
      'priorities.1.phases: phases 2 and 4 never run together. Leave one out.',
    ],
    [
      'PRIORITY_WITHOUT_EFFECT',
      { max_extension_s: 0 },
      'priorities.1: it neither lengthens a green nor brings it forward. Give it max_extension_s or max_reduction_s.',
    ],
  ])('%s', async (code, changed, says) => {
    expect(await faults('priorities', { 1: { ...BUS, ...changed } })).toContainEqual([code, `${PLACE}.${says}`])
  })
})
