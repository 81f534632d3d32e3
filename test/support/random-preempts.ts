/** Preempts and transit priority by chance, for any junction. */
import fc from 'fast-check'
import type { Intersection } from '#signal/intersection.ts'
import type { Preempt, PriorityStrategy } from '#signal/preempt.ts'
import { preempt, priority } from './junctions.ts'

const tenths = (least: number, most: number) => fc.integer({ min: least / 100, max: most / 100 }).map((n) => n * 100)

/** At most one phase a ring, all of one barrier group; perhaps none at all. */
function together({ phases }: Intersection): fc.Arbitrary<number[]> {
  const barriers = [...new Set(phases.map(({ barrier }) => barrier))]
  const rings = [...new Set(phases.map(({ ring }) => ring))]
  return fc
    .record({ barrier: fc.constantFrom(...barriers), picks: fc.tuple(...rings.map(() => fc.option(fc.nat()))) })
    .map(({ barrier, picks }) =>
      rings.flatMap((ring, index) => {
        const own = phases.filter((phase) => phase.ring === ring && phase.barrier === barrier)
        const pick = picks[index]
        return own.length === 0 || pick === null || pick === undefined ? [] : [own[pick % own.length]!.id]
      }),
    )
}

/** Up to three, some of one rank, some linked to the one before them. */
export const preemptsOf = (site: Intersection): fc.Arbitrary<Preempt[]> =>
  fc
    .array(
      fc.record({
        priority: fc.constantFrom(1, 2, 3),
        locking: fc.boolean(),
        delayMs: fc.oneof(fc.constant(0), tenths(0, 8_000)),
        minimumDurationMs: fc.oneof(fc.constant(0), tenths(0, 30_000)),
        lockoutMs: fc.oneof(fc.constant(0), tenths(0, 60_000)),
        maximumPresenceMs: fc.oneof(fc.constant(0), tenths(10_000, 60_000)),
        entry: fc.record({ minGreenMs: tenths(1_000, 3_000), minWalkMs: tenths(0, 4_000) }),
        track: fc.oneof(fc.constant(undefined), fc.record({ phases: together(site), greenMs: tenths(1_000, 10_000) })),
        dwell: fc.record({ phases: together(site), minGreenMs: tenths(1_000, 10_000), walks: fc.boolean() }),
        exitPhases: together(site),
        exitPattern: fc.constantFrom(undefined, undefined, 254, 1, 2),
        linked: fc.boolean(),
      }),
      { maxLength: 3 },
    )
    .map((drawn) =>
      drawn.map(({ track, exitPattern, linked, ...facts }, index) =>
        preempt(index + 1, {
          ...facts,
          link: linked && index > 0 ? index : null,
          ...(track === undefined || track.phases.length === 0 ? {} : { track }),
          ...(exitPattern === undefined ? {} : { exitPattern }),
        }),
      ),
    )

export const prioritiesOf = (site: Intersection): fc.Arbitrary<PriorityStrategy[]> =>
  fc
    .array(
      fc.record({
        phases: together(site),
        maxExtensionMs: tenths(0, 20_000),
        maxReductionMs: tenths(0, 20_000),
        reserviceCycles: fc.constantFrom(0, 0, 1, 3),
        leastLatenessS: fc.constantFrom(0, 0, 30),
        maximumPresenceMs: tenths(5_000, 120_000),
      }),
      { maxLength: 2 },
    )
    .map((drawn) => drawn.map((facts, index) => priority(index + 1, facts)))
