/** High-resolution event codes (Indiana Traffic Signal Hi Resolution Data Logger Enumerations, 2020) and our private ones. */

export const EVENT = {
  phaseOn: 0,
  beginGreen: 1,
  phaseCheck: 2,
  minComplete: 3,
  gapOut: 4,
  maxOut: 5,
  forceOff: 6,
  greenTermination: 7,
  beginYellow: 8,
  endYellow: 9,
  beginRedClear: 10,
  endRedClear: 11,
  phaseInactive: 12,
  phaseSkipped: 14,
  nextDecision: 18,
  walk: 21,
  pedClear: 22,
  dontWalk: 23,
  barrier: 31,
  holdOn: 41,
  holdOff: 42,
  callRegistered: 43,
  callDropped: 44,
  pedCall: 45,
  omitOn: 46,
  omitOff: 47,
  pedOmitOn: 48,
  pedOmitOff: 49,
  overlapGreen: 61,
  overlapYellow: 63,
  overlapRedClear: 64,
  overlapOff: 65,
  detectorOff: 81,
  detectorOn: 82,
  detectorRestored: 83,
  detectorFault: 84,
  pedDetectorOff: 89,
  pedDetectorOn: 90,
  pattern: 131,
  cycleS: 132,
  offsetS: 133,
  /** Split of phase 1; phases 2–16 follow. */
  splitS: 134,
  cycleState: 150,
  yieldPoint: 151,
  coordPhaseBegin: 152,
  unitControl: 155,
  flashState: 173,
  clockUpdated: 181,
  powerRestored: 184,
  /** Split of phase 17; phases 18–32 follow. */
  splitOfPhase17S: 203,
  /** Private codes (256 and up are free; `docs/events.md` documents each). */
  redAmber: 256,
  supervisionGained: 257,
  supervisionLost: 258,
  strategyDecision: 259,
  commandRefused: 260,
  deviceLost: 261,
  deviceBack: 262,
  logGap: 263,
} as const

export type EventCode = (typeof EVENT)[keyof typeof EVENT]

/** One record of a controller's log: what happened, and the parameter that the code gives it (phase, channel, number). */
export interface SignalEvent {
  readonly epochMs: number
  readonly code: number
  readonly parameter: number
}

/** Takes one event at the moment of the step. */
export type EmitEvent = (code: number, parameter: number) => void
