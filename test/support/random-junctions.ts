/** Junctions, plans and histories by chance, for tests that must hold on any street. */
import fc from 'fast-check'
import { patternId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase, PhaseTiming, Recall } from '#signal/phase.ts'
import { PATTERN_FREE, type TimingPlan } from '#signal/timing-plan.ts'
import { preemptsOf, prioritiesOf } from './random-preempts.ts'
import { database, junction, TIMING, type JunctionFacts, type PhaseFacts } from './junctions.ts'
import { intergreenDrafts, withIntergreens } from './random-intergreens.ts'
import { detectionOf } from './random-detection.ts'
import { overlapDrafts, overlapsOf } from './random-overlaps.ts'
import { planOf } from './random-plans.ts'

/** Tenths of a second, as controllers have them. */
const tenths = (least: number, most: number) => fc.integer({ min: least / 100, max: most / 100 }).map((n) => n * 100)

/** What most phases do without. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary, weight: 1 })

const timing: fc.Arbitrary<PhaseTiming> = fc
  .record({
    minGreenMs: tenths(3_000, 10_000),
    passageMs: tenths(0, 4_000),
    spareMs: tenths(0, 15_000),
    yellowMs: tenths(3_000, 5_000),
    redClearMs: fc.oneof(fc.constant(0), tenths(500, 4_000)),
    redAmberMs: fc.constantFrom(0, 0, 1_000, 2_000),
    redRevertMs: fc.oneof({ arbitrary: fc.constant(2_000), weight: 3 }, { arbitrary: tenths(2_000, 9_000), weight: 1 }),
    initial: rarely(fc.record({ addedInitialMs: tenths(500, 3_000), moreMs: tenths(0, 10_000) })),
    reduction: rarely(
      fc.record({
        timeBeforeReductionMs: tenths(0, 6_000),
        timeToReduceMs: tenths(100, 8_000),
        gapShare: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    ),
    max2SpareMs: tenths(0, 15_000),
    dynamic: rarely(fc.record({ limitSpareMs: tenths(0, 25_000), dynamicMaxStepMs: tenths(500, 5_000) })),
    pedestrians: fc.option(
      fc.record({
        walkMs: tenths(4_000, 8_000),
        pedClearMs: tenths(4_000, 12_000),
        leadingPedMs: fc.oneof(fc.constant(0), tenths(2_000, 4_000)),
      }),
    ),
  })
  .map(({ spareMs, max2SpareMs, initial, reduction, dynamic, pedestrians, ...rest }) => {
    const { minGreenMs, passageMs } = rest
    const max1Ms = minGreenMs + spareMs
    const max2Ms = minGreenMs + max2SpareMs
    return {
      ...TIMING,
      ...rest,
      max1Ms,
      max2Ms,
      walkMs: 0,
      pedClearMs: 0,
      ...pedestrians,
      leadingPedMs: pedestrians === null ? 0 : Math.min(pedestrians.leadingPedMs, pedestrians.walkMs - rest.redAmberMs),
      ...(initial && { addedInitialMs: initial.addedInitialMs, maxInitialMs: minGreenMs + initial.moreMs }),
      ...(reduction && {
        timeBeforeReductionMs: reduction.timeBeforeReductionMs,
        timeToReduceMs: reduction.timeToReduceMs,
        minGapMs: Math.floor(passageMs * reduction.gapShare),
      }),
      ...(dynamic && dynamicMaximum(minGreenMs + dynamic.limitSpareMs, dynamic.dynamicMaxStepMs, [max1Ms, max2Ms])),
    }
  })

/** A step that would never be taken is shortened; a limit where neither maximum could move is none. */
function dynamicMaximum(limitMs: number, stepMs: number, maximumsMs: readonly number[]): Partial<PhaseTiming> {
  const farthestMs = Math.max(...maximumsMs.map((maximumMs) => Math.abs(limitMs - maximumMs)))
  return farthestMs === 0 ? {} : { dynamicMaxLimitMs: limitMs, dynamicMaxStepMs: Math.min(stepMs, farthestMs) }
}

const phaseFacts: fc.Arbitrary<PhaseFacts> = fc
  .record({
    timing,
    recall: fc.constantFrom<Recall>('none', 'none', 'none', 'none', 'minimum', 'maximum', 'soft'),
    pedestrianRecall: fc.constantFrom(false, false, false, true),
    lockingCall: fc.boolean(),
    dualEntry: fc.boolean(),
    simultaneousGapOut: fc.boolean(),
    conditionalService: fc.boolean(),
    rest: fc.constantFrom<Phase['rest']>('green', 'green', 'red'),
    walkRest: fc.boolean(),
    pedClearInYellow: fc.boolean(),
  })
  .map((facts) => ({
    ...facts,
    rest: facts.recall === 'none' && !facts.pedestrianRecall ? facts.rest : 'green',
    pedestrianRecall: facts.pedestrianRecall && facts.timing.walkMs > 0,
    walkRest: facts.walkRest && facts.timing.walkMs > 0,
    pedClearInYellow: facts.pedClearInYellow && facts.timing.pedClearMs >= facts.timing.yellowMs,
  }))

/** Ring-barrier diagrams: dual rings of up to eight phases, single rings, three legs, a third ring. */
const rings: fc.Arbitrary<JunctionFacts['rings']> = fc.constantFrom<JunctionFacts['rings']>(
  [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ],
  [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ],
  [
    [[2], [4]],
    [[6], [8]],
  ],
  [[[1, 2], [4]], [[6]]],
  [
    [[2, 1], [4]],
    [[6], [3]],
  ],
  [[[1, 2, 3, 4]]],
  [[[1], [2], [3]]],
  [[[2], [4]]],
  [[[1, 2], [3]], [[4], [5]], [[6, 7]]],
  [[[1], [2]], [[3], [4]], [[5, 6], [7]], [[8]]],
)

const intersection: fc.Arbitrary<Intersection> = rings.chain((diagram) => {
  const numbers = diagram.flat(2)
  return fc
    .record({
      facts: fc.tuple(...numbers.map(() => phaseFacts)),
      lagging: fc.boolean(),
      detection: detectionOf(numbers),
      overlaps: overlapDrafts(numbers),
      intergreens: intergreenDrafts,
      extraConflicts: fc.oneof(
        { arbitrary: fc.constant([]), weight: 3 },
        { arbitrary: fc.array(pairBesideEachOther(diagram), { maxLength: 2 }), weight: 1 },
      ),
    })
    .map(({ facts, lagging, detection, overlaps, intergreens, extraConflicts }) => {
      const phases = Object.fromEntries(
        numbers.map((number, index) => [number, possible(facts[index]!, number, diagram)] as const),
      )
      const site = junction({
        rings: diagram,
        phases,
        sequences: lagging ? [diagram.map((groups) => groups.flatMap((group) => group.toReversed()))] : [],
        ...overlapsOf(overlaps, phases),
        extraConflicts,
        detection,
      })
      return withIntergreens(site, intergreens)
    })
})

/** Conditional service needs another phase of the ring in the group, and another ring beside them. */
function possible(facts: PhaseFacts, number: number, diagram: JunctionFacts['rings']): PhaseFacts {
  const ring = diagram.findIndex((groups) => groups.flat().includes(number))
  const barrier = diagram[ring]!.findIndex((group) => group.includes(number))
  const follows = diagram[ring]![barrier]!.length > 1
  const beside = diagram.some((groups, index) => index !== ring && (groups[barrier]?.length ?? 0) > 0)
  return { ...facts, conditionalService: (facts.conditionalService ?? false) && follows && beside }
}

/** Two phases of one barrier group in different rings. */
function pairBesideEachOther(diagram: JunctionFacts['rings']): fc.Arbitrary<[number, number]> {
  const pairs = diagram.flatMap((groups, ring) =>
    groups.flatMap((group, barrier) =>
      diagram
        .slice(ring + 1)
        .flatMap((other) => group.flatMap((a) => (other[barrier] ?? []).map((b) => [a, b] as const))),
    ),
  )
  const [a] = diagram.flat(2)
  return pairs.length === 0
    ? fc.constant([a!, a!])
    : fc.constantFrom(...pairs.map(([x, y]): [number, number] => [x, y]))
}

/** A database in which `checkDatabase` finds no fault: plans that do not fit the junction are left out. */
export const anyDatabase: fc.Arbitrary<ControllerDatabase> = intersection
  .filter((site) => checkDatabase(database(site)).length === 0)
  .chain((site) =>
    fc
      .tuple(fc.tuple(planOf(site, 1), planOf(site, 2)), preemptsOf(site), prioritiesOf(site))
      .map(([plans, preempts, priorities]) => withBreakIns(withPlans(site, plans), { preempts, priorities })),
  )

const withPlans = (site: Intersection, plans: readonly TimingPlan[]): ControllerDatabase =>
  database(
    site,
    plans.filter((each) => checkDatabase(database(site, [each])).length === 0),
  )

/** Whatever does not fit the street, or its other preempts, is left out. */
function withBreakIns(
  street: ControllerDatabase,
  drawn: Pick<ControllerDatabase, 'preempts' | 'priorities'>,
): ControllerDatabase {
  let fitted = street
  for (const each of drawn.preempts) {
    const more = { ...fitted, preempts: [...fitted.preempts, each] }
    if (checkDatabase(more).length === 0) fitted = more
  }
  for (const each of drawn.priorities) {
    const more = { ...fitted, priorities: [...fitted.priorities, each] }
    if (checkDatabase(more).length === 0) fitted = more
  }
  return fitted
}

/** Free, and every plan of the database. */
export const patternsOf = ({ plans }: ControllerDatabase) => [
  PATTERN_FREE,
  ...plans.map(({ pattern }) => patternId(pattern)),
]
