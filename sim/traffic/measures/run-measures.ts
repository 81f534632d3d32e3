/** The measures of a run: taken beside the traffic, step by step, in memory that does not grow with the day. */
import { NONE } from '../flow/vehicles.ts'
import type { Traffic } from '../flow/traffic.ts'
import { waitingOutside } from '../flow/entries.ts'
import { KIND_KEYS } from '../vehicle-kind.ts'
import { delayFigures, known, perEach, walkFigures, type Figures, type RowsByKind } from './figures.ts'
import { addOutside, Journeys, type TalliedRun } from './journeys.ts'
import { Places, type PlaceNumber } from './places.ts'
import { Queues, SAMPLE_MS } from './queues.ts'
import type { QuarterReport, RunReport } from './run-report.ts'
import { KINDS, sumOf, Tally } from './tally.ts'
import { Walks, type Waits } from './walks.ts'

/** Who stands for so long in front of signals is in a gridlock, or behind an incident: no cycle is longer. */
export const STUCK_MS = 5 * 60_000
const QUARTER_MS = 15 * 60_000
const NOBODY: Waits = { walkers: 0, waiting: 0, waitedMs: 0, longestMs: 0 }

export class RunMeasures {
  readonly #traffic: Traffic
  readonly #places: Places
  readonly #journeys: Journeys
  readonly #queues: Queues
  readonly #walks: Walks
  /** By place. */
  readonly #rows: readonly RowsByKind[]
  /** Of the present quarter-hour, and of those before it. */
  readonly #run: TalliedRun
  readonly #before: Pick<TalliedRun, 'movements' | 'trips'>
  readonly #quarters: QuarterReport[] = []
  #queueSums: { sum: number; samples: number }[] = []
  #quarterFromMs: number
  #seenMs = NONE
  #sampledMs = -SAMPLE_MS
  #begun = false
  #stuck = 0

  /** What begins in the first `warmUpMs` of the run is left out. */
  constructor(traffic: Traffic, warmUpMs = 0) {
    const { network } = traffic.flow.tracks
    this.#traffic = traffic
    this.#places = new Places(network)
    this.#journeys = new Journeys(this.#places)
    this.#queues = new Queues(this.#places)
    this.#walks = new Walks(this.#places, network)
    this.#rows = rowsOf(this.#places)
    this.#run = { ...this.#tallies(), fromMs: warmUpMs }
    this.#before = this.#tallies()
    this.#quarterFromMs = warmUpMs
    this.#noteQueueSums()
  }

  /** After each step of the vehicles, or more often. */
  observe(): void {
    const { flow, entries, crosswalks, nowMs } = this.#traffic
    if (!this.#begun && flow.nowMs >= this.#run.fromMs) {
      this.#begun = true
      this.#walks.begin(crosswalks)
    }
    this.#walks.step(crosswalks, nowMs)
    if (flow.nowMs === this.#seenMs) return
    this.#seenMs = flow.nowMs
    if (this.#begun && flow.nowMs >= this.#quarterFromMs + QUARTER_MS) this.#closeQuarter(flow.nowMs)
    this.#journeys.step(flow, this.#run)
    this.#countStuck()
    if (!this.#begun) return
    this.#queues.countBlockedStarts(flow)
    if (flow.nowMs - this.#sampledMs < SAMPLE_MS) return
    this.#sampledMs = flow.nowMs
    this.#queues.sample(flow, entries, this.#journeys)
  }

  /** Until now; the run may go on. */
  report(): RunReport {
    const { flow, entries, gone } = this.#traffic
    const untilMs = this.#seenMs === NONE ? 0 : this.#seenMs + flow.stepMs
    const run = this.#whole(untilMs)
    const waits = this.#walks.read(this.#places, this.#traffic.crosswalks, this.#traffic.nowMs)
    const hours = Math.max(0, untilMs - run.fromMs) / 3_600_000
    return {
      fromMs: run.fromMs,
      untilMs,
      wanted: entries.wanted,
      left: gone,
      inside: flow.cars.present - flow.left.length,
      outside: waitingOutside(entries),
      stuck: this.#stuck,
      stuckAtEnd: this.#countStanding((forMs) => forMs >= STUCK_MS),
      places: this.#places.list.map((place, number) => ({
        ...place,
        figures: {
          ...this.#sums(number, run, hours, waits[number] ?? NOBODY),
          ...this.#queueFigures(number),
          ...walkFigures(waits[number] ?? NOBODY),
        },
      })),
      quarters: untilMs > this.#quarterFromMs ? [...this.#quarters, this.#quarter(untilMs)] : this.#quarters,
    }
  }

  #tallies(): Pick<TalliedRun, 'movements' | 'trips'> {
    return { movements: new Tally(this.#places.movements * KINDS), trips: new Tally(KINDS) }
  }

  /** All that was tallied until now, and what those have who are not at the end of their way. */
  #whole(untilMs: number): TalliedRun {
    const { movements, trips } = this.#before
    const run = { movements: movements.copy(), trips: trips.copy(), fromMs: this.#run.fromMs }
    run.movements.add(this.#run.movements)
    run.trips.add(this.#run.trips)
    const { flow, entries } = this.#traffic
    this.#journeys.addUnfinished(flow, run)
    for (const { route, kind, departMs } of [...entries.queues.values()].flat())
      addOutside(run, this.#places.movementAhead(route, 0), { kind: KIND_KEYS.indexOf(kind), departMs, nowMs: untilMs })
    return run
  }

  #sums(place: PlaceNumber, { movements, trips }: TalliedRun, hours: number, waits: Waits): Figures {
    const rows = this.#rows[place]!
    const stretches = rows.flat()
    const drove = sumOf(movements.vehicles, stretches) - sumOf(movements.neverIn, stretches)
    const control = known({
      controlDelayS: perEach(sumOf(movements.heldS, stretches), drove),
      throughputPerH: perEach(sumOf(movements.crossed, stretches), hours),
    })
    if (place !== this.#places.city) return { ...delayFigures(movements, rows, waits), ...control }
    const kinds = KIND_KEYS.map((_, kind) => [kind])
    const ended = sumOf(trips.vehicles, kinds.flat()) - sumOf(trips.unfinished, kinds.flat())
    return { ...delayFigures(trips, kinds, waits), ...control, ...known({ throughputPerH: perEach(ended, hours) }) }
  }

  #queueFigures(place: PlaceNumber): Figures {
    const { vehicles, lengthM, outside, fullSamples, blockedStarts } = this.#queues
    const [counts, metres, waiting] = [vehicles[place]!, lengthM[place]!, outside[place]!]
    if (counts.samples === 0) return {}
    const whole = {
      queueMean: counts.mean,
      queueP95: counts.percentile(0.95),
      queueMax: counts.most,
      queueMeanM: metres.mean,
      queueP95M: metres.percentile(0.95),
      queueMaxM: metres.most,
      blockedStarts: blockedStarts[place]!,
    }
    if (place < this.#places.movements) return whole
    // Who waits outside has not chosen a lane.
    const upstream = { outsideMean: waiting.mean, outsideMax: waiting.most }
    return { ...whole, ...upstream, spillbackShare: fullSamples[place]! / counts.samples }
  }

  #closeQuarter(untilMs: number): void {
    this.#quarters.push(this.#quarter(untilMs))
    this.#before.movements.add(this.#run.movements)
    this.#before.trips.add(this.#run.trips)
    this.#run.movements.clear()
    this.#run.trips.clear()
    this.#noteQueueSums()
    this.#quarterFromMs = untilMs
  }

  #quarter(untilMs: number): QuarterReport {
    const fromMs = this.#quarterFromMs
    const places = this.#places.list.flatMap((place, number) => {
      if (place.level !== 'intersection' && place.level !== 'city') return []
      const before = this.#queueSums[number]!
      const { sum, samples } = this.#queues.vehicles[number]!
      const queue = known({ queueMean: perEach(sum - before.sum, samples - before.samples) })
      const sums = this.#sums(number, this.#run, (untilMs - fromMs) / 3_600_000, NOBODY)
      const { vehicles, throughputPerH, controlDelayS, totalDelayS, stops, fuelL } = sums
      const figures = known({ vehicles, throughputPerH, controlDelayS, totalDelayS, stops, fuelL, ...queue })
      return [{ ...place, figures }]
    })
    return { fromMs, untilMs, places }
  }

  #noteQueueSums(): void {
    this.#queueSums = this.#queues.vehicles.map(({ sum, samples }) => ({ sum, samples }))
  }

  /** Each stand once, in the step in which it becomes too long. */
  #countStuck(): void {
    const { stepMs } = this.#traffic.flow
    this.#stuck += this.#countStanding((forMs) => forMs >= STUCK_MS && forMs - stepMs < STUCK_MS)
  }

  #countStanding(counts: (forMs: number) => boolean): number {
    const { cars, nowMs, stepMs } = this.#traffic.flow
    let standing = 0
    for (let slot = 0; slot < cars.top; slot++) {
      if (cars.track[slot] === NONE || cars.standsSinceMs[slot] === NONE || cars.stoodAtStopMs[slot]! > 0) continue
      if (counts(nowMs + stepMs - cars.standsSinceMs[slot]!)) standing++
    }
    return standing
  }
}

/** By place, then kind: the rows of the movements under it. */
function rowsOf({ list, movements, parent }: Places): RowsByKind[] {
  const rows = list.map(() => KIND_KEYS.map((): number[] => []))
  for (let movement = 0; movement < movements; movement++)
    for (let place = movement; place !== NONE; place = parent[place]!)
      rows[place]?.forEach((own, kind) => own.push(movement * KINDS + kind))
  return rows
}
