/** Detectors as the controller reads them at every step: what each calls and extends as bits, and whether that needs any thought. */
import { bit, type Bits } from '#base/bits.ts'
import type { DetectorId, PhaseId } from '#base/id.ts'
import { CONTROLLER_DEVICE, FAIL_TIME_MAXIMUM_MS, type Detector, type DetectorDiagnostics } from '../detector.ts'
import type { Intersection } from '../intersection.ts'

export interface DetectorLayout {
  readonly number: DetectorId
  readonly phase: PhaseId
  readonly bit: Bits
  /** Index of its phase's ring. */
  readonly ring: number
  /** The bit of its phase where it calls it, and where it extends it; else 0. */
  readonly calls: Bits
  readonly extends: Bits
  readonly counts: boolean
  readonly delayMs: number
  readonly extensionMs: number
  /** `Infinity` where it extends all the time. */
  readonly queueLimitMs: number
  /** 0 = none. */
  readonly switchPhase: Bits
  readonly diagnostics: DetectorDiagnostics
  /** `Infinity` where a fault of it holds each green to its maximum. */
  readonly failTimeMs: number
  /** The controller looks for faults of its own. */
  readonly watched: boolean
  /** Not watched, and neither delay, extension, queue limit nor switch: while it is sound, an actuation is what the input is. */
  readonly simple: boolean
}

/** The detectors that the controller sees itself; those of cards come as calls of their phase. */
export const layOutDetectors = ({ detectors, phases }: Intersection): DetectorLayout[] =>
  detectors
    .filter(({ device }) => device === CONTROLLER_DEVICE)
    .flatMap((detector) =>
      phases.filter(({ id }) => id === detector.phase).map(({ ring }) => layOutDetector(detector, ring - 1)),
    )

function layOutDetector({ id, phase, options, diagnostics }: Detector, ring: number): DetectorLayout {
  const { delayMs, extensionMs, queueLimitMs, switchPhase } = options
  const { noActivityMs, maxPresenceMs, erraticCountsPerMinute } = diagnostics
  const watched = noActivityMs > 0 || maxPresenceMs > 0 || erraticCountsPerMinute > 0
  const timed = delayMs > 0 || extensionMs > 0 || queueLimitMs > 0 || switchPhase !== null
  const bitIf = (wanted: boolean) => (wanted ? bit(phase) : 0)
  return {
    number: id,
    phase,
    bit: bit(phase),
    ring,
    calls: bitIf(options.calls),
    extends: bitIf(options.extends),
    counts: options.countsInitial,
    delayMs,
    extensionMs,
    queueLimitMs: queueLimitMs === 0 ? Infinity : queueLimitMs,
    switchPhase: switchPhase === null ? 0 : bit(switchPhase),
    diagnostics,
    failTimeMs: diagnostics.failTimeMs === FAIL_TIME_MAXIMUM_MS ? Infinity : diagnostics.failTimeMs,
    watched,
    simple: !watched && !timed,
  }
}
