/** Detectors by chance: most of them plain, some with every option and diagnostic that the checks allow. */
import fc from 'fast-check'
import { phaseId } from '#base/id.ts'
import type { DetectorDiagnostics, DetectorOptions } from '#signal/detector.ts'

type Detection = Partial<DetectorOptions & DetectorDiagnostics>

const tenths = (most: number) => fc.integer({ min: 0, max: most / 100 }).map((n) => n * 100)
const seldom = <T>(usual: T, arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 2 }, { arbitrary, weight: 1 })

/** What is said of the detector of each phase, which has its number; one in three says nothing. */
export const detectionOf = (phases: readonly number[]): fc.Arbitrary<Readonly<Record<number, Detection>>> =>
  fc
    .tuple(...phases.map((phase) => fc.option(detection(phases.filter((other) => other !== phase)), { freq: 2 })))
    .map((drawn) => Object.fromEntries(phases.map((phase, index) => [phase, drawn[index] ?? {}])))

const detection = (others: readonly number[]): fc.Arbitrary<Detection> =>
  fc.record({
    calls: seldom(true, fc.boolean()),
    extends: seldom(true, fc.boolean()),
    countsInitial: fc.boolean(),
    delayMs: seldom(0, tenths(8_000)),
    extensionMs: seldom(0, tenths(6_000)),
    queueLimitMs: seldom(0, tenths(20_000)),
    switchPhase: others.length === 0 ? fc.constant(null) : seldom(null, fc.constantFrom(...others).map(phaseId)),
    noActivityMs: seldom(0, tenths(120_000)),
    maxPresenceMs: seldom(
      0,
      tenths(60_000).map((ms) => ms + 10_000),
    ),
    erraticCountsPerMinute: seldom(0, fc.integer({ min: 1, max: 30 })),
    failTimeMs: seldom(0, tenths(20_000)),
  })
