/** When supervision stops believing a detector that neither its card nor its controller watches: the limits of a site. */

export interface DetectorWatch {
  /** A loop is left for a moment between any two vehicles; one that is covered for so long is stuck. */
  readonly stuckOnMs: number
  /** A camera zone of 40 m does not empty while its approach is oversaturated, which a peak hour may be. */
  readonly stuckOnZoneMs: number
  /** More actuations than this in a minute, or a quarter of them in ten seconds, by lane, are no vehicles. */
  readonly chatterPerLaneMinute: number
  /** So many should have come, by the other loop of its lane or by what the hour usually brings, and not one did. */
  readonly missedVehicles: number
  /** Where nobody knows what usually comes: silent for so long, while thousands drove elsewhere. */
  readonly quietMs: number
}

/** A lane carries 35 vehicles a minute at most; twice as many actuations are none. Of 25 a few may change lanes, not all. */
export const USUAL_WATCH: DetectorWatch = {
  stuckOnMs: 20 * 60_000,
  stuckOnZoneMs: 60 * 60_000,
  chatterPerLaneMinute: 70,
  missedVehicles: 25,
  quietMs: 60 * 60_000,
}
