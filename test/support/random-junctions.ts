/** Junctions, plans and histories by chance, for tests that must hold on any street. */
import fc from 'fast-check'
import { patternId } from '#base/id.ts'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase, PhaseTiming, Recall } from '#signal/phase.ts'
import { PATTERN_FREE, type TimingPlan } from '#signal/timing-plan.ts'
import { database, junction, plan, TIMING, type JunctionFacts, type PhaseFacts } from './junctions.ts'

/** Tenths of a second, as controllers have them. */
const tenths = (least: number, most: number) => fc.integer({ min: least / 100, max: most / 100 }).map((n) => n * 100)

const timing: fc.Arbitrary<PhaseTiming> = fc
  .record({
    minGreenMs: tenths(3_000, 10_000),
    passageMs: tenths(0, 4_000),
    spareMs: tenths(0, 15_000),
    yellowMs: tenths(3_000, 5_000),
    redClearMs: fc.oneof(fc.constant(0), tenths(500, 4_000)),
    redAmberMs: fc.constantFrom(0, 0, 1_000, 2_000),
    pedestrians: fc.option(fc.record({ walkMs: tenths(4_000, 8_000), pedClearMs: tenths(4_000, 12_000) })),
  })
  .map(({ spareMs, pedestrians, ...rest }) => ({
    ...TIMING,
    ...rest,
    max1Ms: rest.minGreenMs + spareMs,
    max2Ms: rest.minGreenMs + spareMs,
    walkMs: pedestrians?.walkMs ?? 0,
    pedClearMs: pedestrians?.pedClearMs ?? 0,
  }))

const phaseFacts: fc.Arbitrary<PhaseFacts> = fc
  .record({
    timing,
    recall: fc.constantFrom<Recall>('none', 'none', 'none', 'none', 'minimum', 'maximum', 'soft'),
    pedestrianRecall: fc.constantFrom(false, false, false, true),
    lockingCall: fc.boolean(),
    dualEntry: fc.boolean(),
  })
  .map((facts) => ({ ...facts, pedestrianRecall: facts.pedestrianRecall && facts.timing.walkMs > 0 }))

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
)

const intersection: fc.Arbitrary<Intersection> = rings.chain((diagram) => {
  const numbers = diagram.flat(2)
  return fc
    .record({
      facts: fc.tuple(...numbers.map(() => phaseFacts)),
      lagging: fc.boolean(),
      overlaps: fc.array(fc.subarray(numbers, { minLength: 1, maxLength: Math.min(3, numbers.length) }), {
        maxLength: 3,
      }),
      extraConflicts: fc.oneof(
        { arbitrary: fc.constant([]), weight: 3 },
        { arbitrary: fc.array(pairBesideEachOther(diagram), { maxLength: 2 }), weight: 1 },
      ),
    })
    .map(({ facts, lagging, overlaps, extraConflicts }) =>
      junction({
        rings: diagram,
        phases: Object.fromEntries(numbers.map((number, index) => [number, facts[index]!])),
        sequences: lagging ? [diagram.map((groups) => groups.flatMap((group) => group.toReversed()))] : [],
        overlaps: Object.fromEntries(overlaps.map((included, index) => [index + 1, included])),
        extraConflicts,
      }),
    )
})

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

const leastSplitMs = ({ timing: t, pedestrianRecall }: Phase) =>
  t.redAmberMs + Math.max(t.minGreenMs, pedestrianRecall ? t.walkMs + t.pedClearMs : 0) + t.yellowMs + t.redClearMs

/** Splits that hold the minimums, with spare time for one phase of each group, and rings equal at the barriers. */
function planOf(site: Intersection, pattern: number): fc.Arbitrary<TimingPlan> {
  const barriers = [...new Set(site.phases.map(({ barrier }) => barrier))]
  const groups = barriers.map((barrier) => {
    const members = site.phases.filter((phase) => phase.barrier === barrier)
    const byRing = [...new Set(members.map(({ ring }) => ring))].map((ring) => members.filter((m) => m.ring === ring))
    return { byRing, leastMs: Math.max(...byRing.map((own) => own.reduce((sum, each) => sum + leastSplitMs(each), 0))) }
  })
  return fc
    .record({
      spares: fc.tuple(...groups.map(() => tenths(0, 20_000))),
      offsetShare: fc.double({ min: 0, max: 0.99, noNaN: true }),
      picks: fc.tuple(...groups.map(() => fc.nat())),
      coordinatedGroup: fc.nat({ max: groups.length - 1 }),
      sequence: fc.constantFrom(...site.sequences.map(({ number }) => number)),
    })
    .map(({ spares, offsetShare, picks, coordinatedGroup, sequence }) => {
      const splits = groups.flatMap(({ byRing, leastMs }, index) =>
        byRing.flatMap((own) => {
          const spareMs = leastMs + spares[index]! - own.reduce((sum, each) => sum + leastSplitMs(each), 0)
          const favoured = picks[index]! % own.length
          return own.map((each, k) => [each.id, leastSplitMs(each) + (k === favoured ? spareMs : 0)] as const)
        }),
      )
      const cycleMs = groups.reduce((sum, { leastMs }, index) => sum + leastMs + spares[index]!, 0)
      const chosen = groups[coordinatedGroup]!
      return plan(pattern, {
        cycleS: cycleMs / 1000,
        offsetS: Math.floor((cycleMs * offsetShare) / 100) / 10,
        splitsS: Object.fromEntries(splits.map(([id, ms]) => [id, ms / 1000])),
        coordinated: chosen.byRing.map((own) => own[picks[coordinatedGroup]! % own.length]!.id),
        sequence,
      })
    })
}

/** A database in which `checkDatabase` finds no fault: plans that do not fit the junction are left out. */
export const anyDatabase: fc.Arbitrary<ControllerDatabase> = intersection
  .filter((site) => checkDatabase(database(site)).length === 0)
  .chain((site) =>
    fc.tuple(planOf(site, 1), planOf(site, 2)).map((plans) =>
      database(
        site,
        plans.filter((each) => checkDatabase(database(site, [each])).length === 0),
      ),
    ),
  )

/** Free, and every plan of the database. */
export const patternsOf = ({ plans }: ControllerDatabase) => [
  PATTERN_FREE,
  ...plans.map(({ pattern }) => patternId(pattern)),
]
