/** The plain facts of the controller unit as a whole: how it comes up, how it flashes, and what it starts with. */
import type { PhaseId } from '#base/id.ts'

/** NTCIP 1202 2.4 unit parameters. */
export interface UnitParameters {
  /** Flash after a power-up, while the unit checks itself. */
  readonly startupFlashMs: number
  /** All red after a flash, before the start phases: for whoever is still in the junction. */
  readonly startAllRedMs: number
  /** Begin green after the all red, at most one a ring, in one barrier group; empty = whoever is called first. */
  readonly startPhases: readonly PhaseId[]
  /** Scheduled flash begins when these have been green and cleared; empty = from any all red. */
  readonly flashEntryPhases: readonly PhaseId[]
  /** Scheduled flash ends with the all red and then these; empty = the start phases. */
  readonly flashExitPhases: readonly PhaseId[]
  /** Phases that flash yellow; all others flash red. */
  readonly flashYellowPhases: readonly PhaseId[]
  /** Shortest flash, whoever asks for it. */
  readonly minFlashMs: number
}

/** What a unit does of which nothing is said. */
export const PLAIN_UNIT: UnitParameters = {
  startupFlashMs: 0,
  startAllRedMs: 5_000, // Long enough for a driver who was in the junction when the lamps came back; NEMA TS 2 leaves it to the maker.
  startPhases: [],
  flashEntryPhases: [],
  flashExitPhases: [],
  flashYellowPhases: [],
  minFlashMs: 5_000, // NTCIP 1202 2.4: a flash that ends at once reads as a fault.
}
