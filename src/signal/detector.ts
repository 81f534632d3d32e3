/** The plain facts of a vehicle detector: where it lies, which phase it calls and extends, and when it is not believed. */
import type { DetectorId, PhaseId } from '#base/id.ts'

export type DetectorKind = 'stop-bar' | 'advance' | 'zone'

/** NTCIP 1202 2.3.2 vehicleDetectorTable: what becomes of an actuation. */
export interface DetectorOptions {
  /** Registers a call while its phase is not green. */
  readonly calls: boolean
  /** Extends the green of its phase. */
  readonly extends: boolean
  /** Its actuations count for the added initial of its phase. */
  readonly countsInitial: boolean
  /** While its phase is not green, a vehicle must stay this long before it counts as a call. */
  readonly delayMs: number
  /** While its phase is green, the actuation lasts this much longer than the vehicle. */
  readonly extensionMs: number
  /** It extends the green only in the first part of it, up to this; 0 = all the time. */
  readonly queueLimitMs: number
  /** While its own phase is not green and this one is, it extends this one and calls nobody; null = none. */
  readonly switchPhase: PhaseId | null
}

/** NTCIP 1202 2.3.2: when the controller stops believing a detector; 0 = this is not watched. */
export interface DetectorDiagnostics {
  /** No actuation for so long is a fault. */
  readonly noActivityMs: number
  /** One actuation that lasts so long is a fault. */
  readonly maxPresenceMs: number
  /** More actuations in a minute than this are a fault. */
  readonly erraticCountsPerMinute: number
  /** A detector at fault calls its phase all the time and holds its green for this; 0 = it is ignored, 255 s = the whole green. */
  readonly failTimeMs: number
}

/**
 * Why a detector is not believed, as bits of one byte: what its card reports (NTCIP 1202 vehicleDetectorReportedAlarms),
 * then what the controller has found for itself (vehicleDetectorAlarms).
 */
export const DETECTOR_FAULT = {
  other: 1,
  watchdog: 2,
  openLoop: 4,
  shortedLoop: 8,
  excessiveChange: 16,
  noActivity: 32,
  maxPresence: 64,
  erraticCounts: 128,
} as const

/** The device of the loops that the controller sees itself; those of a card reach it as calls of their phase. */
export const CONTROLLER_DEVICE = 'controller'

/** NTCIP 1202 2.3.1: two racks of 16 cards with two channels each. */
export const DETECTOR_MOST = 64

export interface Detector {
  readonly id: DetectorId
  readonly kind: DetectorKind
  /** Lanes it covers; more than one for a camera zone. */
  readonly lanes: readonly string[]
  /** Distance of its downstream edge from the stop line. */
  readonly setbackM: number
  readonly lengthM: number
  /** The phase that it calls and extends. */
  readonly phase: PhaseId
  /** The device that reads it (`controller`, or a card of the same cabinet) and the channel there. */
  readonly device: string
  readonly deviceChannel: number
  readonly options: DetectorOptions
  readonly diagnostics: DetectorDiagnostics
}

/** A plain presence loop: calls and extends its phase as long as somebody stands on it. */
export const PLAIN_DETECTION: DetectorOptions = {
  calls: true,
  extends: true,
  countsInitial: true,
  delayMs: 0,
  extensionMs: 0,
  queueLimitMs: 0,
  switchPhase: null,
}

/** NTCIP 1202 vehicleDetectorFailTime: the greatest value stands for the whole green, which then ends by its maximum. */
export const FAIL_TIME_MAXIMUM_MS = 255_000

/** Believed whatever it says. */
export const NO_DIAGNOSTICS: DetectorDiagnostics = {
  noActivityMs: 0,
  maxPresenceMs: 0,
  erraticCountsPerMinute: 0,
  failTimeMs: 0,
}
