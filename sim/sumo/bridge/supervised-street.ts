/** The street in SUMO and its lights in our cabinets, on one clock: each step of SUMO is followed by the ticks that lie in it. */
import { at } from '#base/at.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { DerivedLight } from '../derive/derive-lights.ts'
import type { Network } from '../network/network.ts'
import type { Setting } from '../traci/commands.ts'
import { VARIABLE } from '../traci/protocol.ts'
import type { Report } from '../traci/replies.ts'
import type { SumoFault } from '../traci/sumo-fault.ts'
import type { TraciClient } from '../traci/traci-client.ts'
import { startCabinets, TICK_MS, WARM_UP_MS, type Cabinets } from './cabinets.ts'
import { LampLetters } from './lamps.ts'
import { LightRecord } from './light-record.ts'
import { LoopPictures } from './loop-pictures.ts'
import { placeKey, type LaidLoop } from './loops-in-street.ts'
import { CLOCK_AT_BEGIN_S } from './own-programs.ts'
import { shownFigures, type Ending, type LightReport, type SumoReport } from './report.ts'
import { RunEnd } from './run-end.ts'
import type { ScenarioRun } from './run-scenario.ts'
import { StreetOfLight } from './street-of-light.ts'

export interface SupervisedStart {
  readonly traci: TraciClient
  readonly network: Network
  readonly lights: readonly DerivedLight[]
  readonly loops: readonly LaidLoop[]
  readonly run: Pick<ScenarioRun, 'strategy' | 'neighbours' | 'profiles' | 'signal' | 'onProgress'>
}

export type Lived = Pick<
  SumoReport,
  'begin_s' | 'end_s' | 'stepLength_s' | 'ending' | 'lights' | 'wall_s' | 'stepsPerSecond' | 'timesRealTime'
>

/** Any midnight: what day it is means nothing to a network. */
const MIDNIGHT_EPOCH_MS = Date.UTC(2026, 0, 5)

interface RunTimes {
  readonly beginS: number
  readonly endS: number | null
  readonly stepS: number
}

export class SupervisedStreet {
  readonly #start: SupervisedStart
  readonly #streets: readonly StreetOfLight[]
  readonly #letters: readonly LampLetters[]
  readonly #records: readonly LightRecord[]
  readonly #cabinets: Cabinets
  readonly #pictures = new LoopPictures()
  /** What SUMO was told last, by light. */
  readonly #told: string[]
  #ticks = 0

  constructor(start: SupervisedStart) {
    const { lights, loops, network, run } = start
    const loopIds = new Map(loops.map((loop) => [placeKey(loop), loop.id]))
    this.#start = start
    this.#streets = lights.map((light) => new StreetOfLight(light, network, loopIds))
    this.#letters = lights.map((light) => new LampLetters(light))
    this.#records = lights.map(() => new LightRecord())
    this.#told = lights.map(() => '')
    const epochMs = MIDNIGHT_EPOCH_MS + CLOCK_AT_BEGIN_S * 1_000 - WARM_UP_MS
    const { profiles, strategy, neighbours } = run
    this.#cabinets = startCabinets({ lights, profiles, strategy: strategy.runs, neighbours, epochMs })
  }

  /** From the beginning to the end; the cabinets have run for a while before the first vehicle leaves. */
  async live(): Promise<Outcome<Lived, SumoFault>> {
    const times = await this.#readTimes()
    if (!times.ok) return times
    const subscribed = await this.#subscribe()
    if (!subscribed.ok) return subscribed
    for (let ms = 0; ms < WARM_UP_MS; ms += TICK_MS) this.#tick(times.value.beginS)
    const startedMs = performance.now()
    const lived = await this.#steps(times.value)
    if (!lived.ok) return lived
    const { steps, nowS, ending } = lived.value
    const wallS = (performance.now() - startedMs) / 1_000
    return ok({
      begin_s: times.value.beginS,
      end_s: nowS,
      stepLength_s: times.value.stepS,
      ending,
      lights: this.#lightReports(),
      wall_s: Math.round(wallS * 10) / 10,
      stepsPerSecond: Math.round(steps / wallS),
      timesRealTime: Math.round(((nowS - times.value.beginS) / wallS) * 10) / 10,
    })
  }

  async #readTimes(): Promise<Outcome<RunTimes, SumoFault>> {
    const { timeS, endS, stepLengthS } = VARIABLE.simulation
    const numbers: number[] = []
    for (const variable of [timeS, endS, stepLengthS]) {
      const answer = await this.#start.traci.get('simulation', '', variable)
      if (!answer.ok) return answer
      numbers.push(Number(answer.value.value))
    }
    const [begin, end, step] = [at(numbers, 0), at(numbers, 1), at(numbers, 2)]
    return ok({ beginS: begin, endS: end < 0 ? null : end, stepS: step })
  }

  #subscribe(): Promise<Outcome<readonly Report[], SumoFault>> {
    const { timeS, expectedCount, departedCount, arrivedCount } = VARIABLE.simulation
    const loops = new Set(this.#streets.flatMap((street) => street.loops))
    return this.#start.traci.subscribe([
      { domain: 'simulation', id: '', variables: [timeS, expectedCount, departedCount, arrivedCount] },
      ...[...loops].map((id) => ({ domain: 'loop', id, variables: [VARIABLE.loop.vehicleData] }) as const),
      ...this.#streets.flatMap((street) => street.subscriptions),
    ])
  }

  async #steps({ beginS, endS }: RunTimes) {
    const { signal, onProgress } = this.#start.run
    const end = new RunEnd({ beginS, endS })
    let nowS = beginS
    let ending: Ending | null = endS !== null && beginS >= endS ? 'end' : null
    for (let steps = 0; ; steps++) {
      if (signal.aborted) ending ??= 'interrupted'
      if (ending !== null) return ok({ steps, nowS, ending })
      const stepped = await this.#start.traci.step(this.#lampsToTell())
      if (!stepped.ok) return failed(stepped.fault)
      const number = this.#take(stepped.value)
      nowS = number(VARIABLE.simulation.timeS)
      this.#catchUp(beginS, nowS)
      onProgress(nowS)
      const { expectedCount, departedCount, arrivedCount } = VARIABLE.simulation
      const expected = number(expectedCount)
      ending = end.after({ nowS, expected, departed: number(departedCount), arrived: number(arrivedCount) })
    }
  }

  /** Hands the reports of a step to whom they concern; returns what the simulation says of itself. */
  #take(reports: readonly Report[]): (variable: number) => number {
    const around = new Map<string, Report>()
    let own: Report['values'] = new Map()
    for (const report of reports)
      if (report.domain === 'loop') this.#pictures.report(report.id, report.values.get(VARIABLE.loop.vehicleData))
      else if (report.domain === 'simulation') own = report.values
      else around.set(report.id, report)
    for (const street of this.#streets) street.look(around)
    return (variable) => Number(own.get(variable)?.value)
  }

  /** The ticks that lie in the step that SUMO has made; a step may be longer than a tick, or shorter. */
  #catchUp(beginS: number, nowS: number): void {
    const untilMs = Math.round((nowS - beginS) * 1_000)
    for (; (this.#ticks + 1) * TICK_MS <= untilMs; this.#ticks++) {
      const passedMs = (this.#ticks + 1) * TICK_MS
      this.#tick(beginS + passedMs / 1_000)
      for (const [light, { signal }] of this.#cabinets.cabinets.entries())
        at(this.#records, light).note(signal, passedMs)
    }
  }

  #tick(atS: number): void {
    this.#cabinets.tick((light) => at(this.#streets, light).at(this.#pictures, atS))
  }

  /** Lamps that have changed since SUMO was told. */
  #lampsToTell(): Setting[] {
    return this.#start.lights.flatMap(({ id }, light) => {
      const cabinet = at(this.#cabinets.cabinets, light)
      const flashes = cabinet.monitorTrip !== null || cabinet.signal.flash !== 'none'
      const state = at(this.#letters, light).read(cabinet.signal, flashes)
      if (state === this.#told[light]) return []
      this.#told[light] = state
      return [{ domain: 'light', id, variable: VARIABLE.light.state, value: { type: 'string', value: state } }]
    })
  }

  #lightReports(): LightReport[] {
    return this.#start.lights.map(({ id, stages, notes }, light) => {
      const { monitorTrip } = at(this.#cabinets.cabinets, light)
      return {
        id,
        stages: stages.length,
        ...shownFigures(at(this.#records, light).shown),
        monitorTrips: [...at(this.#cabinets.stops, light), ...(monitorTrip === null ? [] : [monitorTrip.check])],
        refusedCommands: at(this.#cabinets.refusals, light),
        notes,
      }
    })
  }
}
