/** What weather does to driving, as factors on a dry day, by names that a scenario may use. */

export interface WeatherFactors {
  /** On desired speeds. */
  readonly speed: number
  /** On the headway that drivers keep. */
  readonly headway: number
  /** On how hard they accelerate and brake. */
  readonly grip: number
}

/**
 * Speeds on signalised arterials fall by 10 to 25 % on wet and by 30 to 40 % on snowy pavement (FHWA, Road Weather
 * Management: How Do Weather Events Impact Roads?). Saturation flow falls by 9 % in moderate and 12 % in heavy rain (Oyaro
 * and Ben-Edigbe 2020), by 20 % in slush, where speeds fall by 30 % (Perrin, Martin and Hansen 2001); fog takes 12 % of
 * capacity and 11 % of speed (Agarwal, Maze and Souleyrette 2005).
 *
 * The headway is what is left of that saturation flow s when the speed v has had its part: 1/s = headway + 7.5 m / v, with
 * 1 s and 50 km/h on a dry day. The grip is the ratio of comfortable to dry friction, our own estimate.
 */
export const WEATHERS: Readonly<Record<string, WeatherFactors>> = {
  dry: { speed: 1, headway: 1, grip: 1 },
  rain: { speed: 0.9, headway: 1.09, grip: 0.9 },
  heavy_rain: { speed: 0.8, headway: 1.08, grip: 0.85 },
  snow: { speed: 0.7, headway: 1.15, grip: 0.7 },
  fog: { speed: 0.89, headway: 1.14, grip: 1 },
}
