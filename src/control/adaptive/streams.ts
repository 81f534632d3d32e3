/** The forecast as the search reads it: only streams with anybody in them, those of a second side by side. */
import { HORIZON_S, type StreetForecast } from './street-forecast.ts'

/** Who comes so soon is somebody to end a green for. */
export const SOON_S = 12

/** Its columns are made once and grown as needed, since hundreds of searches run a second. */
export class Streams {
  count = 0
  #numbers = new Uint16Array(0)
  waiting = new Float64Array(0)
  weight = new Float64Array(0)
  /** As in the forecast, at `stage × count + stream`. */
  rate = new Float64Array(0)
  opposing = new Int16Array(0)
  stops = new Uint8Array(0)
  /** Vehicles that have come by the end of second `t`, at `t × count + stream`, … */
  come = new Float64Array(0)
  /** … and how long they have stood by then if nobody has left: vehicle-seconds. */
  stood = new Float64Array(0)

  layOut(forecast: StreetForecast, stages: number): void {
    this.#grow(forecast.streams, stages)
    this.count = 0
    for (let s = 0; s < forecast.streams; s++) if (hasAnybody(forecast, s)) this.#numbers[this.count++] = s
    for (let n = 0; n < this.count; n++) this.#copy(forecast, n, stages)
  }

  /** Which stream of the forecast it is. */
  numberOf(stream: number): number {
    return this.#numbers[stream] ?? 0
  }

  isServed(stage: number, stream: number): boolean {
    return (this.rate[stage * this.count + stream] ?? 0) > 0
  }

  comeBetween(stream: number, fromS: number, untilS: number): number {
    return (this.come[untilS * this.count + stream] ?? 0) - (this.come[fromS * this.count + stream] ?? 0)
  }

  #grow(streams: number, stages: number): void {
    if (this.#numbers.length < streams) {
      this.#numbers = new Uint16Array(streams)
      this.waiting = new Float64Array(streams)
      this.weight = new Float64Array(streams)
      this.come = new Float64Array(streams * (HORIZON_S + SOON_S + 1))
      this.stood = new Float64Array(streams * (HORIZON_S + SOON_S + 1))
    }
    if (this.rate.length < streams * stages) {
      this.rate = new Float64Array(streams * stages)
      this.opposing = new Int16Array(streams * stages)
      this.stops = new Uint8Array(streams * stages)
    }
  }

  #copy(forecast: StreetForecast, n: number, stages: number) {
    const { streams, waiting, weight, rate, opposing, stops, come, secondsMost } = forecast
    const { count } = this
    const s = this.#numbers[n] ?? 0
    this.waiting[n] = waiting[s] ?? 0
    this.weight[n] = weight[s] ?? 1
    for (let k = 0; k < stages; k++) {
      this.rate[k * count + n] = rate[k * streams + s] ?? 0
      this.stops[k * count + n] = stops[k * streams + s] ?? 0
      this.opposing[k * count + n] = this.#numbers.subarray(0, count).indexOf(opposing[k * streams + s] ?? -1)
    }
    let before = 0
    let stood = 0
    for (let t = 0; t <= HORIZON_S + SOON_S; t++) {
      const now = come[s * (secondsMost + 1) + Math.min(t, secondsMost)] ?? 0
      stood += (before + now) / 2
      this.come[t * count + n] = now
      this.stood[t * count + n] = stood
      before = now
    }
  }
}

/** Whom nobody waits in and nobody comes to costs nothing, whatever is green. */
const hasAnybody = ({ waiting, come, secondsMost }: StreetForecast, s: number): boolean =>
  (waiting[s] ?? 0) > 0 || (come[s * (secondsMost + 1) + secondsMost] ?? 0) > 0
