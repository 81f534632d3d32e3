/** From the controller's outputs to the street: load switches, flash transfer relays and lamps, and the monitor that sees them. */
import type { PhaseId } from '#base/id.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'
import { createMonitor, watchAlike, type ConflictMonitor } from './conflict-monitor/monitor.ts'
import { SAMPLE_MS, type ChannelLamps, type Sample } from './conflict-monitor/sample.ts'
import type { MonitorTrip } from './conflict-monitor/trip.ts'
import { flashLamps, programFlash, type FlashProgram } from './flasher.ts'
import { LampFaults } from './lamp-faults.ts'

/** A controller whose program runs turns its watchdog output over this often (NEMA TS 2: ten times a second). */
const WATCHDOG_MS = 100

type LampOutputs = Pick<SignalStatus, 'channelReds' | 'channelYellows' | 'channelGreens' | 'flash'>

export class LampCircuit {
  readonly faults = new LampFaults()
  /** The transfer relays are held by a switch, or by a controller that says that it has failed (NEMA TS 2 4.3.3). */
  transferred = false
  readonly #intersection: Intersection
  readonly #flash: FlashProgram
  readonly #sample: { -readonly [field in keyof Sample]: Sample[field] } = {
    reds: 0,
    yellows: 0,
    greens: 0,
    watchdog: false,
  }
  #monitor: ConflictMonitor
  #trip: MonitorTrip | null
  /** Time that the monitor has not yet looked at: less than a sample. */
  #unseenMs = 0
  #controllerRanMs = 0
  #flashedMs = 0
  /** The flasher has the lamps by right: no latched trip. */
  #flashes = false

  /** `yellowPhases` flash yellow. `latched`: the trip that nobody has reset since the last power cut. */
  constructor(intersection: Intersection, yellowPhases: readonly PhaseId[], latched: MonitorTrip | null) {
    this.#intersection = intersection
    this.#flash = programFlash(intersection, yellowPhases)
    this.#monitor = createMonitor(intersection)
    this.#trip = latched
  }

  /** What the monitor has latched; until it is reset the flasher has the lamps. */
  get trip(): MonitorTrip | null {
    return this.#trip
  }

  /** The flasher has the lamps, by right or because the monitor has tripped. */
  get flashes(): boolean {
    return this.#trip !== null || this.#flashes
  }

  /** `elapsedMs` with these outputs of a controller, and whether its program ran; in them the monitor may trip. */
  watch(outputs: LampOutputs, elapsedMs: number, controllerRuns: boolean): void {
    this.#flashedMs += elapsedMs
    if (this.#trip !== null) return
    this.#giveToFlasher(this.transferred || outputs.flash !== 'none')
    const { reds, yellows, greens } = this.#flashes ? wantedBy(outputs) : this.#lit(outputs)
    const sample = this.#sample
    sample.reds = reds
    sample.yellows = yellows
    sample.greens = greens
    this.#unseenMs += elapsedMs
    const samples = Math.floor(this.#unseenMs / SAMPLE_MS)
    this.#unseenMs -= samples * SAMPLE_MS
    for (let left = samples; left > 0;) left -= this.#watchAlike(left, controllerRuns)
    this.#trip = this.#monitor.trip
  }

  /** As many of the samples as are alike: between two turns of the watchdog all are. */
  #watchAlike(samples: number, controllerRuns: boolean): number {
    const ranMs = this.#controllerRanMs + (controllerRuns ? SAMPLE_MS : 0)
    const untilTurn = (WATCHDOG_MS - (ranMs % WATCHDOG_MS)) / SAMPLE_MS
    const alike = controllerRuns ? Math.min(samples, untilTurn) : samples
    this.#sample.watchdog = Math.floor(ranMs / WATCHDOG_MS) % 2 === 1
    watchAlike(this.#monitor, this.#sample, alike)
    if (controllerRuns) this.#controllerRanMs += alike * SAMPLE_MS
    return alike
  }

  /** The status with the lamps as the street sees them. */
  show(status: SignalStatus): SignalStatus {
    const { flashes } = this
    if (!flashes && this.faults.none) return status
    const { reds, yellows, greens } = flashes ? this.#flashing() : this.#lit(status)
    return { ...status, channelReds: reds, channelYellows: yellows, channelGreens: greens }
  }

  /** The person at the cabinet. */
  reset(): void {
    this.#trip = null
    this.powerUp()
  }

  /** The monitor begins anew; what it has latched stays. */
  powerUp(): void {
    this.#monitor = createMonitor(this.#intersection)
    this.#unseenMs = 0
    this.#controllerRanMs = 0
    this.#flashedMs = 0
    this.#flashes = false
  }

  /**
   * While the flasher has the lamps the monitor does not judge them: it is shown what the controller would light, which is
   * all red, and goes on watching that its program runs. The cut into flash is nothing that it has to judge either.
   */
  #giveToFlasher(flashes: boolean): void {
    if (flashes === this.#flashes) return
    this.powerUp()
    this.#flashes = flashes
  }

  #lit(outputs: LampOutputs): ChannelLamps {
    return this.faults.show(wantedBy(outputs))
  }

  /** A broken lamp is broken while it flashes, too. */
  #flashing(): ChannelLamps {
    return this.faults.show(flashLamps(this.#flash, this.#flashedMs))
  }
}

const wantedBy = ({ channelReds, channelYellows, channelGreens }: LampOutputs): ChannelLamps => ({
  reds: channelReds,
  yellows: channelYellows,
  greens: channelGreens,
})
