/** Stages, groups and recalls of a light follow from its own program. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leastSplitMs } from '#signal/coordination/least-split.ts'
import { deriveLights } from '#sim/sumo/derive/derive-lights.ts'
import { conflictsOf, groupsOf } from '#sim/sumo/derive/groups.ts'
import { stageOfLane, uncalledStages } from '#sim/sumo/derive/lane-stages.ts'
import { explainLightFault } from '#sim/sumo/derive/light-fault.ts'
import type { Movement } from '#sim/sumo/derive/movements.ts'
import { programPlan, stagePhase } from '#sim/sumo/derive/stage-phases.ts'
import { stagesOf, type Stage } from '#sim/sumo/derive/stages.ts'
import type { Program } from '#sim/sumo/network/network.ts'
import { parseNetwork } from '#sim/sumo/network/read-network.ts'

/** Words such as `30 Gr`: seconds and letters. */
const program = (...steps: string[]): Program => ({
  id: '0',
  type: 'static',
  offsetS: 0,
  steps: steps.map((step) => {
    const [seconds, state = ''] = step.split(' ')
    return { durationS: Number(seconds), leastS: null, mostS: null, state }
  }),
})
const picture = ({ stages }: { stages: readonly Stage[] }) =>
  stages.map(({ state, greenMs, yellowMs, redMs }) => `${state} ${greenMs}+${yellowMs}+${redMs}`)
const nobody = new Set<number>()

test.each([
  [
    'yellow and red belong to the stage before',
    ['30 Gr', '3 yr', '2 rr', '20 rG', '4 ry'],
    ['Gr 30000+3000+2000', 'rG 20000+4000+0'],
  ],
  ['a program may begin with a change', ['3 ry', '30 Gr', '3 yr', '20 rG'], ['Gr 30000+3000+0', 'rG 20000+3000+0']],
  ['red and amber before green is red', ['30 Gr', '3 yr', '1 ru', '20 rG'], ['Gr 30000+3000+1000', 'rG 20000+0+0']],
  ['one stage in two steps is one', ['30 Gr', '5 Gr', '20 rG'], ['Gr 35000+0+0', 'rG 20000+0+0']],
  [
    'a stage that comes twice stands once',
    ['9 Gr', '3 yr', '9 rG', '3 ry', '8 Gr', '3 yr', '7 rg'],
    ['Gr 17000+3000+0', 'rG 9000+3000+0', 'rg 7000+0+0'],
  ],
  ['all red is no program', ['30 rr', '3 oo'], []],
])('%s', (_, steps, stages) => {
  expect(picture(stagesOf(program(...steps), nobody))).toEqual(stages)
})

test('people who clear the crossing end no stage, vehicles who lose the green do', () => {
  const steps = ['30 GrG', '5 Grr', '3 yrr', '20 rGr']
  expect(picture(stagesOf(program(...steps), new Set([2])))).toEqual(['GrG 35000+3000+0', 'rGr 20000+0+0'])
  expect(picture(stagesOf(program(...steps), nobody))).toHaveLength(3)
})

const way = (link: number, foes: number[] = [], facts: Partial<Movement> = {}): Movement => ({
  link,
  fromLane: `lane ${link}`,
  toLane: 'out',
  direction: 'straight',
  onFoot: false,
  crossingM: 0,
  foes: new Set(foes),
  yieldsTo: new Set(),
  ...facts,
})

test('links that change together are one group, and conflicts are separate, permissive or shared', () => {
  // Straight on 0 and 1, their left turn 2 against 3, the side street 4, a merging right turn 5 that is always green.
  const movements = [way(0, [4]), way(1, [4]), way(2, [3]), way(3, [2, 5]), way(4, [0, 1]), way(5, [3])]
  const { stages } = stagesOf(program('30 GGgGrG', '3 yygyrG', '6 rrGrrG', '3 rryrrG', '20 rrrrGG', '3 rrrryG'), nobody)
  const groups = groupsOf(movements, stages)
  expect(groups.map(({ links }) => links)).toEqual([[0, 1, 3], [2], [4], [5]])
  expect(conflictsOf(groups, movements, stages)).toEqual([
    { groups: [0, 1], kind: 'permissive' },
    { groups: [0, 2], kind: 'separate' },
    { groups: [0, 3], kind: 'shared' },
  ])
})

test('a lane calls the stage that serves most of it; a protected turn without a lane of its own comes round', () => {
  const { stages } = stagesOf(program('30 Ggr', '3 ygr', '6 rGr', '3 ryr', '20 rrG', '3 rry'), nobody)
  const movements = [way(0), way(1, [], { direction: 'left' }), way(2)]
  expect(stageOfLane(movements.slice(0, 2), stages)).toBe(0)
  expect(stageOfLane(movements.slice(1, 2), stages)).toBe(1)
  expect(stageOfLane([way(9)], stages)).toBeNull()
  expect([...uncalledStages(movements, stages, new Set([0, 2]))]).toEqual([1])
  const turnsBack = [way(0), way(1, [], { direction: 'turn' }), way(2)]
  expect([...uncalledStages(turnsBack, stages, new Set([0, 2]))]).toEqual([])
})

test('a light without ways, one that never changes and one that is too large are left alone, with the reason', () => {
  const light = (id: string, ...states: string[]) =>
    `<tlLogic id="${id}">${states.map((state) => `<phase duration="9" state="${state}"/>`).join('')}</tlLogic>`
  const connection = (id: string, link: number) =>
    `<connection from="a" to="b" fromLane="0" toLane="0" tl="${id}" linkIndex="${link}"/>`
  const one = (position: number) => Array.from({ length: 33 }, (_, n) => (n === position ? 'G' : 'r')).join('')
  const large = Array.from({ length: 33 }, (_, n) => one(n))
  const lane = (edge: string) => `<edge id="${edge}"><lane id="${edge}_0" length="50" speed="9"/></edge>`
  const ways = [connection('calm', 0), ...large.map((_, n) => connection('large', n))]
  const lights = [light('lonely', 'G', 'r'), light('calm', 'G', 'y'), light('large', ...large)]
  const read = parseNetwork(`<net>${lane('a')}${lane('b')}${lights.join('')}${ways.join('')}</net>`)
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  const { lights: derived, left } = deriveLights(read.value)
  expect(derived).toEqual([])
  expect(left.map(explainLightFault)).toEqual([
    'Light lonely governs no way. Remove it, or join it to a junction.',
    'Light calm has 1 stage(s) with green: there is nothing to decide. It is left as it is.',
    'Light large has 33 stages; a controller holds 32. Divide it.',
  ])
})

test('a step that is green for links that nobody uses is no stage', () => {
  const phases = ['GrG', 'yry', 'rrG', 'rGr', 'ryr'].map((state) => `<phase duration="9" state="${state}"/>`)
  const ways = [0, 1].map((n) => `<connection from="a" to="b" fromLane="0" toLane="0" tl="joined" linkIndex="${n}"/>`)
  const lane = (edge: string) => `<edge id="${edge}"><lane id="${edge}_0" length="50" speed="9"/></edge>`
  const light = `<tlLogic id="joined">${phases.join('')}</tlLogic>`
  const read = parseNetwork(`<net>${lane('a')}${lane('b')}${light}${ways.join('')}</net>`)
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  const [derived] = deriveLights(read.value).lights
  expect(derived && picture(derived)).toEqual(['Grr 9000+9000+9000', 'rGr 9000+9000+0'])
  expect(derived?.groups.map(({ stages }) => stages)).toEqual([[0], [1]])
})

test('splits that are moved for people on foot hold every minimum to the millisecond, whatever the greens', () => {
  const least = fc.integer({ min: 1, max: 60 })
  const stage = fc.record({ greenMs: fc.integer({ min: 1, max: 300_000 }), crossingM: least })
  fc.assert(
    fc.property(fc.array(stage, { minLength: 2, maxLength: 8 }), (facts) => {
      const stages = facts.map(({ greenMs }, n): Stage => ({
        state: `${n}`,
        greenMs,
        leastMs: null,
        mostMs: null,
        yellowMs: 3_000,
        redMs: 0,
      }))
      const phases = stages.map((each, n) =>
        stagePhase(each, n, { crossingM: facts[n]?.crossingM ?? 0, recalled: false }),
      )
      const { splitsMs, cycleMs } = programPlan(phases, stages, 0)
      for (const phase of phases) expect(splitsMs.get(phase.id)).toBeGreaterThanOrEqual(leastSplitMs(phase, true))
      expect(cycleMs).toBeLessThanOrEqual(600_000)
      expect(cycleMs).toBe([...splitsMs.values()].reduce((sum, splitMs) => sum + splitMs, 0))
    }),
  )
})
