/** What a plan recalls and omits while it runs. */
import { test } from 'vitest'
import { database, junction, plan, TWO_PHASES, type PhaseFacts, type PlanFacts } from '#test/support/junctions.ts'
import { timelineOf } from '#test/support/timeline.ts'

/** Cycle 40 s: phase 2 has 24 s (yields at 20), phase 4 has 16 s (ends at 36). Column 0 is local zero. */
const streets = (facts: Partial<PlanFacts> = {}, phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ ...TWO_PHASES, phases }), [
    plan(1, { cycleS: 40, splitsS: { 2: 24, 4: 16 }, coordinated: [2], ...facts }),
  ])

/** A main street 2, and two side streets after it, with 20 s each: 4 ends at 36, 3 at 56. */
const threeStreets = (facts: Partial<PlanFacts> = {}, phases: Record<number, PhaseFacts> = {}) =>
  database(junction({ rings: [[[2], [4, 3]]], phases }), [
    plan(1, { cycleS: 60, splitsS: { 2: 20, 4: 20, 3: 20 }, coordinated: [2], ...facts }),
  ])

test('a plan recalls a side street that is called by its cars otherwise, at least or for its whole split', () => {
  timelineOf(streets({ modes: { 4: 'minimumRecall' } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR.........GGGGGGGGGGGGGGGGGGGG
    ph 4   ........................GGGGGYYYR....................
  `)
  timelineOf(streets({ modes: { 4: 'maximumRecall' } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGGGYYYR.............
  `)
})

const CROSSING = { timing: { walkMs: 4_000, pedClearMs: 6_000 } }

test('a plan recalls people, alone or with the cars of the whole split', () => {
  timelineOf(streets({ modes: { 4: 'pedestrianRecall' } }, { 4: CROSSING }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR..............GGGGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGYYYR...............
    walk 4 ........................WWWWCCCCCC...................
  `)
  timelineOf(streets({ modes: { 4: 'maximumAndPedestrianRecall' } }, { 4: CROSSING }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR................GGGGGGGGGGGGG
    ph 4   ........................GGGGGGGGGGGGYYYR.............
    walk 4 ........................WWWWCCCCCC...................
  `)
})

test('a minimum recall of the plan takes the place of a maximum recall of the phase', () =>
  timelineOf(streets({ modes: { 4: 'minimumRecall' } }, { 4: { recall: 'maximum' } }))(`
    s      0         10        20        30        40        50
    plan   11111111111111111111111111111111111111111111111111111
    ph 2   GGGGGGGGGGGGGGGGGGGGYYYR.........GGGGGGGGGGGGGGGGGGGG
    ph 4   ........................GGGGGYYYR....................
  `))

test('a phase that the plan omits is passed over, however long its cars wait, and served when the plan is over', () =>
  timelineOf(threeStreets({ splitsS: { 2: 40, 4: 20, 3: 0 }, modes: { 3: 'omitted' } }), { columnMs: 2_000 })(`
    s      0         20        40        60        80        100       120
    plan   11111111111111111111111111111111111111111111111111111...........
    det 4  .##################################################.............
    det 3  .##########################################################.....
    ph 2   GGGGGGGGGGGGGGGGGGYY..........GGGGGGGGGGGGGGGGGGYY.....GGYY.....
    ph 4   ....................GGGGGGGGYY....................GGGYR.........
    ph 3   ...........................................................GGGGG
  `))
