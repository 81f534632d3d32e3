/** What rain and snow do to driving: factors on what drivers do on a dry day. */

export interface Weather {
  /** On desired speeds. */
  readonly speed: number
  /** On the headway that drivers keep. */
  readonly headway: number
  /** On how hard they accelerate and brake. */
  readonly grip: number
}

export const DRY: Weather = { speed: 1, headway: 1, grip: 1 }
